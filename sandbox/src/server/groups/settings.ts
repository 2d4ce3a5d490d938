/** What a group is called, looks like and allows. Each change is kept, written down and told. To be called in a transaction. */
import { type BinaryNode, node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Group, GroupLogEvent } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { addressOf, changeGroup, phonesIn, record } from './book.ts';
import { assertSubject, MAX_DESCRIPTION_LENGTH } from './creation.ts';
import { approvalNode, jidIn } from './nodes.ts';
import { tellGroup } from './notifications.ts';
import { assertAdmin, assertMayEdit, conflict, notAcceptable } from './rights.ts';

type Change = Readonly<{ change: Partial<Group>; event: GroupLogEvent; value: string; told: BinaryNode }>;

export function setSubject(context: ServerContext, group: Group, actor: string, subject: string): void {
  assertMayEdit(context, group, actor);
  assertSubject(subject);
  const at = nowSeconds();
  apply(context, group, actor, {
    change: { subject, subjectBy: actor, subjectAt: at },
    event: 'subject',
    value: subject,
    told: node('subject', { subject, s_t: String(at), s_o: jidIn(context, group, actor) }),
  });
}

export type NewDescription = Readonly<{
  /** Undefined removes it. */
  text: string | undefined;
  id: string | undefined;
  /** Id of the description that shall be replaced; undefined: there is none. */
  previous: string | undefined;
}>;

/** @throws IqError 409 when somebody was faster: the description is no longer the one that shall be replaced. */
export function setDescription(context: ServerContext, group: Group, actor: string, made: NewDescription): void {
  assertMayEdit(context, group, actor);
  const { text, id = '', previous } = made;
  if (previous !== group.description?.id) throw conflict();
  if (text !== undefined && (text === '' || text.length > MAX_DESCRIPTION_LENGTH || id === '')) throw notAcceptable();
  apply(context, group, actor, {
    change: { description: text === undefined ? null : { id, text, by: actor, at: nowSeconds() } },
    event: 'description',
    value: text ?? '',
    told:
      text === undefined
        ? node('description', {}, [node('delete')])
        : node('description', { id }, [node('body', {}, Buffer.from(text))]),
  });
}

/** What admins decide about their group. */
export type GroupSettings = Readonly<{
  announcement: boolean;
  locked: boolean;
  memberAddMode: Group['memberAddMode'];
  approval: boolean;
}>;

export function setSettings(
  context: ServerContext,
  group: Group,
  actor: string,
  { announcement, locked, memberAddMode, approval }: Partial<GroupSettings>,
): void {
  assertAdmin(context, group, actor);
  const changes: Change[] = [];
  if (announcement !== undefined)
    changes.push(toggled('announcement', announcement, announcement ? 'announcement' : 'not_announcement'));
  if (locked !== undefined) changes.push(toggled('locked', locked, locked ? 'locked' : 'unlocked'));
  if (memberAddMode !== undefined)
    changes.push({
      change: { memberAddMode },
      event: 'member_add_mode',
      value: memberAddMode,
      told: node('member_add_mode', {}, Buffer.from(memberAddMode)),
    });
  if (approval !== undefined)
    changes.push({
      change: { approval },
      event: 'membership_approval_mode',
      value: approval ? 'on' : 'off',
      told: approvalNode(approval),
    });
  let current = group;
  for (const change of changes) current = apply(context, current, actor, change);
}

const toggled = (setting: 'announcement' | 'locked', on: boolean, tag: string): Change => ({
  change: setting === 'locked' ? { locked: on } : { announcement: on },
  event: setting,
  value: on ? 'on' : 'off',
  told: node(tag),
});

/** @param seconds 0: messages stay */
export function setEphemeral(context: ServerContext, group: Group, actor: string, seconds: number): void {
  assertMayEdit(context, group, actor);
  apply(context, group, actor, {
    change: { ephemeral: seconds },
    event: 'ephemeral',
    value: String(seconds),
    told: seconds > 0 ? node('ephemeral', { expiration: String(seconds) }) : node('not_ephemeral'),
  });
}

/** @param bytes a JPEG; undefined removes the picture. @returns the id of the new one */
export function setPicture(
  context: ServerContext,
  group: Group,
  actor: string,
  bytes: Buffer | undefined,
): string | undefined {
  assertMayEdit(context, group, actor);
  if (bytes && !isJpeg(bytes)) throw notAcceptable();
  const picture = bytes ? { id: String(Date.now()), directPath: context.keepMedia(bytes).directPath } : null;
  changeGroup(context, group, { picture });
  record(context, group, { event: 'picture', actor, value: picture?.id ?? '' });
  const attrs = { author: jidIn(context, group, actor), jid: addressOf(group) };
  const told = picture ? node('set', { id: picture.id, ...attrs }) : node('delete', attrs);
  tellGroup(context, group, actor, told, phonesIn(context, group), 'picture');
  return picture?.id;
}

const isJpeg = (bytes: Buffer): boolean => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));

function apply(context: ServerContext, group: Group, actor: string, { change, event, value, told }: Change): Group {
  const changed = changeGroup(context, group, change);
  record(context, changed, { event, actor, value });
  tellGroup(context, changed, actor, told);
  return changed;
}
