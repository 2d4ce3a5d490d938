import type { GroupFacts } from '../modules/sessions/session-groups.ts';

/** What a group is of which nobody has changed anything. */
export const groupFacts = (over: Partial<GroupFacts> = {}): GroupFacts => ({
  kind: 'group',
  communityJid: null,
  subject: 'Neighbours',
  description: null,
  announcement: false,
  locked: false,
  memberAddMode: 'admins',
  joinApproval: false,
  addressing: 'lid',
  ephemeralSeconds: null,
  foundedAt: null,
  ...over,
});
