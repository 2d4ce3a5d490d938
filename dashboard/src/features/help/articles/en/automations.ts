import type { Article } from '../article.ts';

export default {
  title: 'Automations',
  lead: 'Telling people something by itself, and stopping when they ask.',
  sections: [
    {
      id: 'make',
      title: 'Make an automation',
      body: [
        'An [automation](/automations) has three parts: when it acts, only if what holds, and what the person is told. Choose an event, add conditions if you like, choose a template, and say for each of its variables which field of the event it takes, or always the same text. “Try it” sends it to your own number.',
        'It can wait: minutes, hours or days after the event, or so many days before the event’s date at an hour of the person’s own day. Where a country has several time zones, your organization’s counts.',
      ],
    },
    {
      id: 'days',
      title: 'Birthdays and other days',
      body: [
        'Give a contact days on its page under [Contacts](/contacts): a birthday, an anniversary or one of your own, with the year where you know it. An automation on “A contact’s day comes” tells people every year, on the day or so many days before it, at an hour of their own day. 29 February is told on the 28th where there is none.',
        'It is planned two days ahead and waits among the [notifications](/notifications). When you change the day, what was planned is not told, and the new date is planned. Two contacts that are merged are told once.',
      ],
    },
    {
      id: 'events',
      title: 'Events of your own application',
      body: [
        'Your application tells Wasel what happened by POST /api/events, with a key that may do this ([API keys](/settings/api-keys)): an id of its own, the name of the event, the person’s number and what is known. The same id is acted on once, however often it is told.',
      ],
    },
    {
      id: 'history',
      title: 'What was told, and why not',
      body: [
        'Below each automation stands what it made of each event, or why it did nothing. [Notifications](/notifications) shows everything that was told or waits; what waits can be cancelled. Switching an automation off also holds back what waits because of it.',
      ],
    },
    {
      id: 'opt-out',
      title: 'People who want no more',
      body: [
        'Who writes STOP, UNSUBSCRIBE, הסר or إلغاء, and nothing else, is told no more by broadcasts and automations; START takes it back. Change the words under “Opt-out words”. What was queued before is not sent either, and says why. You can still answer such a person by hand.',
      ],
    },
  ],
} as const satisfies Article;
