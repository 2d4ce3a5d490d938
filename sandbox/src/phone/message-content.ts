/** What a message says, for people: WhatsApp's many message types reduced to a kind, a text and a file. */
import { type MediaType, normalizeMessageContent, proto } from '@whiskeysockets/baileys';

export const MEDIA_KINDS = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** `edit` and `delete` change another message (`targetId`) and are not shown themselves; `unsupported` is shown as such. */
export type MessageKind =
  MediaKind | 'text' | 'reaction' | 'location' | 'contact' | 'poll' | 'edit' | 'delete' | 'unsupported';

export type MediaFacts = Readonly<{ mimetype: string; fileName?: string; bytes: number }>;

export type MessageContent = Readonly<{
  kind: MessageKind;
  /** The text, the caption of a file, the emoji of a reaction, the name of a place or contact, the question of a poll. */
  text: string;
  media?: MediaFacts;
  /** Id of the message that is edited, deleted or reacted to. */
  targetId?: string;
}>;

/** A file as it lies encrypted at the media host, with what is needed to read it. */
export type MediaPointer = Readonly<{
  directPath: string;
  mediaKey: Uint8Array;
  hkdfType: MediaType;
  facts: MediaFacts;
}>;

export function describeMessage(message: proto.IMessage): MessageContent {
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
  const poll = content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
  if (poll) return { kind: 'poll', text: poll.name ?? '' };
  return { kind: 'unsupported', text: '' };
}

/** Where the message's file is; undefined when it has none. */
export function mediaPointer(message: proto.IMessage): (MediaPointer & { kind: MediaKind }) | undefined {
  const content = normalizeMessageContent(message) ?? {};
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = content;
  if (imageMessage) return point('image', 'image', imageMessage);
  if (videoMessage) return point('video', 'video', videoMessage);
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

function coordinates({ degreesLatitude, degreesLongitude }: proto.Message.ILocationMessage): string {
  return `${degreesLatitude ?? 0}, ${degreesLongitude ?? 0}`;
}

function describeProtocol(message: proto.Message.IProtocolMessage): MessageContent {
  const targetId = message.key?.id ?? '';
  if (message.type === proto.Message.ProtocolMessage.Type.REVOKE) return { kind: 'delete', text: '', targetId };
  if (message.type === proto.Message.ProtocolMessage.Type.MESSAGE_EDIT && message.editedMessage) {
    return { kind: 'edit', text: describeMessage(message.editedMessage).text, targetId };
  }
  return { kind: 'unsupported', text: '' };
}
