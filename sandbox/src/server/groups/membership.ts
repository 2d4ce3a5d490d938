/** Coming into a group and going from it. All of it is to be called in a transaction. */
import { randomBytes } from 'node:crypto';
import { node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Account, Group, GroupInvitation, GroupLogEvent, GroupRole } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import {
  allGroups,
  isAdmin,
  isMember,
  linkedTo,
  MAX_PARTICIPANTS,
  participantsOf,
  phonesIn,
  record,
  roleIn,
  sizeOf,
} from './book.ts';
import { participantNode, participantNodes } from './nodes.ts';
import { tellGroup, tellNewcomers } from './notifications.ts';
import { assertAdmin, assertMayAdd, assertMember, conflict } from './rights.ts';

/** For so long who left may not be added again. WhatsApp does not say how long it is there. */
const RECENTLY_LEFT_MS = 24 * 3_600_000;
const INVITATION_SECONDS = 3 * 24 * 3600;

/**
 * What became of one person: 200 done, 403 not without his consent (with an invitation to send him), 404 not on WhatsApp
 * or not in the group, 408 left recently, 409 is in it already, 419 the group is full.
 */
export type ParticipantResult = Readonly<{
  /** As it was asked for. */
  jid: string;
  phone: string | undefined;
  code: 200 | 403 | 404 | 408 | 409 | 419;
  invitation?: GroupInvitation;
}>;

export type RankChange = 'promote' | 'demote';

/** Adds people, as far as they may be. */
export function addParticipants(
  context: ServerContext,
  group: Group,
  actor: string,
  jids: readonly string[],
): ParticipantResult[] {
  assertMayAdd(context, group, actor);
  const results = admit(context, group, actor, jids);
  const added = results.flatMap(({ phone, code }) => (code === 200 && phone !== undefined ? [phone] : []));
  announceArrival(context, group, actor, added, 'added');
  return results;
}

/** Puts those in who may be added, and tells nobody yet. */
export function admit(
  context: ServerContext,
  group: Group,
  actor: string,
  jids: readonly string[],
): ParticipantResult[] {
  return jids.map((jid) => {
    const account = context.directory.find(jid);
    const code = account ? reasonNotToAdd(context, group, account) : 404;
    if (account && code === 200) enter(context, group, account.phone);
    const invitation = account && code === 403 ? invite(context, group, actor, account.phone) : undefined;
    return { jid, phone: account?.phone, code, ...(invitation && { invitation }) };
  });
}

function reasonNotToAdd(context: ServerContext, group: Group, { phone, privacy }: Account): ParticipantResult['code'] {
  if (isMember(context, group, phone)) return 409;
  if (sizeOf(context, group) >= MAX_PARTICIPANTS) return 419;
  const departure = context.store.tables.groupDepartures.get(group.id, phone);
  if (departure?.kind === 'left' && Date.now() - departure.at < RECENTLY_LEFT_MS) return 408;
  // Nobody has contacts here: whoever wants to be added by them alone is added by nobody.
  return (privacy['groupadd'] ?? 'all') === 'all' ? 200 : 403;
}

function invite({ store }: ServerContext, group: Group, by: string, phone: string): GroupInvitation {
  const invitation = {
    code: randomBytes(12).toString('base64url'),
    by,
    expiration: nowSeconds() + INVITATION_SECONDS,
  };
  store.tables.groupInvitations.put(group.id, phone, invitation);
  return invitation;
}

/** Makes somebody a participant. Who was waiting or invited waits no longer. */
export function enter({ store }: ServerContext, group: Group, phone: string, role: GroupRole = 'member'): void {
  const { tables } = store;
  tables.groupParticipants.put(group.id, phone, { phone, role, joinedAt: Date.now() });
  tables.groupDepartures.delete(group.id, phone);
  tables.groupJoinRequests.delete(group.id, phone);
  tables.groupInvitations.delete(group.id, phone);
}

/** Tells of people who have come in: the newcomers all of the group, the others who came. */
export function announceArrival(
  context: ServerContext,
  group: Group,
  actor: string,
  phones: readonly string[],
  event: GroupLogEvent,
): void {
  if (phones.length === 0) return;
  const reason = event === 'joined by link' || event === 'joined by invitation' ? 'invite' : undefined;
  record(context, group, { event, actor, subjects: phones });
  const newcomers = new Set(phones);
  const others = phonesIn(context, group).filter((phone) => !newcomers.has(phone));
  tellGroup(context, group, actor, node('add', { reason }, participantNodes(context, group, phones)), others);
  tellNewcomers(context, group, actor, phones, reason ? { reason } : {});
  enterCommunity(context, group, actor, phones);
}

/** Who is in a group of a community is in the community, and reads its announcements. */
export function enterCommunity(context: ServerContext, group: Group, actor: string, phones: readonly string[]): void {
  const { community } = group;
  if (!community || community.kind === 'parent') return;
  const isWider = ({ id, community: place }: Group) =>
    id === community.parent || (place?.kind === 'announcements' && place.parent === community.parent);
  for (const wider of allGroups(context).filter(isWider)) {
    const newcomers = phones.filter((phone) => !isMember(context, wider, phone));
    for (const phone of newcomers) enter(context, wider, phone);
    if (newcomers.length === 0) continue;
    record(context, wider, { event: 'added', actor, subjects: newcomers });
    tellNewcomers(context, wider, actor, newcomers);
  }
}

