import { createReadStream } from 'node:fs';
import { prepareWAMessageMedia, proto, type WAMediaUploadFunction } from '@whiskeysockets/baileys';
import { MediaRejected } from '../sessions.errors.ts';
import type { OutgoingContent, OutgoingFile } from '../session-traffic.ts';

/**
 * Our content as WhatsApp's. A file is encrypted and uploaded on the way.
 * @throws MediaRejected when the file cannot be read or made a thumbnail of
 */
export async function toWhatsAppMessage(
  content: OutgoingContent,
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  if (content.type === 'text') return { extendedTextMessage: { text: content.text } };
  const { file, caption } = content;
  const source = { stream: createReadStream(file.path) };
  const text = caption === null ? {} : { caption };
  return content.type === 'image'
    ? media({ image: source, mimetype: file.mimeType, ...text }, upload)
    : media({ document: source, ...documentOf(file), ...text }, upload);
}

const documentOf = ({ mimeType, fileName }: OutgoingFile) => ({ mimetype: mimeType, fileName: fileName ?? 'file' });

async function media(
  what: Parameters<typeof prepareWAMessageMedia>[0],
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  try {
    return await prepareWAMessageMedia(what, { upload });
  } catch (cause) {
    if (cause instanceof Error && /unsupported|corrupt|Input (file|buffer)/i.test(cause.message))
      throw new MediaRejected({ cause });
    throw cause;
  }
}
