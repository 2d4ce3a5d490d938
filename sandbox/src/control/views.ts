/** What the control API answers. */
import { proto } from '@whiskeysockets/baileys';
import type { Chats } from '../phone/chats.ts';
import { describeMessage, type MediaFacts, type MessageDetails, type MessageKind } from '../phone/message-content.ts';
import type { VirtualPhone } from '../phone/phone.ts';
import type { ServerContext } from '../server/context.ts';
import { addressOf, findGroup, groupsOf } from '../server/groups/book.ts';
import { presenceBoard } from '../server/presence.ts';
import type { ChatMessage, MessageStatus } from '../store/rows.ts';

export type DeviceView = Readonly<{
  id: number;
  platform: string;
  linkedAt: string;
  connected: boolean;
  /** It says that somebody is there. */
  available: boolean;
  lastSeen: string | null;
}>;

export type PhoneView = Readonly<{
  phone: string;
  lid: string;
  name: string;
  online: boolean;
  silent: boolean;
  autoReply: string | null;
  autoRead: boolean;
  blocked: readonly string[];
  /** Who adds it to a group is refused. */
  groupsByInvitationOnly: boolean;
  /** Somebody waits for a pairing code to be typed on this phone. */
  codeRequested: boolean;
  devices: readonly DeviceView[];
}>;

export type MessageView = Readonly<{
  id: string;
  /** Grows from message to message; pass the last as `after` to read on. */
  order: string;
  /** The other person, or the group. */
  with: string;
  from: string;
  to: string;
  direction: 'in' | 'out';
  kind: MessageKind;
  text: string;
  media: MediaFacts | null;
  details: MessageDetails;
  /** What stands under it: the last of each person. */
  reactions: readonly { from: string; emoji: string }[];
  /** Of a poll: who chose what, as far as this phone can open the votes. */
  votes: readonly { from: string; options: readonly string[] }[];
  /** The message that a reaction, edit or deletion is about. */
  targetId: string | null;
  /** ISO 8601, UTC; as are all times below. */
  timestamp: string;
  /** Of a message to a group: what all of the others have reached. */
  status: MessageStatus;
  error: string | null;
  /** How far it got with each reader, of a message to a group. */
  receipts: readonly { phone: string; deliveredAt: string | null; readAt: string | null; playedAt: string | null }[];
  deliveredAt: string | null;
  readAt: string | null;
  playedAt: string | null;
  editedAt: string | null;
  deletedAt: string | null;
}>;

/** `with` is a phone number or a group; a group is there before anything was said in it. */
export type ChatView = Readonly<{ with: string; name: string; unread: number; last: MessageView | null }>;

export function viewPhone(context: ServerContext, phone: string, codeRequested: boolean): PhoneView {
  const { lid, name, online, silent, autoReply, autoRead, blocked, privacy } = context.directory.requireAccount(phone);
  const devices = context.directory.companionsOf(phone).map((device) => ({
    id: device.id,
    platform: device.platform,
    linkedAt: new Date(device.linkedAt).toISOString(),
    available: presenceBoard(context).has(device),
    connected: context.connections.of(device)?.isActive ?? false,
    lastSeen: iso(device.lastSeen),
  }));
  const groupsByInvitationOnly = (privacy['groupadd'] ?? 'all') !== 'all';
  return {
    phone,
    lid,
    name,
    online,
    silent,
    autoReply,
    autoRead,
    blocked,
    groupsByInvitationOnly,
    codeRequested,
    devices,
  };
}

export function viewMessage(row: ChatMessage, chats: Chats): MessageView {
  const { kind, text, media, targetId, details } = describeMessage(proto.Message.decode(row.content));
  const isDeleted = row.deletedAt !== undefined;
  return {
    id: row.id,
    order: row.order,
    with: row.chat,
    from: row.from,
    to: row.to,
    direction: row.from === row.owner ? 'out' : 'in',
    kind,
    text: isDeleted ? '' : text,
    media: isDeleted ? null : (media ?? null),
    details: isDeleted ? {} : details,
    reactions: isDeleted ? [] : chats.reactionsTo(row),
    votes: isDeleted || kind !== 'poll' ? [] : chats.votesOn(row),
    targetId: targetId ?? null,
    timestamp: new Date(row.timestamp).toISOString(),
    status: row.status,
    error: row.error ?? null,
    receipts: chats.receiptsOf(row).map(([reader, receipt]) => ({
      phone: reader,
      deliveredAt: iso(receipt.deliveredAt),
      readAt: iso(receipt.readAt),
      playedAt: iso(receipt.playedAt),
    })),
    deliveredAt: iso(row.deliveredAt),
    readAt: iso(row.readAt),
    playedAt: iso(row.playedAt),
    editedAt: iso(row.editedAt),
    deletedAt: iso(row.deletedAt),
  };
}

/** Chats with the newest first, then the groups in which nothing was said yet. */
export function viewChats(context: ServerContext, { chats, phone }: VirtualPhone): ChatView[] {
  const last = new Map(
    chats
      .list()
      .filter((row) => !isChange(row))
      .map((row) => [row.chat, row]),
  );
  const quiet = groupsOf(context, phone).filter((group) => !last.has(addressOf(group)));
  const spoken = [...last]
    .toSorted(([, a], [, b]) => b.order.localeCompare(a.order))
    .map(([partner, row]) => ({
      with: partner,
      name: findGroup(context, partner)?.subject ?? context.directory.account(partner)?.name ?? `+${partner}`,
      unread: chats.unread(partner).length,
      last: viewMessage(row, chats),
    }));
  return [
    ...spoken,
    ...quiet.toReversed().map((group) => ({ with: addressOf(group), name: group.subject, unread: 0, last: null })),
  ];
}

/** Edits, deletions, votes and reactions show at the message that they are about. */
function isChange(row: ChatMessage): boolean {
  return ['edit', 'delete', 'vote', 'reaction'].includes(describeMessage(proto.Message.decode(row.content)).kind);
}

function iso(ms: number | null | undefined): string | null {
  return ms === undefined || ms === null ? null : new Date(ms).toISOString();
}
