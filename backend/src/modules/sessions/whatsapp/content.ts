import { proto } from '@whiskeysockets/baileys';
import type { ContactCard, MessageContent, Mention } from '../../messages/message-content.dto.ts';
import type { MessageDirection, MessageType, QuotedMessage } from '../../messages/messages.dto.ts';
import type { MessageTarget, Peer } from '../session-traffic.ts';
import { peerOf, samePeer } from './peer.ts';
import { storableId, storableText, storableTime } from './storable.ts';

/** What a message says, in our words. `atMs`: when its writer's clock says that he wrote it, of changes alone. */
export type Content = Readonly<{
  type: MessageType;
  text: string | null;
  hasFile: boolean;
  content: MessageContent | null;
  replyTo: QuotedMessage | null;
  target: MessageTarget | null;
  atMs: number | null;
}>;

/**
 * Whose message it is that is read: what he quotes or reacts to is told from his side. `us` in a group, where everybody is
 * named.
 */
export type Writer = Readonly<{ fromMe: boolean; peer: Peer; us?: Peer | null }>;

/** Of what a message quotes, this much is kept with the answer. */
const SNAPSHOT_LENGTH = 200;
const SNAPSHOT = new RegExp(`^.{0,${SNAPSHOT_LENGTH}}`, 'su');
const NESTED_MAX = 6;
/** More than WhatsApp's apps send; whoever sends more is no app, and the rest stays in the payload. */
const LISTED_MAX = 300;
const MENTIONS_MAX = 2_000;
/** Of a card without its pictures. */
const CARD_MAX = 10_000;

export const snapshotOf = (text: string | null): string | null => text?.match(SNAPSHOT)?.[0] ?? null;

const { Type } = proto.Message.ProtocolMessage;

/** Envelopes that say how a message is shown or how long it lives; what it says is inside. */
const ENVELOPES = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'associatedChildMessage',
  'groupStatusMessage',
  'groupStatusMessageV2',
  'lottieStickerMessage',
  'groupMentionedMessage',
  'botInvokeMessage',
  'pollCreationMessageV4',
] as const satisfies readonly (keyof proto.IMessage)[];
const VIEW_ONCE = new Set<string>(['viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension']);

/** The message in its envelopes. */
export function unwrap(message: proto.IMessage): { m: proto.IMessage; viewOnce: boolean } {
  let [m, viewOnce] = [message, false];
  for (let depth = 0; depth < NESTED_MAX; depth++) {
    const envelope = ENVELOPES.find((name) => m[name]?.message);
    const inner = envelope && m[envelope]?.message;
    if (!envelope || !inner) break;
    viewOnce ||= VIEW_ONCE.has(envelope);
    m = inner;
  }
  return { m, viewOnce };
}

/** @returns null for what is no message and changes none */
export function toContent(message: proto.IMessage, by: Writer): Content | null {
  const { m, viewOnce } = unwrap(message);
  if (m.protocolMessage) return protocolContent(m.protocolMessage, by);
  if (m.keepInChatMessage || m.pinInChatMessage || m.albumMessage || isOnlySenderKey(m)) return null;
  const said = changeIn(m, by) ?? textContent(m) ?? fileContent(m) ?? placeContent(m) ?? otherContent(m);
  const context = contextOf(m);
  const content: MessageContent = {
    ...said.content,
    ...(viewOnce || m.imageMessage?.viewOnce || m.videoMessage?.viewOnce || m.audioMessage?.viewOnce
      ? { view_once: true }
      : {}),
    ...mentionsIn(context),
    ...(context?.isForwarded ? { forwards: Math.max(1, context.forwardingScore ?? 1) } : {}),
  };
  return {
    type: said.type,
    text: storableText(said.text ?? null),
    hasFile: said.hasFile ?? false,
    content: Object.keys(content).length > 0 ? content : null,
    replyTo: quotedIn(context, by),
    target: said.target ?? null,
    atMs: said.atMs ?? null,
  };
}

/** What one of the readers below found. */
type Said = Readonly<{
  type: MessageType;
  text?: string | null | undefined;
  hasFile?: boolean;
  content?: MessageContent;
  target?: MessageTarget;
  atMs?: number | null;
}>;

const isOnlySenderKey = (m: proto.IMessage): boolean =>
  Boolean(m.senderKeyDistributionMessage) &&
  Object.keys(m).every((k) => k === 'senderKeyDistributionMessage' || k === 'messageContextInfo');

