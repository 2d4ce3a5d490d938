/** What a phone tells a device that was just linked: the key to the account's settings, then its chats. */
import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { lidJid, pnJid } from '../protocol/jid.ts';
import type { ServerContext } from '../server/context.ts';
import { findGroup } from '../server/groups/book.ts';
import { jidIn } from '../server/groups/nodes.ts';
import type { ChatMessage } from '../store/rows.ts';
import type { Chats } from './chats.ts';
import { phoneIdentity } from './phone-identity.ts';

const { Type } = proto.Message.ProtocolMessage;
const { HistorySyncType } = proto.HistorySync;
/** Newest messages of each chat that a new device gets. */
const HISTORY_PER_CHAT = 50;

/** The messages of the first conversation with a new companion, in order. */
export function bootstrapMessages(context: ServerContext, phone: string, chats: Chats): proto.IMessage[] {
  const mappings = context.directory
    .accounts()
    .map((account) => ({ pnJid: pnJid(account.phone), lidJid: lidJid(account.lid) }));
  return [
    shareAppStateKey(context, phone),
    history('INITIAL_BOOTSTRAP', {
      conversations: conversations(context, chats),
      phoneNumberToLidMappings: mappings,
    }),
    history('PUSH_NAME', { pushnames: pushNames(context, phone) }),
    // Baileys flushes its buffered events once history has got this far.
    history('RECENT', { conversations: [] }),
  ];
}

function shareAppStateKey(context: ServerContext, phone: string): proto.IMessage {
  const { appStateKey, appStateKeyId } = phoneIdentity(context.store, phone);
  const fingerprint = { rawId: context.directory.requireAccount(phone).rawId, currentIndex: 0, deviceIndexes: [0] };
  const keyData = { keyData: appStateKey, fingerprint, timestamp: Date.now() };
  const key = { keyId: { keyId: Buffer.from(appStateKeyId, 'base64') }, keyData };
  return { protocolMessage: { type: Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [key] } } };
}

/** The protocol has the same list of chunk types twice: for the chunk and for the message that announces it. */
function history(type: keyof typeof HistorySyncType, content: Omit<proto.IHistorySync, 'syncType'>): proto.IMessage {
  const progress = { chunkOrder: 1, progress: 100 };
  const chunk = proto.HistorySync.encode({ syncType: HistorySyncType[type], ...progress, ...content }).finish();
  const historySyncNotification = {
    syncType: proto.Message.HistorySyncType[type],
    ...progress,
    initialHistBootstrapInlinePayload: deflateSync(chunk),
  };
  return { protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification } };
}

function pushNames(context: ServerContext, phone: string): proto.IPushname[] {
  const others = context.directory.accounts().filter((account) => account.phone !== phone);
  return others.map((account) => ({ id: pnJid(account.phone), pushname: account.name }));
}

function conversations(context: ServerContext, chats: Chats): proto.IConversation[] {
  const byChat = groupByChat(chats.list());
  return [...byChat].map(([chat, rows]) => {
    const group = findGroup(context, chat);
    const id = group ? chat : context.directory.userJid(chat, context.addressing);
    const messages = rows.slice(-HISTORY_PER_CHAT).toReversed();
    const unreadCount = chats.unread(chat).length;
    return {
      id,
      ...(group ? { name: group.subject } : person(context, chat)),
      unreadCount,
      messages: messages.map((row) => ({ message: webMessage(id, row, group && jidIn(context, group, row.from)) })),
    };
  });
}

function person({ directory }: ServerContext, phone: string): Pick<proto.IConversation, 'name' | 'pnJid' | 'lidJid'> {
  const { name, lid } = directory.requireAccount(phone);
  return { name, pnJid: pnJid(phone), lidJid: lidJid(lid) };
}

function groupByChat(rows: readonly ChatMessage[]): Map<string, ChatMessage[]> {
  const groups = new Map<string, ChatMessage[]>();
  for (const row of rows) groups.set(row.chat, [...(groups.get(row.chat) ?? []), row]);
  return groups;
}

/** @param participant who wrote it, in a group */
function webMessage(remoteJid: string, row: ChatMessage, participant: string | undefined): proto.IWebMessageInfo {
  const { Status } = proto.WebMessageInfo;
  const fromMe = row.from === row.owner;
  const reached = row.readAt ? Status.READ : row.deliveredAt ? Status.DELIVERY_ACK : Status.SERVER_ACK;
  return {
    key: { remoteJid, fromMe, id: row.id, ...(participant !== undefined && { participant }) },
    message: proto.Message.decode(row.content),
    messageTimestamp: Math.floor(row.timestamp / 1000),
    ...(fromMe && { status: reached }),
  };
}