/** Removes people. The superadmin stays: nobody can remove him. @param everywhere from a community's groups, too. */
export function removeParticipants(
  context: ServerContext,
  group: Group,
  actor: string,
  jids: readonly string[],
  everywhere = false,
): ParticipantResult[] {
  assertAdmin(context, group, actor);
  const results = jids.map((jid): ParticipantResult => {
    const phone = context.directory.find(jid)?.phone;
    const role = phone === undefined ? undefined : roleIn(context, group, phone);
    return { jid, phone, code: role === undefined ? 404 : role === 'superadmin' ? 403 : 200 };
  });
  const removed = results.flatMap(({ phone, code }) => (code === 200 && phone !== undefined ? [phone] : []));
  depart(context, group, actor, removed, 'removed');
  if (everywhere) {
    for (const linked of linkedTo(context, group)) {
      const there = removed.filter((phone) => isMember(context, linked, phone));
      depart(context, linked, actor, there, 'removed');
    }
  }
  return results;
}

/** Somebody goes by himself. Who leaves a community leaves all of its groups. */
export function leaveGroup(context: ServerContext, group: Group, phone: string): void {
  assertMember(context, group, phone);
  const groups = group.community?.kind === 'parent' ? [...linkedTo(context, group), group] : [group];
  for (const one of groups) if (isMember(context, one, phone)) depart(context, one, phone, [phone], 'left');
}

function depart(
  context: ServerContext,
  group: Group,
  actor: string,
  phones: readonly string[],
  kind: 'left' | 'removed',
): void {
  if (phones.length === 0) return;
  const { tables } = context.store;
  const everybody = phonesIn(context, group);
  for (const phone of phones) {
    tables.groupParticipants.delete(group.id, phone);
    tables.groupDepartures.put(group.id, phone, { at: Date.now(), kind });
  }
  record(context, group, { event: kind, actor, subjects: phones });
  tellGroup(context, group, actor, node('remove', {}, participantNodes(context, group, phones)), everybody);
  appointHeir(context, group, actor);
}

/** A group is never without an admin: when the last one goes, whoever is in it longest becomes one. */
function appointHeir(context: ServerContext, group: Group, actor: string): void {
  const [heir] = participantsOf(context, group).toSorted((a, b) => a.joinedAt - b.joinedAt);
  if (!heir || participantsOf(context, group).some(({ role }) => role !== 'member')) return;
  setRank(context, group, actor, [heir.phone], 'promote');
}

/** Somebody in a group goes on under another number: his place is that one's. Everybody is told the old one by the new one. */
export function changeNumber(context: ServerContext, group: Group, from: string, to: string): void {
  assertMember(context, group, from);
  if (isMember(context, group, to)) throw conflict();
  const role = roleIn(context, group, from);
  const everybody = phonesIn(context, group);
  const old = participantNode(context, group, from);
  enter(context, group, to, role);
  context.store.tables.groupParticipants.delete(group.id, from);
  record(context, group, { event: 'number changed', actor: to, subjects: [from] });
  tellGroup(context, group, to, node('modify', {}, [old]), everybody);
}

/** WhatsApp, or who made it, ends a group: nobody is in it any more, and its link leads nowhere. */
export function endGroup(context: ServerContext, group: Group, reason: string | undefined): void {
  const everybody = phonesIn(context, group);
  const { tables } = context.store;
  for (const phone of everybody) {
    tables.groupParticipants.delete(group.id, phone);
    tables.groupDepartures.put(group.id, phone, { at: Date.now(), kind: 'removed' });
  }
  tables.groupInviteCodes.put('', group.inviteCode, { group: group.id, revoked: true });
  record(context, group, { event: 'ended', actor: group.creator, ...(reason === undefined ? {} : { value: reason }) });
  tellGroup(context, group, group.creator, node('delete', { reason }), everybody);
}

/** Makes members admins, or admins members. Who is what he shall be stays it, without an error. */
export function changeRank(
  context: ServerContext,
  group: Group,
  actor: string,
  jids: readonly string[],
  change: RankChange,
): ParticipantResult[] {
  assertAdmin(context, group, actor);
  const results = jids.map((jid): ParticipantResult => {
    const phone = context.directory.find(jid)?.phone;
    const role = phone === undefined ? undefined : roleIn(context, group, phone);
    return { jid, phone, code: role === undefined ? 404 : role === 'superadmin' && change === 'demote' ? 403 : 200 };
  });
  const changed = results.flatMap(({ phone, code }) =>
    code === 200 && phone !== undefined && isAdmin(context, group, phone) === (change === 'demote') ? [phone] : [],
  );
  setRank(context, group, actor, changed, change);
  return results;
}

function setRank(
  context: ServerContext,
  group: Group,
  actor: string,
  phones: readonly string[],
  change: RankChange,
): void {
  if (phones.length === 0) return;
  const { groupParticipants } = context.store.tables;
  const role = change === 'promote' ? 'admin' : 'member';
  for (const phone of phones) {
    const row = groupParticipants.get(group.id, phone);
    if (row) groupParticipants.put(group.id, phone, { ...row, role });
  }
  record(context, group, { event: change === 'promote' ? 'promoted' : 'demoted', actor, subjects: phones });
  const people = phones.map((phone) => participantNode(context, group, phone, role));
  tellGroup(context, group, actor, node(change, {}, people));
}
