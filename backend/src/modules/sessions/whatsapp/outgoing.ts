import { randomBytes } from 'node:crypto';
import { type BinaryNode, prepareWAMessageMedia, proto, type WAMediaUploadFunction } from '@whiskeysockets/baileys';
import type { ContactCard, GroupInvite, MessageContent } from '../../messages/message-content.dto.ts';
import type { QuotedMessage } from '../../messages/messages.dto.ts';
import { MediaRejected } from '../sessions.errors.ts';
import type { GroupAudience } from '../session-groups.ts';
import type { Chat, MessageTarget, OutgoingContent, OutgoingFile, Peer } from '../session-traffic.ts';
import { unwrap } from './content.ts';
import { chatJid, isGroupChat, jidOf, memberJid, samePeer } from './peer.ts';

/** Between whom, and how files get to the media server. */
export type Sending = Readonly<{
  self: Peer;
  to: Chat;
  /** Who is in the group that it goes to. */
  audience: GroupAudience | null;
  now: Date;
  upload: WAMediaUploadFunction;
}>;

/**
 * Our content as WhatsApp's. A file is encrypted and uploaded on the way; the secret of a poll is made here, so that what
 * comes of this is to be kept.
 * @throws MediaRejected when WhatsApp can make nothing of the file
 * @throws MediaStoreUnavailable | MediaGone when it cannot be read
 */
export async function toWhatsAppMessage(what: OutgoingContent, sending: Sending): Promise<proto.IMessage> {
  const message = changeOf(what, sending) ?? (await newMessage(what, sending));
  return what.content?.view_once ? { viewOnceMessage: { message } } : message;
}

type Routing = Readonly<{ additionalAttributes?: BinaryNode['attrs']; additionalNodes?: BinaryNode[] }>;

/** What the server is told of a message that it cannot read: as Baileys' own sendMessage does (messages-send.js). */
export function routingOf(message: proto.IMessage): Routing {
  const { m } = unwrap(message);
  const { Type } = proto.Message.ProtocolMessage;
  if (m.protocolMessage?.type === Type.MESSAGE_EDIT) return { additionalAttributes: { edit: '1' } };
  if (m.protocolMessage?.type === Type.REVOKE) return { additionalAttributes: { edit: '7' } };
  if (m.pollCreationMessage ?? m.pollCreationMessageV3)
    return { additionalNodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }] };
  return {};
}

/** What is done to another message. Other clients find it by this key. */
function changeOf({ type, text, content, target }: OutgoingContent, sending: Sending): proto.IMessage | null {
  if (!target) return null;
  const key = keyOf(target, sending);
  const timestampMs = sending.now.getTime();
  const { Type } = proto.Message.ProtocolMessage;
  if (type === 'reaction') return { reactionMessage: { key, text, senderTimestampMs: timestampMs } };
  if (type === 'delete') return { protocolMessage: { key, type: Type.REVOKE } };
  const contextInfo = mentioning(content, sending);
  const editedMessage = { extendedTextMessage: { text, ...(contextInfo ? { contextInfo } : {}) } };
  return { protocolMessage: { key, type: Type.MESSAGE_EDIT, editedMessage, timestampMs } };
}

function keyOf({ whatsappMessageId, direction, sender }: MessageTarget, sending: Sending): proto.IMessageKey {
  const key = { remoteJid: chatJid(sending.to), fromMe: direction === 'outbound', id: whatsappMessageId };
  return sender && direction === 'inbound' ? { ...key, participant: memberOf(sender, sending) } : key;
}

const memberOf = (person: Peer, { audience }: Sending): string => memberJid(person, audience?.addressing ?? 'lid');

async function newMessage(what: OutgoingContent, sending: Sending): Promise<proto.IMessage> {
  const context = contextOf(what, sending);
  const contextInfo = Object.keys(context).length > 0 ? { contextInfo: context } : {};
  if (what.file) return fileMessage(what, what.file, contextInfo, sending.upload);
  const { location, contacts, poll, group_invite: invite } = what.content ?? {};
  if (location) {
    const { latitude, longitude, name, address } = location;
    return {
      locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, name, address, ...contextInfo },
    };
  }
  if (contacts) return contactsMessage(contacts, contextInfo);
  if (poll) return pollMessage(poll, contextInfo);
  if (invite) return inviteMessage(invite, what.text, contextInfo);
  return { extendedTextMessage: { text: textOf(what, sending), ...previewOf(what), ...contextInfo } };
}

/** With the names of everybody, where they are to be shown: WhatsApp's apps show each `@` and address as a name. */
function textOf({ text, content }: OutgoingContent, sending: Sending): string {
  if (content?.mention_all !== 'shown') return text ?? '';
  const names = everybody(sending).map((jid) => `@${jid.split('@')[0]}`);
  return [text, names.join(' ')].filter(Boolean).join('\n');
}

const everybody = (sending: Sending): string[] =>
  (sending.audience?.people ?? [])
    .filter((person) => !samePeer(person, sending.self))
    .map((person) => memberOf(person, sending));

type WithContext = { contextInfo?: proto.IContextInfo };

function contactsMessage(contacts: readonly ContactCard[], contextInfo: WithContext): proto.IMessage {
  const cards = contacts.map(({ name, vcard }) => ({ displayName: name, vcard }));
  const [only] = cards;
  if (cards.length === 1) return { contactMessage: { ...only, ...contextInfo } };
  const displayName = cards.map((card) => card.displayName).join(', ');
  return { contactsArrayMessage: { displayName, contacts: cards, ...contextInfo } };
}

