import { type BinaryNode, isJidGroup, isLidUser, isPnUser, proto } from '@whiskeysockets/baileys';
import type { IncomingMessage, IncomingReceipt, Peer, ReceiptStatus } from '../session-traffic.ts';
import { toContent } from './content.ts';
import { peerOf, samePeer } from './peer.ts';
import { childrenOf, receiptId, type StoredMessage } from './stanza.ts';
import { finerTime, storableId, storableText, storableTime } from './storable.ts';

/** Where a stanza was written, and by whom. */
type Placed = Pick<IncomingMessage, 'groupJid' | 'peer' | 'fromMe'>;

/** @returns null for what is of no conversation: with a bot, on a broadcast list, between our own devices */
function placeOf({ attrs }: BinaryNode, us: Peer): Placed | null {
  const { from, category, recipient } = attrs;
  if (!from || category === 'peer') return null;
  const placed = isJidGroup(from) ? placeInGroup(attrs, us) : placeOfTwo(attrs, from, recipient);
  return placed && (placed.peer.phone || placed.peer.lid) ? placed : null;
}

function placeInGroup(attrs: BinaryNode['attrs'], us: Peer): Placed {
  const peer = peerOf(attrs.participant, attrs.participant_pn, attrs.participant_lid);
  return { groupJid: attrs.from ?? '', peer, fromMe: samePeer(peer, us) };
}

function placeOfTwo(attrs: BinaryNode['attrs'], from: string, recipient: string | undefined): Placed | null {
  if (!isPnUser(from) && !isLidUser(from)) return null;
  const peer =
    recipient === undefined
      ? peerOf(from, attrs.sender_pn, attrs.sender_lid)
      : peerOf(recipient, attrs.peer_recipient_pn, attrs.peer_recipient_lid);
  return { groupJid: null, peer, fromMe: recipient !== undefined };
}

/**
 * The message in a delivered stanza, or null when it is none: a message between our own devices, a sender key, a pin. Those
 * concern Baileys, not a conversation.
 * @param us who the number is
 */
export function toIncomingMessage(
  inboxId: string,
  { stanza, plaintext }: StoredMessage,
  us: Peer,
): IncomingMessage | null {
  const { id, t, notify } = stanza.attrs;
  const placed = placeOf(stanza, us);
  if (!id || !placed) return null;
  const outer = proto.Message.decode(unpad(plaintext));
  const message = sentElsewhere(outer) ?? outer;
  const { fromMe, peer, groupJid } = placed;
  const said = toContent(message, { fromMe, peer, us: groupJid === null ? null : us });
  if (!said) return null;
  const { atMs, ...content } = said;
  return {
    inboxId,
    whatsappMessageId: storableId(id),
    ...placed,
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
export function unreadable(inboxId: string, { stanza, plaintext }: StoredMessage, us: Peer): IncomingMessage | null {
  const { id, t, notify } = stanza.attrs;
  const placed = placeOf(stanza, us);
  if (!id || !placed || placed.fromMe) return null;
  return {
    inboxId,
    whatsappMessageId: storableId(id),
    ...placed,
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

/**
 * What a receipt says of our messages; nothing when it is not about them: a request to send again, our own devices. Of a group
 * it may say of many who have one; its inbox row goes with the last of them.
 */
export function toIncomingReceipts(stanza: BinaryNode): IncomingReceipt[] {
  const gathered = childrenOf(stanza, 'participants');
  const { from, type = 'delivered' } = stanza.attrs;
  const status = STATUS_OF_RECEIPT[type];
  if (gathered.length === 0 || !from || !status || !isJidGroup(from)) {
    const receipt = toIncomingReceipt(stanza);
    return receipt ? [receipt] : [];
  }
  const said = gathered.flatMap(({ attrs: { key }, content }): IncomingReceipt[] =>
    childrenOf({ tag: 'participants', attrs: {}, content }, 'user').flatMap(({ attrs: { jid, t, ...user } }) => {
      const peer = peerOf(jid, user.phone_number, user.lid);
      if (!key || (!peer.phone && !peer.lid)) return [];
      const reader = { groupJid: from, peer };
      const at = storableTime(t ?? stanza.attrs.t);
      return [{ inboxId: '', whatsappMessageIds: [storableId(key)], reader, status, at }];
    }),
  );
  const inboxId = receiptId(stanza);
  return said.map((one, n) => (n === said.length - 1 ? { ...one, inboxId } : one));
}

function toIncomingReceipt(stanza: BinaryNode): IncomingReceipt | null {
  const { id, from, type = 'delivered', t, recipient, participant, participant_pn, participant_lid } = stanza.attrs;
  const status = STATUS_OF_RECEIPT[type];
  if (!id || !from || !status || recipient !== undefined) return null;
  const reader = isJidGroup(from)
    ? { groupJid: from, peer: peerOf(participant, participant_pn, participant_lid) }
    : null;
  if (reader && !reader.peer.phone && !reader.peer.lid) return null;
  const more = childrenOf(childrenOf(stanza, 'list')[0], 'item').map((item) => item.attrs.id);
  return {
    inboxId: receiptId(stanza),
    whatsappMessageIds: [id, ...more].filter((one): one is string => one !== undefined).map(storableId),
    reader,
    status,
    at: storableTime(t),
  };
}
