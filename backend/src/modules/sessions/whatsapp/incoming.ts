import { type BinaryNode, isLidUser, isPnUser, proto } from '@whiskeysockets/baileys';
import type { IncomingMessage, IncomingReceipt, ReceiptStatus } from '../session-traffic.ts';
import { toContent } from './content.ts';
import { peerOf } from './peer.ts';
import { childrenOf, receiptId, type StoredMessage } from './stanza.ts';
import { finerTime, storableId, storableText, storableTime } from './storable.ts';

/**
 * The message in a delivered stanza, or null when it is none: a message between our own devices, a sender key, a pin. Those
 * concern Baileys, not a conversation.
 */
export function toIncomingMessage(inboxId: string, { stanza, plaintext }: StoredMessage): IncomingMessage | null {
  const { id, from, t, notify, recipient, category, sender_pn, sender_lid, peer_recipient_pn, peer_recipient_lid } =
    stanza.attrs;
  if (!id || !from || category === 'peer' || !(isPnUser(from) || isLidUser(from))) return null;
  const outer = proto.Message.decode(unpad(plaintext));
  const message = sentElsewhere(outer) ?? outer;
  const fromMe = recipient !== undefined;
  const peer = fromMe ? peerOf(recipient, peer_recipient_pn, peer_recipient_lid) : peerOf(from, sender_pn, sender_lid);
  const said = toContent(message, { fromMe, peer });
  if (!said || !(peer.phone || peer.lid)) return null; // what we wrote to a bot or a broadcast list is no conversation
  const { atMs, ...content } = said;
  return {
    inboxId,
    whatsappMessageId: storableId(id),
    peer,
    fromMe,
    pushName: fromMe ? null : storableText(notify ?? null),
    sentAt: finerTime(storableTime(t), atMs),
    isHistory: false,
    ...content,
    payload: proto.Message.encode(message).finish(),
  };
}

/** What we wrote on another device. The secret of a poll may stand outside of the copy. */
function sentElsewhere({
  deviceSentMessage: copy,
  messageContextInfo: outside,
}: proto.IMessage): proto.IMessage | null {
  const message = copy?.message;
  if (!message) return null;
  return outside && !message.messageContextInfo ? { ...message, messageContextInfo: outside } : message;
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
    content: null,
    replyTo: null,
    target: null,
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
