import type { Article } from '../article.ts';

export default {
  title: 'Bulk messages',
  lead: 'Writing to a list of people from a CSV file, and following it.',
  sections: [
    {
      id: 'file',
      title: 'The file',
      body: [
        'A CSV file with one person in a row, at most 10,000 rows and 20 MB. The first line names the columns; one column has the phone number, others have the text or what a template’s variables stand for. Save it from your spreadsheet as CSV with UTF-8.',
      ],
    },
    {
      id: 'send',
      title: 'Send to the people in it',
      body: [
        [
          'Drop the file on [Bulk messages](/bulk), or choose it.',
          'Say which column has the number, and of which country numbers without a country code are.',
          'Choose a template and a column for each variable, or a column with the whole text.',
          '**Check the rows** says how many people will be written to, and which rows are bad or stand there twice. They are left out; **Save the rows that are left out** gives them to you to correct.',
          'Look at the first message, choose the number and, if you like, a time, and send.',
        ],
        'Nothing leaves before you confirm the last step, and a file is sent once. It is kept for seven days. Who [opted out](/help/contacts#opt-out) is left out.',
      ],
    },
    {
      id: 'follow',
      title: 'Pause, cancel, send again',
      body: [
        'A job shows live how many messages wait, were sent, delivered, read and failed. **Pause** holds back what has not left, **Resume** goes on, **Cancel what is left** ends it for good. **Send failed ones again** tries those once more, and **Save the report** writes each person and what became of the message to a file.',
        'Messages leave one after the other, at the pace of the number. WhatsApp restricts numbers that write to many strangers: see [new chats](/help/numbers#new-chats).',
      ],
    },
  ],
} as const satisfies Article;
