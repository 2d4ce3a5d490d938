/** What a message says, for people: WhatsApp's many message types reduced to a kind, a text and a file. */
import { type MediaType, normalizeMessageContent, proto } from '@whiskeysockets/baileys';

export const MEDIA_KINDS = ['image', 'video', 'gif', 'audio', 'voice', 'document', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** `edit`, `delete` and `vote` change another message (`targetId`) and are not shown themselves; `unsupported` is shown as such. */
export type MessageKind =
  MediaKind | 'text' | 'reaction' | 'location' | 'contact' | 'poll' | 'vote' | 'edit' | 'delete' | 'unsupported';

export type MediaFacts = Readonly<{ mimetype: string; fileName?: string; bytes: number }>;

export type MessageContent = Readonly<{
  kind: MessageKind;
  /** The text, the caption of a file, the emoji of a reaction, the name of a place or contact, the question of a poll. */
  text: string;
  media?: MediaFacts;
  details: MessageDetails;
  /** Id of the message that is edited, deleted or reacted to. */
  targetId?: string;
}>;

/** What there is besides; only what the message has. */
export type MessageDetails = Readonly<{
  replyTo?: { id: string; author: string; text: string };
  location?: { latitude: number; longitude: number; name: string | null; address: string | null; live: boolean };
  contacts?: { name: string; vcard: string }[];
  poll?: { name: string; options: string[]; selectableCount: number };
  mentions?: string[];
  /** Lets him into a group. */
  invite?: { group: string; name: string; code: string };
  preview?: { url: string; title: string; description: string | null; hasPicture: boolean };
  viewOnce?: true;
  /** How long one listens to it. */
  seconds?: number;
  /** How often it was passed on. */
  forwards?: number;
}>;

/** A file as it lies encrypted at the media host, with what is needed to read it. */
export type MediaPointer = Readonly<{
  directPath: string;
  mediaKey: Uint8Array;
  hkdfType: MediaType;
  facts: MediaFacts;
}>;

export function describeMessage(message: proto.IMessage): MessageContent {
  return { ...describeContent(message), details: detailsOf(message) };
}

function describeContent(message: proto.IMessage): Omit<MessageContent, 'details'> {
  const content = normalizeMessageContent(message) ?? {};
  const pointer = mediaPointer(content);
  const text = content.conversation ?? content.extendedTextMessage?.text ?? undefined;
  if (typeof text === 'string' && !pointer) return { kind: 'text', text };
  if (content.protocolMessage) return describeProtocol(content.protocolMessage);
  if (pointer) return { kind: pointer.kind, text: captionOf(content), media: pointer.facts };
  if (content.reactionMessage) {
    return {
      kind: 'reaction',
      text: content.reactionMessage.text ?? '',
      targetId: content.reactionMessage.key?.id ?? '',
    };
  }
  if (content.locationMessage)
    return { kind: 'location', text: content.locationMessage.name ?? coordinates(content.locationMessage) };
  if (content.contactMessage) return { kind: 'contact', text: content.contactMessage.displayName ?? '' };
  if (content.liveLocationMessage) return { kind: 'location', text: coordinates(content.liveLocationMessage) };
  if (content.contactsArrayMessage) return { kind: 'contact', text: content.contactsArrayMessage.displayName ?? '' };
  const invite = content.groupInviteMessage;
  if (invite) return { kind: 'text', text: invite.caption || (invite.groupName ?? '') };
  const poll = pollIn(content);
  if (poll) return { kind: 'poll', text: poll.name ?? '' };
  const vote = content.pollUpdateMessage;
  if (vote) return { kind: 'vote', text: '', targetId: vote.pollCreationMessageKey?.id ?? '' };
  return { kind: 'unsupported', text: '' };
}

export function pollIn(message: proto.IMessage): proto.Message.IPollCreationMessage | undefined {
  const content = normalizeMessageContent(message) ?? {};
  return content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3 ?? undefined;
}

function detailsOf(message: proto.IMessage): MessageDetails {
  const content = normalizeMessageContent(message) ?? {};
  const context = contextOf(content);
  const poll = pollIn(content);
  const place = content.locationMessage ?? content.liveLocationMessage;
  const cards = content.contactMessage ? [content.contactMessage] : content.contactsArrayMessage?.contacts;
  const link = content.extendedTextMessage;
  const invite = content.groupInviteMessage;
  const isViewOnce = message.viewOnceMessage ?? message.viewOnceMessageV2 ?? message.viewOnceMessageV2Extension;
  return {
    ...(context?.stanzaId && { replyTo: quotedIn(context) }),
    ...(place && { location: describePlace(content) }),
    ...(invite && {
      invite: { group: invite.groupJid ?? '', name: invite.groupName ?? '', code: invite.inviteCode ?? '' },
    }),
    ...(cards && { contacts: cards.map((card) => ({ name: card.displayName ?? '', vcard: card.vcard ?? '' })) }),
    ...(poll && {
      poll: {
        name: poll.name ?? '',
        options: poll.options?.map(({ optionName }) => optionName ?? '') ?? [],
        selectableCount: poll.selectableOptionsCount ?? 0,
      },
    }),
    ...(context?.mentionedJid?.length && { mentions: context.mentionedJid }),
    ...(link?.matchedText &&
      link.title && {
        preview: {
          url: link.matchedText,
          title: link.title,
          description: link.description ?? null,
          hasPicture: Boolean(link.jpegThumbnail?.length),
        },
      }),
    ...(isViewOnce && { viewOnce: true }),
    ...(content.audioMessage?.seconds && { seconds: content.audioMessage.seconds }),
    ...(context?.isForwarded && { forwards: context.forwardingScore ?? 1 }),
  };
}

/** Every kind of content keeps it under the same name. */
export function contextOf(content: proto.IMessage): proto.IContextInfo | undefined {
  for (const part of Object.values(content) as unknown[])
    if (typeof part === 'object' && part !== null && 'contextInfo' in part && part.contextInfo) return part.contextInfo;
  return undefined;
}

function quotedIn({ stanzaId, participant, quotedMessage }: proto.IContextInfo): MessageDetails['replyTo'] & object {
  return {
    id: stanzaId ?? '',
    author: participant ?? '',
    text: quotedMessage ? describeContent(quotedMessage).text : '',
  };
}

function describePlace({ locationMessage, liveLocationMessage }: proto.IMessage): MessageDetails['location'] & object {
  const place = locationMessage ?? liveLocationMessage;
  return {
    latitude: place?.degreesLatitude ?? 0,
    longitude: place?.degreesLongitude ?? 0,
    name: locationMessage?.name ?? null,
    address: locationMessage?.address ?? null,
    live: !locationMessage,
  };
}

/** Where the message's file is; undefined when it has none. */
export function mediaPointer(message: proto.IMessage): (MediaPointer & { kind: MediaKind }) | undefined {
  const content = normalizeMessageContent(message) ?? {};
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = content;
  if (imageMessage) return point('image', 'image', imageMessage);
  if (videoMessage) return point(videoMessage.gifPlayback ? 'gif' : 'video', 'video', videoMessage);
  if (content.ptvMessage) return point('video', 'video', content.ptvMessage);
  if (audioMessage) return point(audioMessage.ptt ? 'voice' : 'audio', 'audio', audioMessage);
  if (documentMessage) return point('document', 'document', documentMessage);
  if (stickerMessage) return point('sticker', 'image', stickerMessage);
  return undefined;
}

type FileMessage = Readonly<{
  directPath?: string | null;
  mediaKey?: Uint8Array | null;
  mimetype?: string | null;
  fileName?: string | null;
  fileLength?: number | { toNumber(): number } | null;
}>;

function point(kind: MediaKind, hkdfType: MediaType, file: FileMessage): MediaPointer & { kind: MediaKind } {
  const length = file.fileLength ?? 0;
  const facts = {
    mimetype: file.mimetype ?? 'application/octet-stream',
    bytes: typeof length === 'number' ? length : length.toNumber(),
    ...(file.fileName && { fileName: file.fileName }),
  };
  return { kind, hkdfType, facts, directPath: file.directPath ?? '', mediaKey: file.mediaKey ?? new Uint8Array() };
}

function captionOf({ imageMessage, videoMessage, documentMessage }: proto.IMessage): string {
  return imageMessage?.caption ?? videoMessage?.caption ?? documentMessage?.caption ?? '';
}

type Coordinates = Readonly<{ degreesLatitude?: number | null; degreesLongitude?: number | null }>;

function coordinates({ degreesLatitude, degreesLongitude }: Coordinates): string {
  return `${degreesLatitude ?? 0}, ${degreesLongitude ?? 0}`;
}

function describeProtocol(message: proto.Message.IProtocolMessage): Omit<MessageContent, 'details'> {
  const targetId = message.key?.id ?? '';
  if (message.type === proto.Message.ProtocolMessage.Type.REVOKE) return { kind: 'delete', text: '', targetId };
  if (message.type === proto.Message.ProtocolMessage.Type.MESSAGE_EDIT && message.editedMessage) {
    return { kind: 'edit', text: describeMessage(message.editedMessage).text, targetId };
  }
  return { kind: 'unsupported', text: '' };
}
