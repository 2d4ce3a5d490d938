import type { GroupFacts, GroupRole } from '../sessions/session-groups.ts';

/** What a number can do to a group that it is in. */
export const GROUP_VERBS = [
  'write',
  'subject',
  'description',
  'picture',
  'ephemeral',
  'settings',
  'add',
  'remove',
  'promote',
  'demote',
  'invite_link',
  'requests',
  'leave',
] as const;
export type GroupVerb = (typeof GROUP_VERBS)[number];

/** Why it may not; the code of the problem that says so. */
export const GROUP_REFUSALS = ['not_in_group', 'group_admin_required', 'group_is_community'] as const;
export type GroupRefusal = (typeof GROUP_REFUSALS)[number];

/** What decides who may do what in a group. */
export type Ruled = Pick<GroupFacts, 'kind' | 'locked' | 'announcement' | 'memberAddMode'>;

/** What the groups that hold a community together leave to the community. */
const NOT_THERE: Readonly<Record<GroupFacts['kind'], readonly GroupVerb[]>> = {
  group: [],
  community: ['write', 'ephemeral', 'settings', 'add'],
  announcements: ['settings', 'add', 'leave'],
};

/** What only admins do, whatever the group's settings. */
const OF_ADMINS = new Set<GroupVerb>(['settings', 'remove', 'promote', 'demote', 'invite_link', 'requests']);
/** What a locked group leaves to its admins. */
const LOCKED = new Set<GroupVerb>(['subject', 'description', 'picture', 'ephemeral']);

/**
 * Why a number may not do this, as far as is known here; null: it may.
 * @param role what it is in the group; null: it is not in it
 */
export function refusalOf(verb: GroupVerb, group: Ruled, role: GroupRole | null): GroupRefusal | null {
  if (role === null) return 'not_in_group';
  if (NOT_THERE[group.kind].includes(verb)) return 'group_is_community';
  const needsAdmin =
    OF_ADMINS.has(verb) ||
    (verb === 'write' && group.announcement) ||
    (LOCKED.has(verb) && group.locked) ||
    (verb === 'add' && group.memberAddMode === 'admins');
  return needsAdmin && role === 'member' ? 'group_admin_required' : null;
}

/** Everything that a number may not do, and why. */
export function refusalsOf(group: Ruled, role: GroupRole | null): Partial<Record<GroupVerb, GroupRefusal>> {
  const refused = GROUP_VERBS.flatMap((verb) => {
    const why = refusalOf(verb, group, role);
    return why ? [[verb, why] as const] : [];
  });
  return Object.fromEntries(refused);
}