const directionOf = (ours: boolean): MessageDirection => (ours ? 'outbound' : 'inbound');

/** The message that a key names, as its writer sees it: `fromMe` is his own. In a group it may name whose it is. */
function targetOf(key: proto.IMessageKey | null | undefined, { fromMe, us }: Writer): MessageTarget | null {
  if (!key?.id) return null;
  const whatsappMessageId = storableId(key.id);
  if (!us) return { whatsappMessageId, direction: directionOf(Boolean(key.fromMe) === fromMe) };
  const isOurs = key.participant ? samePeer(peerOf(key.participant), us) : Boolean(key.fromMe) && fromMe;
  return { whatsappMessageId, direction: directionOf(isOurs) };
}

/**
 * Whatever he claims, he edits and deletes his own: nobody else's message is found under his direction. In a group an admin
 * deletes others', too.
 */
function protocolContent(m: proto.Message.IProtocolMessage, by: Writer): Content | null {
  const id = m.key?.id;
  if (!id) return null;
  const own = { whatsappMessageId: storableId(id), direction: directionOf(by.fromMe) };
  const target = by.us && m.type === Type.REVOKE ? targetOf(m.key, by) : own;
  const change = { text: null, hasFile: false, content: null, replyTo: null, target, atMs: msOf(m.timestampMs) };
  if (m.type === Type.REVOKE) return { ...change, type: 'delete' };
  if (m.type !== Type.MESSAGE_EDIT || !m.editedMessage) return null;
  const edited = unwrap(m.editedMessage).m;
  const said = textContent(edited) ?? fileContent(edited);
  if (!said) return null;
  const content = { ...linkIn(edited), ...mentionsIn(contextOf(edited)) };
  return {
    ...change,
    type: 'edit',
    text: storableText(said.text ?? null),
    content: Object.keys(content).length > 0 ? content : null,
  };
}

function changeIn(m: proto.IMessage, by: Writer): Said | null {
  const { reactionMessage: reaction, pollUpdateMessage: vote } = m;
  const target = targetOf(reaction?.key ?? vote?.pollCreationMessageKey, by);
  if (!target) return null;
  return reaction
    ? { type: 'reaction', text: reaction.text ?? '', target, atMs: msOf(reaction.senderTimestampMs) }
    : { type: 'poll_vote', target, atMs: msOf(vote?.senderTimestampMs) };
}

function textContent(m: proto.IMessage): Said | null {
  const text = m.conversation ?? m.extendedTextMessage?.text;
  return text === null || text === undefined ? null : { type: 'text', text, content: linkIn(m) };
}

function linkIn({ extendedTextMessage: m }: proto.IMessage): MessageContent {
  if (!m?.matchedText || !m.title) return {};
  const [title, description] = [storableText(m.title), storableText(m.description ?? null)];
  return { link_preview: { url: storableText(m.matchedText), title, description } };
}

type FileMessage = Readonly<{
  mediaKey?: Uint8Array | null;
  url?: string | null;
  directPath?: string | null;
  seconds?: number | null;
}>;

/** What can be looked at once comes to linked devices without its file, as often as not. */
const isThere = ({ mediaKey, url, directPath }: FileMessage): boolean =>
  Boolean(mediaKey?.length && (url || directPath));

const lasting = ({ seconds }: FileMessage): MessageContent => (seconds ? { duration_seconds: seconds } : {});

function fileContent(m: proto.IMessage): Said | null {
  const of = (type: MessageType, file: FileMessage, text?: string | null, content?: MessageContent): Said => ({
    type,
    text,
    hasFile: isThere(file),
    content: { ...lasting(file), ...content },
  });
  if (m.imageMessage) return of('image', m.imageMessage, m.imageMessage.caption);
  if (m.videoMessage) return of(m.videoMessage.gifPlayback ? 'gif' : 'video', m.videoMessage, m.videoMessage.caption);
  if (m.ptvMessage) return of('video', m.ptvMessage, null, { video_note: true });
  if (m.audioMessage) return of(m.audioMessage.ptt ? 'voice' : 'audio', m.audioMessage);
  if (m.documentMessage) return of('document', m.documentMessage, m.documentMessage.caption);
  if (m.stickerMessage) return of('sticker', m.stickerMessage);
  return null;
}