/** As Baileys' messages.js: a poll of one choice is of the third version. Votes are sealed with the secret. */
function pollMessage(poll: NonNullable<MessageContent['poll']>, contextInfo: WithContext): proto.IMessage {
  const creation = {
    name: poll.name,
    options: poll.options.map((optionName) => ({ optionName })),
    selectableOptionsCount: poll.selectable_count,
    ...contextInfo,
  };
  const messageContextInfo = { messageSecret: randomBytes(32) };
  return poll.selectable_count === 1
    ? { messageContextInfo, pollCreationMessageV3: creation }
    : { messageContextInfo, pollCreationMessage: creation };
}

function inviteMessage(invite: GroupInvite, caption: string | null, contextInfo: WithContext): proto.IMessage {
  const { group_jid: groupJid, subject: groupName, code: inviteCode, expires_at: expiresAt } = invite;
  const inviteExpiration = Math.floor(Date.parse(expiresAt) / 1_000);
  return { groupInviteMessage: { groupJid, groupName, inviteCode, inviteExpiration, caption, ...contextInfo } };
}

function previewOf({ preview }: OutgoingContent): proto.Message.IExtendedTextMessage {
  if (!preview?.title) return {};
  return {
    matchedText: preview.url,
    title: preview.title,
    description: preview.description,
    previewType: proto.Message.ExtendedTextMessage.PreviewType.NONE,
    ...(preview.thumbnail ? { jpegThumbnail: preview.thumbnail } : {}),
  };
}

/** Whom it answers, names, and whether it was passed on. */
function contextOf({ replyTo, content }: OutgoingContent, sending: Sending): proto.IContextInfo {
  const forwards = content?.forwards;
  const expiration = sending.audience?.ephemeralSeconds;
  return {
    ...(replyTo
      ? {
          stanzaId: replyTo.whatsapp_message_id,
          participant: authorOf(replyTo, sending),
          quotedMessage: quotable(replyTo.payload) ?? { conversation: replyTo.text ?? '' },
        }
      : {}),
    ...mentioning(content, sending),
    ...(expiration ? { expiration } : {}),
    ...(forwards ? { isForwarded: true, forwardingScore: forwards } : {}),
  };
}

/** Whose message is quoted. */
function authorOf({ direction, sender }: QuotedMessage, sending: Sending): string {
  const { self, to } = sending;
  if (!isGroupChat(to)) return jidOf(direction === 'outbound' ? self : to);
  if (direction === 'outbound') return memberOf(self, sending);
  return sender ? memberOf({ phone: sender.phone_number, lid: sender.lid }, sending) : chatJid(to);
}

function mentioning(content: MessageContent | null, sending: Sending): proto.IContextInfo | undefined {
  const named = content?.mentions?.map(({ phone_number: phone, lid }) => jidOf({ phone, lid })) ?? [];
  const mentionedJid = [...named, ...(content?.mention_all ? everybody(sending) : [])];
  return mentionedJid.length > 0 ? { mentionedJid } : undefined;
}

/** What is quoted as it was sent, without what that quoted in turn and without its secrets. */
function quotable(payload: Uint8Array | null): proto.IMessage | null {
  if (!payload) return null;
  const { messageContextInfo: _, ...quoted } = unwrap(proto.Message.decode(payload)).m;
  for (const part of Object.values(quoted) as unknown[])
    if (typeof part === 'object' && part !== null && 'contextInfo' in part) delete part.contextInfo;
  return quoted;
}

async function fileMessage(
  { type, text, content }: OutgoingContent,
  file: OutgoingFile,
  contextInfo: WithContext,
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  const media = { stream: await file.open() };
  const seconds = file.durationSeconds ?? content?.duration_seconds;
  const common = {
    mimetype: file.mimeType,
    ...contextInfo,
    ...(text === null ? {} : { caption: text }),
    ...(file.width && file.height ? { width: file.width, height: file.height } : {}),
    ...(seconds === undefined ? {} : { seconds }),
  };
  const thumbnail = file.thumbnail ? { jpegThumbnail: Buffer.from(file.thumbnail).toString('base64') } : {};
  // Without a picture Baileys would ask a program for one that may not be installed.
  const still = { jpegThumbnail: '', ...thumbnail };
  // Without the size of the picture Baileys measures it, and makes the thumbnail by the way.
  if (type === 'image') return prepare({ image: media, ...common, ...(file.width ? thumbnail : {}) }, upload);
  if (type === 'video') return prepare({ video: media, ...common, ...still }, upload);
  if (type === 'gif') return prepare({ video: media, ...common, ...still, gifPlayback: true }, upload);
  if (type === 'audio') return prepare({ audio: media, ...common }, upload);
  if (type === 'voice')
    return prepare(
      { audio: media, ...common, ptt: true, ...(file.waveform ? { waveform: file.waveform } : {}) },
      upload,
    );
  if (type === 'sticker') return prepare({ sticker: media, ...common }, upload);
  return prepare({ document: media, ...common, fileName: file.fileName ?? 'file' }, upload);
}

async function prepare(
  what: Parameters<typeof prepareWAMessageMedia>[0],
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  try {
    return await prepareWAMessageMedia(what, { upload });
  } catch (cause) {
    if (cause instanceof Error && /unsupported|corrupt|Input (file|buffer)/i.test(cause.message))
      throw new MediaRejected({ cause });
    // Without its code, which is one that says that the connection broke: it is there, and the file is to be tried again.
    if (cause instanceof Error && cause.message.startsWith('Media upload failed'))
      throw new Error('WhatsApp did not take the file', { cause });
    throw cause;
  }
}
