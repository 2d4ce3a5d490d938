/** Making messages: a text, or a file that is encrypted and laid down at the media host. */
import type { proto } from '@whiskeysockets/baileys';
import type { MediaHost } from '../server/media-host.ts';
import { encryptMedia } from './media-cipher.ts';
import type { MediaKind } from './message-content.ts';

export type FileToSend = Readonly<{
  kind: MediaKind;
  bytes: Buffer;
  mimetype?: string;
  fileName?: string;
  caption?: string;
}>;

const DEFAULT_MIMETYPE: Readonly<Record<MediaKind, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  gif: 'video/mp4',
  audio: 'audio/mpeg',
  voice: 'audio/ogg; codecs=opus',
  document: 'application/octet-stream',
  sticker: 'image/webp',
};

/** Keys of all files are derived for one of four types; a voice message is audio, a sticker an image. */
const HKDF_TYPE = {
  image: 'image',
  video: 'video',
  gif: 'video',
  audio: 'audio',
  voice: 'audio',
  document: 'document',
  sticker: 'image',
} as const;

export function composeText(text: string): proto.IMessage {
  return { conversation: text };
}

export async function composeFile(mediaHost: MediaHost, file: FileToSend): Promise<proto.IMessage> {
  const { ciphertext, mediaKey, fileSha256, fileEncSha256 } = await encryptMedia(file.bytes, HKDF_TYPE[file.kind]);
  const { url, directPath } = mediaHost.keep(ciphertext);
  const common = {
    url,
    directPath,
    mediaKey,
    fileSha256,
    fileEncSha256,
    fileLength: file.bytes.length,
    mediaKeyTimestamp: Math.floor(Date.now() / 1000),
    mimetype: file.mimetype ?? DEFAULT_MIMETYPE[file.kind],
  };
  return fileMessage(file, { ...common, ...(file.caption !== undefined && { caption: file.caption }) });
}

type FileFacts = proto.Message.IImageMessage & { mimetype: string };

function fileMessage({ kind, fileName = 'document' }: FileToSend, facts: FileFacts): proto.IMessage {
  switch (kind) {
    case 'image':
      return { imageMessage: facts };
    case 'video':
      return { videoMessage: facts };
    case 'gif':
      return { videoMessage: { ...facts, gifPlayback: true } };
    case 'audio':
      return { audioMessage: facts };
    case 'voice':
      return { audioMessage: { ...facts, ptt: true, seconds: 1 } };
    case 'document':
      return { documentMessage: { ...facts, fileName, title: fileName } };
    case 'sticker':
      return { stickerMessage: facts };
  }
  return kind satisfies never;
}