function placeContent({ locationMessage: still, liveLocationMessage: live }: proto.IMessage): Said | null {
  const place = still ?? live;
  if (!place) return null;
  const [latitude, longitude] = [place.degreesLatitude ?? 0, place.degreesLongitude ?? 0];
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180; // not of what is no number either
  const name = storableText(still?.name || null);
  const text = live?.caption || name || `${latitude},${longitude}`;
  if (!isPlace) return { type: 'unsupported' };
  const location = { latitude, longitude, name, address: storableText(still?.address || null), live: !still };
  return { type: 'location', text, content: { location } };
}

function otherContent(m: proto.IMessage): Said {
  const cards = m.contactMessage ? [m.contactMessage] : m.contactsArrayMessage?.contacts;
  if (cards) {
    const contacts = cards.slice(0, LISTED_MAX).map(cardOf);
    return { type: 'contact', text: contacts.map(({ name }) => name).join(', '), content: { contacts } };
  }
  const poll = m.pollCreationMessage ?? m.pollCreationMessageV2 ?? m.pollCreationMessageV3 ?? m.pollCreationMessageV5;
  if (poll) {
    const name = storableText(poll.name ?? '');
    const options = (poll.options ?? []).slice(0, LISTED_MAX).map(({ optionName }) => storableText(optionName ?? ''));
    return {
      type: 'poll',
      text: name,
      content: { poll: { name, options, selectable_count: poll.selectableOptionsCount ?? 0 } },
    };
  }
  const invite = m.groupInviteMessage;
  return invite?.groupJid && invite.inviteCode ? inviteContent(invite) : { type: 'unsupported' };
}

function inviteContent(invite: proto.Message.IGroupInviteMessage): Said {
  const subject = storableText(invite.groupName ?? '');
  const group_invite = {
    group_jid: storableText(invite.groupJid ?? ''),
    subject,
    code: storableText(invite.inviteCode ?? ''),
    expires_at: storableTime(invite.inviteExpiration).toISOString(),
  };
  return { type: 'text', text: invite.caption || subject, content: { group_invite } };
}

function cardOf({ displayName, vcard: sent }: proto.Message.IContactMessage): ContactCard {
  const card = storableText(sent ?? '');
  // RFC 6350: a line that begins with a blank goes on with the one before; a property may have a group before it.
  const lines = card.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const phones = lines.flatMap((line) => /^(?:[\w-]+\.)?TEL[^:]*:(?:tel:)?(.+)$/i.exec(line)?.[1]?.trim() ?? []);
  const vcard = lines.filter((line) => !/^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND)[;:]/i.test(line)).join('\n');
  return { name: storableText(displayName ?? ''), phones, vcard: vcard.slice(0, CARD_MAX) };
}

/** Where a message keeps what it quotes, whom it mentions, whether it was passed on. */
export function contextOf(m: proto.IMessage): proto.IContextInfo | null {
  for (const part of Object.values(m) as unknown[])
    if (typeof part === 'object' && part !== null && 'contextInfo' in part && part.contextInfo) return part.contextInfo;
  return null;
}

function mentionsIn(context: proto.IContextInfo | null): MessageContent {
  const mentions: Mention[] = (context?.mentionedJid ?? [])
    .slice(0, MENTIONS_MAX)
    .map((jid) => peerOf(jid))
    .filter(({ phone, lid }) => phone ?? lid)
    .map(({ phone, lid }) => ({ phone_number: storableText(phone), lid: storableText(lid) }));
  return mentions.length > 0 ? { mentions } : {};
}

function quotedIn(context: proto.IContextInfo | null, by: Writer): QuotedMessage | null {
  if (!context?.stanzaId) return null;
  const author = peerOf(context.participant);
  const theirs = by.us ? !samePeer(author, by.us) : samePeer(author, by.peer);
  const direction = directionOf(!theirs);
  const said = context.quotedMessage ? toContent(context.quotedMessage, { ...by, fromMe: !theirs }) : null;
  const sender = { phone_number: storableText(author.phone), lid: storableText(author.lid) };
  return {
    ...(by.us && theirs && (author.phone ?? author.lid) ? { sender } : {}),
    whatsapp_message_id: storableId(context.stanzaId),
    direction,
    type: said?.type ?? 'unsupported',
    text: snapshotOf(said?.text ?? null),
  };
}

/** @returns null for none */
function msOf(value: unknown): number | null {
  const ms = Number(value ?? 0);
  return ms > 0 ? ms : null;
}
