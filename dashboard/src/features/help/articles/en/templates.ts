import type { Article } from '../article.ts';

export default {
  title: 'Templates',
  lead: 'Texts with places for names and dates, written once.',
  sections: [
    {
      id: 'write',
      title: 'Write a template',
      body: [
        '**Write a template** under [Templates](/templates) asks for a name, a category, a language and the text. A variable is a name between two braces, as `{{customer_name}}`, in small letters, digits and _; press one below the text to insert it. The preview shows the text with sample values, as a phone does. **File above the text** adds a picture, a film or a document.',
        'Templates with the mark “Comes with Wasel” stay as they are: **Copy** makes one that you can change.',
      ],
    },
    {
      id: 'use',
      title: 'Send by a template',
      body: [
        '**Send** on a template asks which number it leaves from, to whom, and what stands for each variable. [Automations](/automations) and [bulk messages](/bulk) fill it in by themselves.',
        'Each template says how often it was used and when last. One that is switched off is sent by nobody; what was sent by a template stays when it is deleted.',
      ],
    },
  ],
} as const satisfies Article;
