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
