import { NotPermitted, OrganizationNotFound } from '../auth/auth.errors.ts';
import { type Action, may, type Role } from '../auth/permissions.ts';
import { LastOwner, MemberNotFound } from './members.errors.ts';

/** Who is what in one organization. */
export type Standing = Readonly<{ id: string; role: Role }>;

/** What somebody wants of a member: another role, or, with null, that he be one no more. */
type Wanted = Readonly<{ acting: string | null; target: string; role: Role | null }>;

/**
 * The member whom `acting` may change so. Decided by what all are at this moment, not by what they were when the request
 * came in: of two owners who demote each other, the second is an owner no more.
 * @throws OrganizationNotFound | NotPermitted | MemberNotFound | LastOwner
 */
export function memberToChange<M extends Standing>(members: readonly M[], { acting, target, role }: Wanted): M {
  const leaves = acting === target && role === null;
  assertMay(members, acting, leaves ? 'organization:leave' : 'members:manage');
  const member = members.find(({ id }) => id === target);
  if (!member) throw new MemberNotFound(target);
  if (!leaves && (member.role === 'owner') !== (role === 'owner')) assertMay(members, acting, 'owners:manage');
  const owners = members.filter((one) => one.role === 'owner');
  if (member.role === 'owner' && role !== 'owner' && owners.length === 1) throw new LastOwner();
  return member;
}

/** @throws OrganizationNotFound | NotPermitted */
export function assertMayInvite(members: readonly Standing[], acting: string | null, role: Role): void {
  assertMay(members, acting, 'members:manage');
  if (role === 'owner') assertMay(members, acting, 'owners:manage');
}

function assertMay(members: readonly Standing[], acting: string | null, action: Action): void {
  const member = members.find(({ id }) => id === acting);
  if (!member) throw new OrganizationNotFound(); // was removed a moment ago
  if (!may(member.role, action)) throw new NotPermitted({ role: member.role }, action);
}
