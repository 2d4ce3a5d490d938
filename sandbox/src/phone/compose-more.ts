/** Making messages that are no text and no file, and what is done to others. As WhatsApp's apps and Baileys' `messages.js` write them. */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { generateForwardMessageContent, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { contextOf, pollIn } from './message-content.ts';

const { Type } = proto.Message.ProtocolMessage;

export type Place = Readonly<{ latitude: number; longitude: number; name?: string; address?: string; live?: boolean }>;

export function composePlace({ latitude, longitude, name, address, live }: Place): proto.IMessage {
  const at = { degreesLatitude: latitude, degreesLongitude: longitude };
  return live
    ? { liveLocationMessage: { ...at, sequenceNumber: 1 } }
    : { locationMessage: { ...at, ...(name && { name }), ...(address && { address }) } };
}

export type Card = Readonly<{ name: string; phone: string }>;

export function composeContacts(cards: readonly Card[]): proto.IMessage {
  const contacts = cards.map(({ name, phone }) => ({
    displayName: name,
    vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nitem1.TEL;waid=${phone}:+${phone}\nEND:VCARD`,
  }));
  const [only] = contacts;
  if (contacts.length === 1) return { contactMessage: { ...only } };
  return { contactsArrayMessage: { displayName: `${contacts.length} contacts`, contacts } };
}

export type NewPoll = Readonly<{
  name: string;
  options: readonly string[];
  selectableCount: number;
  version: 1 | 2 | 3;
}>;

const POLL_FIELD = { 1: 'pollCreationMessage', 2: 'pollCreationMessageV2', 3: 'pollCreationMessageV3' } as const;

export function composePoll({ name, options, selectableCount, version }: NewPoll): proto.IMessage {
  const poll = {
    name,
    options: options.map((optionName) => ({ optionName })),
    selectableOptionsCount: selectableCount,
  };
  return { messageContextInfo: { messageSecret: randomBytes(32) }, [POLL_FIELD[version]]: poll };
}

/** A message as another one names it: `fromMe` from the side of whoever names it, `participant` who wrote it in a group. */
export type Named = Readonly<{ remoteJid: string; fromMe: boolean; id: string; participant?: string }>;

/** A vote, sealed with the secret of its poll for the two persons: the opposite of Baileys' `decryptPollVote`. */
export function composeVote(
  key: Named,
  poll: proto.IMessage,
  chosen: readonly string[],
  { creatorJid, voterJid }: { creatorJid: string; voterJid: string },
): proto.IMessage {
  const secret = poll.messageContextInfo?.messageSecret ?? new Uint8Array();
  const hmac = (by: Uint8Array, data: Uint8Array) => createHmac('sha256', by).update(data).digest();
  const sign = Buffer.concat([Buffer.from(`${key.id}${creatorJid}${voterJid}Poll Vote`), Buffer.from([1])]);
  const encIv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', hmac(hmac(Buffer.alloc(32), secret), sign), encIv);
  cipher.setAAD(Buffer.from(`${key.id}\0${voterJid}`));
  const selectedOptions = chosen.map((option) => createHash('sha256').update(option).digest());
  const plain = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const encPayload = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  const vote = { encPayload, encIv };
  return { pollUpdateMessage: { pollCreationMessageKey: key, vote, senderTimestampMs: Date.now() } };
}

/** Options of a poll by the hashes that a vote has. */
export function optionsChosen(poll: proto.IMessage, hashes: readonly Uint8Array[]): string[] {
  const chosen = new Set(hashes.map((hash) => Buffer.from(hash).toString('hex')));
  return (pollIn(poll)?.options ?? [])
    .map(({ optionName }) => optionName ?? '')
    .filter((option) => chosen.has(createHash('sha256').update(option).digest('hex')));
}

export const composeReaction = (key: Named, emoji: string): proto.IMessage => ({
  reactionMessage: { key, text: emoji, senderTimestampMs: Date.now() },
});

/** In the envelope in which phones send it. */
export const composeEdit = (key: Named, text: string): proto.IMessage => ({
  editedMessage: {
    message: {
      protocolMessage: { key, type: Type.MESSAGE_EDIT, editedMessage: { conversation: text }, timestampMs: Date.now() },
    },
  },
});

export const composeDeletion = (key: Named): proto.IMessage => ({ protocolMessage: { key, type: Type.REVOKE } });

export const composeForward = (message: proto.IMessage, fromMe: boolean): proto.IMessage =>
  generateForwardMessageContent({ key: { fromMe }, message: proto.Message.create(message) });

export type Envelope = Readonly<{
  replyTo?: { key: Named; authorJid: string; message: proto.IMessage };
  mentions?: readonly string[];
  viewOnce?: boolean;
  disappearing?: boolean;
}>;

/** Whom a message answers and names, and in what it is wrapped. */
export function dress(
  message: proto.IMessage,
  { replyTo, mentions, viewOnce, disappearing }: Envelope,
): proto.IMessage {
  let dressed = message;
  if (replyTo || mentions?.length) {
    const { conversation, ...rest } = message;
    dressed = typeof conversation === 'string' ? { ...rest, extendedTextMessage: { text: conversation } } : rest;
    const contextInfo: proto.IContextInfo = {
      ...contextOf(dressed),
      ...(replyTo && {
        stanzaId: replyTo.key.id,
        participant: replyTo.authorJid,
        quotedMessage: normalizeMessageContent(replyTo.message) ?? {},
      }),
      ...(mentions && { mentionedJid: [...mentions] }),
    };
    for (const [field, part] of Object.entries(dressed) as [string, object | null][])
      if (part !== null && field.endsWith('Message')) Object.assign(part, { contextInfo });
  }
  if (viewOnce) dressed = { viewOnceMessageV2: { message: dressed } };
  return disappearing ? { ephemeralMessage: { message: dressed } } : dressed;
}
