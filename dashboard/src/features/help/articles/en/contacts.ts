import type { Article } from '../article.ts';

export default {
  title: 'Contacts',
  lead: 'Who the people are, sorted, merged and left alone.',
  sections: [
    {
      id: 'find',
      title: 'Find and add people',
      body: [
        'Whoever writes to one of your numbers is among the [contacts](/contacts). Search by name or number, or show one tag, one list, or who opted out. **Add a contact** takes a number with its country code; **Edit** changes the name, the language and the tags.',
        '**Known by** says under which numbers a person is known and how Wasel learnt them. WhatsApp may hide a number behind a privacy address; the person can then be answered once the number is known.',
      ],
    },
    {
      id: 'merge',
      title: 'Merge two, and undo it',
      body: [
        'Two contacts that are the same person become one, with one conversation on each number:',
        ['Open one of them and choose **Merge with another**.', 'Search for the other and choose it.'],
        'When WhatsApp itself says that two are the same, Wasel merges them. **Merged contacts** on the page of the person lists each merge; **Undo** parts them again, at any time, with all that was said since.',
      ],
    },
    {
      id: 'tags-lists',
      title: 'Tags and lists',
      body: [
        '**Tags and lists** above the contacts shows all of them with how many people each has; there lists are made, and both are renamed and deleted. The contacts stay. A tag is made by giving it to a contact under **Edit**, with commas between several.',
      ],
    },
    {
      id: 'opt-out',
      title: 'People who want no more',
      body: [
        'On the page of a person, **Mark as opted out** under **Broadcasts** leaves him out of everything that is sent by itself or to many; **Take the opt-out back** ends that. Who writes STOP is marked by Wasel, as [Automations](/help/automations#opt-out) says. You can still write to him by hand.',
      ],
    },
  ],
} as const satisfies Article;
