/** Coming into a group by oneself: by its link, by an invitation, or with an admin's approval. To be called in a transaction. */
import { node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Group, GroupJoinRequest } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { IqError } from '../iq/iq.ts';
import { adminsOf, changeGroup, isMember, MAX_PARTICIPANTS, record, sizeOf } from './book.ts';
import { newInviteCode } from './creation.ts';
import { announceArrival, enter, type ParticipantResult } from './membership.ts';
import { participantNode } from './nodes.ts';
import { tellGroup } from './notifications.ts';
import { assertAdmin, assertMayInvite, conflict, notAcceptable } from './rights.ts';

export type Joined = 'joined' | 'requested';

const gone = (): IqError => new IqError(410, 'gone');

/** Where an invite code leads. @throws IqError 406 for one that never was, 410 for one that was revoked. */
export function groupBehind({ store }: ServerContext, code: string): Group {
  const known = store.tables.groupInviteCodes.get('', code);
  if (known?.revoked) throw gone();
  const group = known && store.tables.groups.get('', known.group);
  if (!group) throw notAcceptable();
  return group;
}

/** Joins by link, or asks to. @throws IqError 401 for who was removed, 409 for who is in it, 419 when it is full. */
export function joinByCode(context: ServerContext, phone: string, code: string): { group: Group; outcome: Joined } {
  const group = groupBehind(context, code);
  const { tables } = context.store;
  if (isMember(context, group, phone)) throw conflict();
  if (tables.groupDepartures.get(group.id, phone)?.kind === 'removed') throw new IqError(401, 'not-authorized');
  assertRoom(context, group);
  if (!group.approval) {
    enter(context, group, phone);
    announceArrival(context, group, phone, [phone], 'joined by link');
    return { group, outcome: 'joined' };
  }
  const known = tables.groupJoinRequests.get(group.id, phone);
  if (!known) request(context, group, phone);
  return { group, outcome: 'requested' };
}

function request(context: ServerContext, group: Group, phone: string): void {
  const row: GroupJoinRequest = { phone, method: 'invite_link', at: nowSeconds() };
  context.store.tables.groupJoinRequests.put(group.id, phone, row);
  record(context, group, { event: 'requested', actor: phone, subjects: [phone] });
  const created = node('created_membership_requests', { request_method: row.method }, [
    participantNode(context, group, phone),
  ]);
  tellGroup(context, group, phone, created, adminsOf(context, group));
}

/** Joins with what an admin has sent. @throws IqError 406 when it is not the one that he was sent, 410 when it is over. */
export function acceptInvitation(
  context: ServerContext,
  group: Group,
  phone: string,
  { code, admin }: { code: string; admin?: string | undefined },
): void {
  if (isMember(context, group, phone)) throw conflict();
  const invitation = context.store.tables.groupInvitations.get(group.id, phone);
  if (invitation?.code !== code || (admin !== undefined && invitation.by !== admin)) throw notAcceptable();
  if (invitation.expiration < nowSeconds()) throw gone();
  assertRoom(context, group);
  enter(context, group, phone);
  announceArrival(context, group, phone, [phone], 'joined by invitation');
}

/** Takes invitations back that were not accepted yet. */
export function revokeInvitations(
  context: ServerContext,
  group: Group,
  actor: string,
  phones: readonly string[],
): void {
  assertAdmin(context, group, actor);
  for (const phone of phones) context.store.tables.groupInvitations.delete(group.id, phone);
}

/** Makes the old link worthless. @returns the new code */
export function revokeInviteCode(context: ServerContext, group: Group, actor: string): string {
  assertMayInvite(context, group, actor);
  const { groupInviteCodes } = context.store.tables;
  groupInviteCodes.put('', group.inviteCode, { group: group.id, revoked: true });
  const inviteCode = newInviteCode(context, group.id);
  changeGroup(context, group, { inviteCode });
  record(context, group, { event: 'invite code', actor, value: inviteCode });
  tellGroup(context, group, actor, node('invite', { code: inviteCode }), adminsOf(context, group));
  return inviteCode;
}

export const requestsOf = ({ store }: ServerContext, { id }: Group): GroupJoinRequest[] => [
  ...store.tables.groupJoinRequests.group(id).values(),
];

/** An admin lets those in who wait, or turns them away; 404 for who does not wait. */
export function decideRequests(
  context: ServerContext,
  group: Group,
  actor: string,
  jids: readonly string[],
  decision: 'approve' | 'reject',
): ParticipantResult[] {
  assertAdmin(context, group, actor);
  const results = jids.map((jid): ParticipantResult => {
    const phone = context.directory.find(jid)?.phone;
    if (phone === undefined || !context.store.tables.groupJoinRequests.get(group.id, phone))
      return { jid, phone, code: 404 };
    if (decision === 'approve' && sizeOf(context, group) >= MAX_PARTICIPANTS) return { jid, phone, code: 419 };
    if (decision === 'approve') enter(context, group, phone);
    else reject(context, group, actor, phone);
    return { jid, phone, code: 200 };
  });
  const approved = results.flatMap(({ phone, code }) => (code === 200 && phone !== undefined ? [phone] : []));
  if (decision === 'approve') announceArrival(context, group, actor, approved, 'approved');
  return results;
}

function reject(context: ServerContext, group: Group, actor: string, phone: string): void {
  context.store.tables.groupJoinRequests.delete(group.id, phone);
  record(context, group, { event: 'rejected', actor, subjects: [phone] });
  const revoked = node('revoked_membership_requests', {}, [participantNode(context, group, phone)]);
  tellGroup(context, group, actor, revoked, [...adminsOf(context, group), phone]);
}

function assertRoom(context: ServerContext, group: Group): void {
  if (sizeOf(context, group) >= MAX_PARTICIPANTS) throw new IqError(419, 'resource-limit');
}
