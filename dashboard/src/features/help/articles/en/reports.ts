import type { Article } from '../article.ts';

export default {
  title: 'Message report',
  lead: 'Finding any message, what became of it, and taking it out as a file.',
  sections: [
    {
      id: 'find',
      title: 'Find messages',
      body: [
        'The [message report](/reports) lists every message of all numbers, the latest first. Filters go together: number, direction, status, kind, which person or API key sent it, what it came from, template and days; **Choose a person** narrows it to what was said with one. What it is narrowed to stands above and is taken away there. The address of the page keeps them, so a search can be passed on.',
        'The words are whole words in any order; **invoice 42** finds what says both. Signs count as they stand: **50%** finds that and not 500. What is seldom there takes a moment longer: **Search further back** goes on where the search stopped.',
      ],
    },
    {
      id: 'steps',
      title: 'What became of a message',
      body: [
        'Open a message to see its steps: accepted, scheduled, sent, delivered, read or played, each with its time. A try that WhatsApp refused stands there too, with the reason and when it is tried again.',
        '**Given up** says why and what to do about it. Most failures need a look at the number or at the phone of the person; after that, open the chat and send it again; **Sent again by hand** then says who did, and when.',
      ],
    },
    {
      id: 'export',
      title: 'Take messages out',
      body: [
        '**CSV** and **JSON** save everything that the filters let through, however much it is. CSV opens in a spreadsheet; a cell that a spreadsheet would run as a formula begins with an apostrophe. The [activity](/activity) keeps who took messages out.',
      ],
    },
  ],
} as const satisfies Article;
