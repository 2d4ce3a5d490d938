/** Groups as stanzas show them. Learnt from Baileys' `groups.js` (extractGroupMetadata) and whatsmeow's `group.go`. */
import { type BinaryNode, node } from '../../protocol/node.ts';
import { pnJid } from '../../protocol/jid.ts';
import type { Group, GroupRole } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { addressOf, participantsOf, sizeOf } from './book.ts';

export type GroupParts = Readonly<{ participants: boolean; description: boolean }>;

const EVERYTHING: GroupParts = { participants: true, description: true };

/** How somebody is called in a group. */
export const jidIn = ({ directory }: ServerContext, { addressing }: Group, phone: string): string =>
  directory.userJid(phone, addressing);

/** His other address: groups that are addressed by LIDs name it as `…_pn`, others as `…_lid`. */
export function otherAddress(
  { directory }: ServerContext,
  { addressing }: Group,
  prefix: string,
  phone: string,
): Record<string, string> {
  return addressing === 'lid'
    ? { [`${prefix}_pn`]: pnJid(phone) }
    : { [`${prefix}_lid`]: directory.userJid(phone, 'lid') };
}

export function participantNode(
  { directory }: ServerContext,
  { addressing }: Group,
  phone: string,
  role: GroupRole = 'member',
): BinaryNode {
  const other = addressing === 'lid' ? { phone_number: pnJid(phone) } : { lid: directory.userJid(phone, 'lid') };
  const type = role === 'member' ? undefined : role;
  return node('participant', { jid: directory.userJid(phone, addressing), ...other, type });
}

export const participantNodes = (context: ServerContext, group: Group, phones: readonly string[]): BinaryNode[] =>
  phones.map((phone) => participantNode(context, group, phone));

/** `<group>` with all that is known about it, or only with the parts that were asked for. */
export function groupNode(context: ServerContext, group: Group, parts: GroupParts = EVERYTHING): BinaryNode {
  const { directory } = context;
  const attrs = {
    id: group.id,
    subject: group.subject,
    s_t: String(group.subjectAt),
    s_o: jidIn(context, group, group.subjectBy),
    ...(group.addressing === 'lid' && { s_o_pn: pnJid(group.subjectBy) }),
    creation: String(group.createdAt),
    creator: jidIn(context, group, group.creator),
    ...(group.addressing === 'lid' && { creator_pn: directory.userJid(group.creator, 'pn') }),
    addressing_mode: group.addressing,
    size: String(sizeOf(context, group)),
  };
  const people = parts.participants
    ? participantsOf(context, group).map(({ phone, role }) => participantNode(context, group, phone, role))
    : [];
  const description = parts.description ? descriptionNodes(context, group) : [];
  return node('group', attrs, [...people, ...description, ...settingNodes(group)]);
}

function descriptionNodes(context: ServerContext, group: Group): BinaryNode[] {
  const { description } = group;
  if (!description) return [];
  const attrs = {
    id: description.id,
    t: String(description.at),
    participant: jidIn(context, group, description.by),
    ...otherAddress(context, group, 'participant', description.by),
  };
  return [node('description', attrs, [node('body', {}, Buffer.from(description.text))])];
}

function settingNodes({ announcement, locked, ephemeral, approval, memberAddMode, community }: Group): BinaryNode[] {
  return [
    ...(announcement ? [node('announcement')] : []),
    ...(locked ? [node('locked')] : []),
    ...(ephemeral > 0 ? [node('ephemeral', { expiration: String(ephemeral) })] : []),
    ...(approval ? [approvalNode(true)] : []),
    node('member_add_mode', {}, Buffer.from(memberAddMode)),
    ...(community?.kind === 'parent' ? [node('parent', { default_membership_approval_mode: 'request_required' })] : []),
    ...(community && community.kind !== 'parent' ? [node('linked_parent', { jid: `${community.parent}@g.us` })] : []),
    ...(community?.kind === 'announcements' ? [node('default_sub_group')] : []),
    ...(community?.kind === 'general' ? [node('general_chat')] : []),
  ];
}

export const approvalNode = (on: boolean): BinaryNode =>
  node('membership_approval_mode', {}, [node('group_join', { state: on ? 'on' : 'off' })]);

/** A group in the list of a community's groups. */
export const linkedGroupNode = (context: ServerContext, group: Group): BinaryNode =>
  node(
    'group',
    {
      id: group.id,
      jid: addressOf(group),
      subject: group.subject,
      s_t: String(group.subjectAt),
      creation: String(group.createdAt),
      creator: jidIn(context, group, group.creator),
      size: String(sizeOf(context, group)),
    },
    group.community?.kind === 'announcements' ? [node('default_sub_group')] : [],
  );
