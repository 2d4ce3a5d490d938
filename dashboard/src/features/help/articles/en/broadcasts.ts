import type { Article } from '../article.ts';

export default {
  title: 'Broadcasts',
  lead: 'One message to many people, each in a private chat: who gets it, what it says, and what became of it.',
  sections: [
    {
      id: 'audience',
      title: 'Who is meant',
      body: [
        'Under [Broadcasts](/broadcasts), **New broadcast** asks first who is meant: the people of [groups](/help/groups#people) that your numbers are in, contacts with a tag or in a list, single people, pasted numbers, a CSV file, or all contacts. Choose as many of these as you like. On the page of a group, **Broadcast** begins with its people.',
        'Whoever is named several times gets one message. Of groups you can take the admins alone, only those who are contacts of yours, or only those who are none. Left out, each with the reason, are your own numbers, who [opted out](/help/contacts#opt-out), who left the group, and who is not on WhatsApp.',
        'Several numbers can share a broadcast: who knows one of them hears from that one, the others are spread evenly.',
      ],
    },
    {
      id: 'text',
      title: 'What it says',
      body: [
        'A text, a picture, film or document with a caption, or a [template](/help/templates#write). `{{first_name}}`, `{{name}}`, `{{phone_number}}` and `{{group}}` are filled in for each person, and so is every column of your file. Give a value for who has none, or these people are left out.',
        '`{Hello|Hi}` offers alternatives, of which each person gets one, so that not everybody reads the very same. Select some words and choose **Offer alternatives**. Before a brace or `|` that you mean as it stands, write a backslash.',
      ],
    },
    {
      id: 'preview',
      title: 'Before it leaves',
      body: [
        'The last step says exactly how many people get it, who is left out and why, what the first of them would read, what each number has to do and when it is done. Messages leave at the pace of each number, and a number begins only so many [new chats](/help/numbers#new-chats) in a day: a broadcast to strangers may take days.',
        'When it cannot be launched as it is, the reason stands there with what to do. Give it a name, choose a time if it is to leave later and one at which what has not left is given up, and launch it. An end that a number cannot keep is refused. If the number of people changed meanwhile, nothing leaves: you are shown the new number first. What you have begun stays in this browser until it is launched.',
      ],
    },
    {
      id: 'follow',
      title: 'While it runs, and after',
      body: [
        'The page of a broadcast counts live how many messages wait, were sent, delivered, read and failed, and how many people **replied**: those who wrote to the number within seven days of their message. **Pause** holds back what has not left, **Resume** goes on, **Cancel what is left** ends it for good, also before its time has come. **Send failed ones again** says the same words once more.',
        'Below stands everybody with what became of the message, or why there is none. **Export CSV** saves those who are shown. That somebody did is an entry of the [activity](/activity). Who opts out while it runs is not written to any more.',
      ],
    },
  ],
} as const satisfies Article;
