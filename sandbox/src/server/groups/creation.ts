/** Making groups and communities. All of it is to be called in a transaction. */
import { randomBytes, randomInt } from 'node:crypto';
import { nowSeconds } from '../../protocol/time.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { phonesIn, record } from './book.ts';
import { admit, enter, enterCommunity, type ParticipantResult } from './membership.ts';
import { tellNewcomers } from './notifications.ts';
import { assertAdmin, notAcceptable } from './rights.ts';

export const MAX_SUBJECT_LENGTH = 100;
export const MAX_DESCRIPTION_LENGTH = 2048;

type Settings = Pick<Group, 'announcement' | 'locked' | 'ephemeral' | 'memberAddMode' | 'approval' | 'community'>;

export type NewGroup = Readonly<{
  creator: string;
  subject: string;
  /** Addresses of those who shall be in it, besides the creator. */
  participants: readonly string[];
  description?: Readonly<{ id: string; text: string }> | undefined;
  /** Comes back in the notification, so that the device that made the group knows it. */
  key?: string | undefined;
  settings?: Partial<Settings>;
}>;

export type CreatedGroup = Readonly<{ group: Group; results: readonly ParticipantResult[] }>;

export function createGroup(context: ServerContext, made: NewGroup): CreatedGroup {
  const { creator, key, settings = {} } = made;
  assertSubject(made.subject);
  if ((made.description?.text.length ?? 0) > MAX_DESCRIPTION_LENGTH) throw notAcceptable();
  const group = putGroup(context, made);
  enter(context, group, creator, 'superadmin');
  const jids = made.participants.filter((jid) => context.directory.find(jid)?.phone !== creator);
  const results = admit(context, group, creator, [...new Set(jids)]);
  record(context, group, {
    event: 'created',
    actor: creator,
    subjects: phonesIn(context, group),
    value: group.subject,
  });
  if (settings.community && settings.community.kind !== 'parent')
    record(context, group, { event: 'linked', actor: creator, value: settings.community.parent });
  tellNewcomers(context, group, creator, phonesIn(context, group), { type: 'new', ...(key !== undefined && { key }) });
  enterCommunity(context, group, creator, phonesIn(context, group));
  return { group, results };
}

/** A community with its announcements and, when asked for, a group for everything else. */
export function createCommunity(
  context: ServerContext,
  { generalChat, ...made }: NewGroup & { generalChat: boolean },
): CreatedGroup {
  const created = createGroup(context, { ...made, settings: { ...made.settings, community: { kind: 'parent' } } });
  const child = { creator: made.creator, participants: [] };
  const parent = created.group.id;
  createGroup(context, {
    ...child,
    subject: made.subject,
    settings: { announcement: true, community: { kind: 'announcements', parent } },
  });
  if (generalChat)
    createGroup(context, { ...child, subject: 'General', settings: { community: { kind: 'general', parent } } });
  return created;
}

/** A new group within a community; its admins make them. */
export function createLinkedGroup(context: ServerContext, parent: Group, made: NewGroup): CreatedGroup {
  if (parent.community?.kind !== 'parent') throw notAcceptable();
  assertAdmin(context, parent, made.creator);
  return createGroup(context, {
    ...made,
    settings: { ...made.settings, community: { kind: 'group', parent: parent.id } },
  });
}

/** @throws IqError 406 */
export function assertSubject(subject: string): void {
  if (subject.trim() === '' || subject.length > MAX_SUBJECT_LENGTH) throw notAcceptable();
}

/** A fresh invite code, which from now on leads to the group. */
export function newInviteCode({ store }: ServerContext, groupId: string): string {
  const code = randomBytes(16).toString('base64url');
  store.tables.groupInviteCodes.put('', code, { group: groupId, revoked: false });
  return code;
}

function putGroup(
  context: ServerContext,
  { creator, subject, description, settings }: Pick<NewGroup, 'creator' | 'subject' | 'description' | 'settings'>,
): Group {
  const { store, addressing } = context;
  const id = freeId(context);
  const now = nowSeconds();
  const group: Group = {
    id,
    addressing,
    creator,
    createdAt: now,
    subject,
    subjectBy: creator,
    subjectAt: now,
    description: description ? { ...description, by: creator, at: now } : null,
    announcement: false,
    locked: false,
    ephemeral: 0,
    memberAddMode: 'all_member_add',
    approval: false,
    inviteCode: newInviteCode(context, id),
    picture: null,
    community: null,
    ...settings,
  };
  store.tables.groups.put('', id, group);
  return group;
}

/** As WhatsApp's: 18 digits that begin with 120363. */
function freeId({ store }: ServerContext): string {
  for (;;) {
    const id = `120363${String(randomInt(1_000_000)).padStart(6, '0')}${String(randomInt(1_000_000)).padStart(6, '0')}`;
    if (!store.tables.groups.get('', id)) return id;
  }
}
