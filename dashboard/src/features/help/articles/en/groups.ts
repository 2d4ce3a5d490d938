import type { Article } from '../article.ts';

export default {
  title: 'Groups',
  lead: 'Every group of your numbers: who is in it, how it grows, what happens there.',
  sections: [
    {
      id: 'see',
      title: 'Groups appear by themselves',
      body: [
        '[Groups](/groups) lists every WhatsApp group that your linked numbers are in. There is nothing to load: WhatsApp tells a number of its groups when it is linked, and of each change from then on. A group of several of your numbers is there once; beside it stands what each of them is in it, **Admin** or **Member**. Its picture is asked for when you first look at it, and appears a moment later; until then its initials stand there.',
        'Search by a part of the name; show one number, one kind, or only the groups where you are an admin. A group is missing when no linked number is in it, or when its number has not been connected since it was added: look at it under [Numbers](/numbers). When all your numbers have left a group, it stays in the list, with what was known of it.',
      ],
    },
    {
      id: 'people',
      title: 'Who is in a group',
      body: [
        '**Members** lists everybody, admins first: by the name of the contact where there is one, and by the number where WhatsApp shows it. Some people hide their number in groups; they can still be tagged. **Since** says when somebody came; a dash means that it was before Wasel knew the group.',
        '**Export CSV** saves all of them with number, name, role and date. That somebody exported them is an entry of the [activity](/activity).',
      ],
    },
    {
      id: 'tag',
      title: 'Make contacts of them',
      body: [
        'People in a group are no [contacts](/contacts) until you make them so:',
        [
          'Choose some in the table, or nobody for all of them. Shift chooses everybody between two.',
          'Choose **Tag as contacts** and give a tag that you have, or a new one.',
        ],
        'Whoever is a contact already keeps name, tags and lists. Who has opted out stays so. Your own numbers are left out. Doing it again changes nothing.',
      ],
    },
    {
      id: 'change',
      title: 'Make and change groups',
      body: [
        '**New group** over the list makes one with a name, people, a description and settings; **Join by link** first shows where a link leads. Each change is made by one of your numbers: choose which, where several can. What a number may not do in a group is greyed, with the reason beside it; most often an admin of the group has to make your number an admin.',
        'Under **Members** choose people, then **Make admin**, **Remove as admin** or **Remove**. You are told what became of each. **Settings** has name, description, picture, who may write and add, disappearing messages, the invite link with its QR code, and the way out of the group. **Requests** lists who waits to be let in, and follows when somebody asks.',
        'WhatsApp sometimes takes long. Then the page says that it goes on; you can leave it. When it says that nobody knows whether something was done, look at the list of groups before you do it again.',
      ],
    },
    {
      id: 'add',
      title: 'Add people',
      body: [
        '**Add people** takes numbers that you paste, with country code, or people from your contacts. Whoever lets nobody add them is sent an invitation by message, unless you switch that off; they are in the group once they accept.',
        'More than ten are added in steps: five people, then three minutes of rest, as a person would do it, for WhatsApp restricts numbers that do much at once. The progress is under **Members**, also tomorrow. It goes on by itself when the number comes back, pauses by itself when WhatsApp refuses it, and can be paused, resumed and cancelled.',
      ],
    },
    {
      id: 'growth',
      title: 'Growth and activity',
      body: [
        '**Growth** shows how many people were in the group, and how many came and went each day, of the last 7 days to a year. Before Wasel knew the group there are no figures.',
        '**Most active**, below it, tells who wrote the most in these days, your own numbers too. A message counts once, also when several of your numbers are in the group; reactions, votes, edits and deletions do not count.',
        '**Activity** tells who came, went, or became an admin, and who did it. It is complete also when your number was away: WhatsApp tells it afterwards.',
      ],
    },
    {
      id: 'noticed',
      title: 'Seen afterwards',
      body: [
        'Some things nobody tells: what happened while none of your numbers was in the group, or what WhatsApp no longer had when a number came back. Wasel then sees who is in the group and who is not, and says **Seen afterwards**. The time is when it was seen, and nobody knows who did it.',
      ],
    },
  ],
} as const satisfies Article;
