import { describe, expect, it } from '@jest/globals';
import type { Role } from '../auth/permissions.ts';
import { memberToChange, assertMayInvite, type Standing } from './members.rules.ts';

const TEAM: readonly Standing[] = [
  { id: 'owner', role: 'owner' },
  { id: 'partner', role: 'owner' },
  { id: 'admin', role: 'admin' },
  { id: 'deputy', role: 'admin' },
  { id: 'agent', role: 'agent' },
  { id: 'viewer', role: 'viewer' },
];
const ALONE = TEAM.filter(({ id }) => id !== 'partner');

const outcome = (work: () => unknown): string => {
  try {
    work();
    return 'yes';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a change of a member', () => {
  it.each<[string, string, Role | null, string]>([
    ['owner', 'agent', 'owner', 'yes'],
    ['owner', 'partner', 'viewer', 'yes'],
    ['owner', 'partner', null, 'yes'],
    ['owner', 'owner', 'admin', 'yes'],
    ['owner', 'owner', null, 'yes'],
    ['admin', 'agent', 'admin', 'yes'],
    ['admin', 'deputy', 'viewer', 'yes'],
    ['admin', 'viewer', null, 'yes'],
    ['admin', 'admin', 'agent', 'yes'],
    ['admin', 'admin', 'owner', 'not_permitted'],
    ['admin', 'agent', 'owner', 'not_permitted'],
    ['admin', 'owner', 'admin', 'not_permitted'],
    ['admin', 'owner', null, 'not_permitted'],
    ['admin', 'nobody', 'agent', 'member_not_found'],
    ['agent', 'viewer', null, 'not_permitted'],
    ['agent', 'agent', 'viewer', 'not_permitted'],
    ['agent', 'agent', null, 'yes'],
    ['viewer', 'viewer', null, 'yes'],
    ['nobody', 'viewer', null, 'organization_not_found'],
  ])('by %s, of %s to %s: %s', (acting, target, role, expected) => {
    expect(outcome(() => memberToChange(TEAM, { acting, target, role }))).toBe(expected);
  });

  it('leaves the last owner in his place, whoever wants it otherwise, himself included', () => {
    for (const role of ['admin', 'viewer', null] as const)
      expect(outcome(() => memberToChange(ALONE, { acting: 'owner', target: 'owner', role }))).toBe('last_owner');
    expect(outcome(() => memberToChange(ALONE, { acting: 'owner', target: 'owner', role: 'owner' }))).toBe('yes');
  });
});

it.each<[string, Role, string]>([
  ['owner', 'owner', 'yes'],
  ['admin', 'admin', 'yes'],
  ['admin', 'owner', 'not_permitted'],
  ['agent', 'viewer', 'not_permitted'],
  ['nobody', 'viewer', 'organization_not_found'],
])('an invitation by %s as %s: %s', (acting, role, expected) => {
  expect(outcome(() => assertMayInvite(TEAM, acting, role))).toBe(expected);
});
