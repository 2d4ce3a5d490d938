import type { Article } from '../article.ts';

export default {
  title: 'Inbox and messages',
  lead: 'Reading, answering, and what the ticks say.',
  sections: [
    {
      id: 'answer',
      title: 'Read and answer',
      body: [
        'The [inbox](/inbox) shows the conversations of all numbers, the latest first. Search by name, number or group; show only what is unread, or one number when you have several. What you begin to write stays in its conversation, in this browser, until it is sent. Enter sends, Shift and Enter begins a new line. Files can be chosen, dropped on the chat or pasted.',
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
        'Text, pictures, videos, GIFs, stickers, voice messages, other sound, documents, locations, contact cards and polls are seen, heard and sent. The paper clip attaches them; a file goes as what it is, or as what you choose beside it. Pictures and videos open large; the arrow keys lead to the next. Votes, reactions, edits and deletions show at the message that they are about. A kind that Wasel does not show yet is kept and says so.',
      ],
    },
    {
      id: 'voice',
      title: 'Record a voice message',
      body: [
        'The microphone beside an empty box records a voice message of up to 15 minutes. Speak, then press Enter or the arrow to send it; Esc or the bin discards it. It answers the message that you chose to reply to. If you open another conversation meanwhile it is discarded and goes to nobody.',
        'When the browser may not use the microphone, allow it beside the address of the page. Browsers record on secure pages only, at an address that begins with https.',
      ],
    },
    {
      id: 'groups',
      title: 'Groups',
      body: [
        'A group that one of your numbers is in is a conversation, too. Each message says who wrote it. What you send has one tick when WhatsApp has it, two when it is on everybody’s phone, and two blue ones when all have read it; the details say how many have so far. The paper clip mentions everyone: all are told of the message, even those who have muted the group.',
        'People of a group are no contacts, and no automation answers them there. When only admins may write and your number is none, the message is refused and says so.',
      ],
    },
    {
      id: 'work',
      title: 'Do something with a message',
      body: [
        'Each message has a button beside it: reply, react, forward to another chat, copy, edit, delete for everyone, details. By keyboard, arrows lead from message to message and Tab to its button. WhatsApp takes edits of your texts for 15 minutes and deletions for 60 hours; after that they are not offered. Details say when a message was accepted, sent, delivered and read, what an edited one said before, and why a failed one did not go.',
      ],
    },
  ],
} as const satisfies Article;
