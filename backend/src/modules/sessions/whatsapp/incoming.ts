import { type BinaryNode, isLidUser, isPnUser, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { MessageType } from '../../messages/messages.dto.ts';
import type { IncomingMessage, IncomingReceipt, ReceiptStatus } from '../session-traffic.ts';
import { peerOf } from './peer.ts';
import { childrenOf, receiptId, type StoredMessage } from './stanza.ts';
import { storableId, storableText, storableTime } from './storable.ts';

/** What a message says, in our words. */
export type Content = Readonly<{ type: MessageType; text: string | null; hasFile: boolean }>;

/**
 * The message in a delivered stanza, or null when it is none: a message between our own devices, a sender key, a change to
 * an older message. Those concern Baileys, not a conversation.
 */
export function toIncomingMessage(inboxId: string, { stanza, plaintext }: StoredMessage): IncomingMessage | null {
  const { id, from, t, notify, recipient, category, sender_pn, sender_lid, peer_recipient_pn, peer_recipient_lid } =
    stanza.attrs;
  if (!id || !from || category === 'peer' || !(isPnUser(from) || isLidUser(from))) return null;
  const outer = proto.Message.decode(unpad(plaintext));
  const message = outer.deviceSentMessage?.message ?? outer;
  const content = toContent(message);
  const fromMe = recipient !== undefined;
  const peer = fromMe ? peerOf(recipient, peer_recipient_pn, peer_recipient_lid) : peerOf(from, sender_pn, sender_lid);
  if (!content || !(peer.phone || peer.lid)) return null; // what we wrote to a bot or a broadcast list is no conversation
  return {
    inboxId,
    whatsappMessageId: storableId(id),
    peer,
    fromMe,
    pushName: fromMe ? null : storableText(notify ?? null),
    sentAt: storableTime(t),
    isHistory: false,
    ...content,
    payload: proto.Message.encode(message).finish(),
  };
}

/** A message whose plaintext we cannot decode: kept as it is, so that nothing is lost, and shown as unsupported. */
export function unreadable(inboxId: string, { stanza, plaintext }: StoredMessage): IncomingMessage | null {
  const { id, from, t, recipient, category, sender_pn, sender_lid, notify } = stanza.attrs;
  if (!id || !from || recipient !== undefined || category === 'peer') return null;
  const peer = peerOf(from, sender_pn, sender_lid);
  if (!peer.phone && !peer.lid) return null;
  return {
    inboxId,
    whatsappMessageId: storableId(id),
    peer,
    fromMe: false,
    pushName: storableText(notify ?? null),
    sentAt: storableTime(t),
    isHistory: false,
    type: 'unsupported',
    text: null,
    hasFile: false,
    payload: plaintext,
  };
}

/** WhatsApp pads what it encrypts with 1 to 16 bytes, each of which says how many. */
function unpad(bytes: Uint8Array): Uint8Array {
  const padding = bytes.at(-1) ?? 0;
  if (padding === 0 || padding > bytes.length) throw new Error('a decrypted message has no padding');
  return bytes.subarray(0, bytes.length - padding);
}

/** @returns null for what is no message of its own */
export function toContent(message: proto.IMessage): Content | null {
  const m = normalizeMessageContent(message);
  if (!m || m.protocolMessage || m.keepInChatMessage || isOnlySenderKey(m)) return null;
  const content = textContent(m) ?? fileContent(m) ?? otherContent(m);
  return { ...content, text: storableText(content.text) };
}

function textContent(m: proto.IMessage): Content | null {
  const text = m.conversation ?? m.extendedTextMessage?.text;
  return text === null || text === undefined ? null : { type: 'text', text, hasFile: false };
}

const isOnlySenderKey = (m: proto.IMessage): boolean =>
  Boolean(m.senderKeyDistributionMessage) &&
  Object.keys(m).every((k) => k === 'senderKeyDistributionMessage' || k === 'messageContextInfo');

function fileContent(m: proto.IMessage): Content | null {
  const of = (type: MessageType, text?: string | null): Content => ({ type, text: text ?? null, hasFile: true });
  if (m.imageMessage) return of('image', m.imageMessage.caption);
  if (m.videoMessage) return of('video', m.videoMessage.caption);
  if (m.ptvMessage) return of('video');
  if (m.audioMessage) return of(m.audioMessage.ptt ? 'voice' : 'audio');
  if (m.documentMessage) return of('document', m.documentMessage.caption);
  if (m.stickerMessage) return of('sticker');
  return null;
}

function otherContent(m: proto.IMessage): Content {
  const of = (type: MessageType, text: string | null | undefined): Content => ({
    type,
    text: text ?? null,
    hasFile: false,
  });
  const place = m.locationMessage ?? m.liveLocationMessage;
  if (place) return of('location', `${place.degreesLatitude},${place.degreesLongitude}`);
  if (m.contactMessage) return of('contact', m.contactMessage.displayName);
  if (m.contactsArrayMessage)
    return of('contact', m.contactsArrayMessage.contacts?.map((c) => c.displayName).join(', '));
  if (m.reactionMessage) return of('reaction', m.reactionMessage.text);
  const poll = m.pollCreationMessage ?? m.pollCreationMessageV2 ?? m.pollCreationMessageV3;
  if (poll) return of('poll', poll.name);
  return of('unsupported', null);
}

const STATUS_OF_RECEIPT: Readonly<Record<string, ReceiptStatus>> = {
  delivered: 'delivered',
  read: 'read',
  played: 'played',
};

/** What a receipt says of our messages, or null when it says nothing about them: a request to send again, our own devices. */
export function toIncomingReceipt(stanza: BinaryNode): IncomingReceipt | null {
  const { id, from, type = 'delivered', t, recipient } = stanza.attrs;
  const status = STATUS_OF_RECEIPT[type];
  if (!id || !from || !status || recipient !== undefined) return null;
  const more = childrenOf(childrenOf(stanza, 'list')[0], 'item').map((item) => item.attrs.id);
  return {
    inboxId: receiptId(stanza),
    whatsappMessageIds: [id, ...more].filter((one): one is string => one !== undefined).map(storableId),
    status,
    at: storableTime(t),
  };
}
