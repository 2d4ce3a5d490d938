import type { Article } from '../article.ts';

export default {
  title: 'Inbox and messages',
  lead: 'Reading, answering, and what the ticks say.',
  sections: [
    {
      id: 'answer',
      title: 'Read and answer',
      body: [
        'The [inbox](/inbox) shows the conversations of all numbers, the latest first. Search by name or number. Enter sends, Shift and Enter begins a new line. Files can be chosen, dropped on the chat or pasted.',
        'Every answer leaves from the number that the person wrote to. It stands at the top of the chat with its state.',
      ],
    },
    {
      id: 'ticks',
      title: 'What the ticks mean',
      body: [
        'A clock: accepted, and waiting to leave. One tick: WhatsApp has it. Two ticks: it is on the person’s phone. Two blue ticks: it was read. A red sign: it did not go, and the message says why.',
        'The ticks come from WhatsApp and never go back. What Wasel has accepted reaches the person once, even when a connection or a server fails on the way.',
      ],
    },
    {
      id: 'waiting',
      title: 'Messages that wait',
      body: [
        'While a number is not connected or has quiet hours, messages wait in order and say what for. Nothing needs to be sent again. The clock beside the box sends later, at a day and time; what waits can be cancelled or changed where it stands.',
      ],
    },
    {
      id: 'kinds',
      title: 'What can be sent and received',
      body: [
        'Text, images and documents can be sent. Voice messages, videos and stickers that arrive can be played and seen. A kind that Wasel does not show yet is kept and says so.',
      ],
    },
  ],
} as const satisfies Article;
