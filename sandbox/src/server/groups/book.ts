/**
 * Groups as the server keeps them. A group has a subject, settings and participants; a participant is a member, an admin
 * or the superadmin (who created it). A community is a group too (`parent`), with groups linked to it.
 */
import { groupJid, parseGroupJid } from '../../protocol/jid.ts';
import type { Group, GroupLogEntry, GroupParticipant, GroupRole } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';

/** WhatsApp's limit. */
export const MAX_PARTICIPANTS = 1024;

export function findGroup({ store }: ServerContext, jid: string | undefined): Group | undefined {
  const id = parseGroupJid(jid);
  return id === undefined ? undefined : store.tables.groups.get('', id);
}

export const addressOf = ({ id }: Group): string => groupJid(id);

export const participantsOf = ({ store }: ServerContext, { id }: Group): GroupParticipant[] => [
  ...store.tables.groupParticipants.group(id).values(),
];

export const phonesIn = ({ store }: ServerContext, { id }: Group): string[] => [
  ...store.tables.groupParticipants.group(id).keys(),
];

export const sizeOf = ({ store }: ServerContext, { id }: Group): number =>
  store.tables.groupParticipants.group(id).size;

/** Undefined when the phone is not in the group. */
export const roleIn = ({ store }: ServerContext, { id }: Group, phone: string): GroupRole | undefined =>
  store.tables.groupParticipants.get(id, phone)?.role;

export const isMember = (context: ServerContext, group: Group, phone: string): boolean =>
  roleIn(context, group, phone) !== undefined;

export const isAdmin = (context: ServerContext, group: Group, phone: string): boolean =>
  ['admin', 'superadmin'].includes(roleIn(context, group, phone) ?? '');

export const adminsOf = (context: ServerContext, group: Group): string[] =>
  participantsOf(context, group).flatMap(({ phone, role }) => (role === 'member' ? [] : [phone]));

export const allGroups = ({ store }: ServerContext): Group[] => [...store.tables.groups.group('').values()];

export const groupsOf = (context: ServerContext, phone: string): Group[] =>
  allGroups(context).filter((group) => isMember(context, group, phone));

/** The groups linked to a community. */
export const linkedTo = (context: ServerContext, parent: Group): Group[] =>
  allGroups(context).filter(({ community }) => community?.kind !== 'parent' && community?.parent === parent.id);

export const logOf = ({ store }: ServerContext, { id }: Group): GroupLogEntry[] => [
  ...store.tables.groupLog.group(id).values(),
];

/** To be called in a transaction. */
export function changeGroup({ store }: ServerContext, group: Group, change: Partial<Group>): Group {
  const changed = { ...group, ...change };
  store.tables.groups.put('', group.id, changed);
  return changed;
}

/** Writes down what happened, after it did; and tells those who watch the sandbox. To be called in a transaction. */
export function record(
  context: ServerContext,
  group: Group,
  entry: Omit<GroupLogEntry, 'at' | 'size' | 'subjects'> & { subjects?: readonly string[] },
): void {
  const { store, events } = context;
  const full: GroupLogEntry = { subjects: [], ...entry, at: Date.now(), size: sizeOf(context, group) };
  store.tables.groupLog.put(group.id, store.nextSequence(), full);
  store.afterCommit(() =>
    events.emit({ type: 'group', phone: entry.actor, group: addressOf(group), event: entry.event }),
  );
}
