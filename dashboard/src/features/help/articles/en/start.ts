import type { Article } from '../article.ts';

export default {
  title: 'Getting started',
  lead: 'From an account to the first answered message.',
  sections: [
    {
      id: 'account',
      title: 'Create an account',
      body: [
        'Sign up with your name, your e-mail address and a password of at least ten characters. Some installations ask you to confirm the address first: open the link in the mail, then sign in.',
        'You change name and address in the [settings](/settings). A new address holds once you have opened the link that is sent to it; the old one is told.',
      ],
    },
    {
      id: 'organization',
      title: 'Create your organization',
      body: [
        'Numbers, conversations and colleagues belong to an organization. Nobody outside of it sees them. Its time zone decides when a day begins in the figures of a number.',
        'Whoever belongs to several organizations chooses in the [settings](/settings) which one the pages are about.',
      ],
    },
    {
      id: 'first-message',
      title: 'Link a number and write',
      body: [
        [
          'Open [Numbers](/numbers) and choose **Link a number**.',
          'Scan the QR code with WhatsApp on the phone.',
          'Open the [inbox](/inbox), choose **New chat**, and give the number of somebody you know with its country code.',
          'Write. The ticks below the message show how far it has come.',
        ],
        'The [overview](/overview) shows these steps until they are done. Ctrl K (⌘ K on a Mac), or the magnifying glass on a phone, finds every page, number and conversation.',
      ],
    },
    {
      id: 'sandbox',
      title: 'Try it without a phone',
      body: [
        'Where a yellow line says **Sandbox**, numbers live on virtual phones. Open the phones from that line to scan codes and to write as a customer. Nothing leaves for WhatsApp, and mails are shown in the [mailbox](/mailbox).',
      ],
    },
  ],
} as const satisfies Article;
