import type { Article } from '../article.ts';

export default {
  title: 'Organization, members and keys',
  lead: 'Who works here, what they may do, and what they did.',
  sections: [
    {
      id: 'roles',
      title: 'Roles',
      body: [
        '**Owner**: everything, and decides who the owners are. **Admin**: links numbers, answers, manages members and keys, sees the activity. **Agent**: reads and answers. **Viewer**: reads. There is always an owner: the last one cannot leave before another is made.',
      ],
    },
    {
      id: 'invite',
      title: 'Invite and remove people',
      body: [
        'Under [Members](/settings/members) choose **Invite**, and give the address and the role. The link works once, for that address, for seven days. It is mailed, if this installation sends mails, and shown once to be copied.',
        'Whoever is removed loses access at once. What they wrote stays.',
      ],
    },
    {
      id: 'api-keys',
      title: 'API keys',
      body: [
        'Programs come in with a key, made under [API keys](/settings/api-keys). A key may do only what you choose for it, can have an end, and is shown once: Wasel keeps no copy. Revoke a key that somebody else may know; programs that use it are refused at once.',
        'Everything that you see is a documented API: the [API reference](/api/docs) shows each call with its answers and errors. A request repeated under the same idempotency key is sent once.',
      ],
    },
    {
      id: 'activity',
      title: 'Activity, and its export',
      body: [
        'The [activity](/activity) says who changed what, when and from where. Nobody can change or delete an entry. Filter by person, thing and day; **Export CSV** saves what is found. Owners and admins see it.',
      ],
    },
    {
      id: 'export',
      title: 'Take everything along',
      body: [
        'An owner downloads everything at the end of the [settings](/settings): conversations, messages, files, contacts, members and the activity, as one ZIP file. Do it before you delete an organization.',
      ],
    },
    {
      id: 'delete-organization',
      title: 'Delete an organization',
      body: [
        'An owner deletes it at the end of the [settings](/settings) by typing its name. Its numbers are unlinked, what waits does not leave, and conversations, contacts, files, keys and members are deleted for good. It cannot be undone. Other organizations stay as they are.',
      ],
    },
  ],
} as const satisfies Article;
