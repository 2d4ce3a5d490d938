import { describe, expect, it } from '@jest/globals';
import type { GroupRole } from '../sessions/session-groups.ts';
import { type GroupVerb, GROUP_VERBS, refusalOf, refusalsOf, type Ruled } from './groups.rules.ts';

const OPEN: Ruled = { kind: 'group', locked: false, announcement: false, memberAddMode: 'everyone' };
const CLOSED: Ruled = { kind: 'group', locked: true, announcement: true, memberAddMode: 'admins' };
const LOOKS: readonly GroupVerb[] = ['subject', 'description', 'picture', 'ephemeral'];
const ADMINS: readonly GroupVerb[] = ['settings', 'remove', 'promote', 'demote', 'invite_link', 'requests'];

type Case = [what: string, group: Ruled, role: GroupRole | null, refused: Partial<Record<GroupVerb, string>>];
const all = (verbs: readonly GroupVerb[], why: string) => Object.fromEntries(verbs.map((verb) => [verb, why]));

describe('what a number may not do', () => {
  it.each<Case>([
    ['nothing, as an admin of a group', CLOSED, 'admin', {}],
    ['nothing, as who made it', CLOSED, 'superadmin', {}],
    ['what is for admins, as a member', OPEN, 'member', all(ADMINS, 'group_admin_required')],
    [
      'what it is called, who comes in and who writes, too, where that is for admins',
      CLOSED,
      'member',
      all([...ADMINS, ...LOOKS, 'write', 'add'], 'group_admin_required'),
    ],
    ['anything, where it is not in it', OPEN, null, all(GROUP_VERBS, 'not_in_group')],
    [
      'what a community has no use for',
      { ...OPEN, kind: 'community' },
      'admin',
      all(['write', 'ephemeral', 'settings', 'add'], 'group_is_community'),
    ],
    [
      'what the announcements leave to their community',
      { ...OPEN, kind: 'announcements' },
      'superadmin',
      all(['settings', 'add', 'leave'], 'group_is_community'),
    ],
  ])('%s', (_, group, role, refused) => {
    expect(refusalsOf(group, role)).toEqual(refused);
    for (const verb of GROUP_VERBS) expect(refusalOf(verb, group, role)).toBe(refused[verb] ?? null);
  });
});
