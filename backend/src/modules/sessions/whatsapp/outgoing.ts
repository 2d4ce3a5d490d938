import { prepareWAMessageMedia, proto, type WAMediaUploadFunction } from '@whiskeysockets/baileys';
import { MediaRejected } from '../sessions.errors.ts';
import type { OutgoingContent, OutgoingFile } from '../session-traffic.ts';

/**
 * Our content as WhatsApp's. A file is encrypted and uploaded on the way.
 * @throws MediaRejected when WhatsApp can make nothing of the file
 * @throws MediaStoreUnavailable | MediaGone when it cannot be read
 */
export async function toWhatsAppMessage(
  content: OutgoingContent,
  upload: WAMediaUploadFunction,
): Promise<proto.IMessage> {
  if (content.type === 'text') return { extendedTextMessage: { text: content.text } };
  const { file, caption } = content;
  const source = { stream: await file.open() };
  const text = caption === null ? {} : { caption };
  return content.type === 'image'
    ? media({ image: source, mimetype: file.mimeType, ...pictureOf(file), ...text }, upload)
    : media({ document: source, ...documentOf(file), ...text }, upload);
}

/** Without a thumbnail of ours Baileys makes one, and measures the picture by the way. */
const pictureOf = ({ thumbnail, width, height }: OutgoingFile) =>
  thumbnail && width && height ? { jpegThumbnail: Buffer.from(thumbnail).toString('base64'), width, height } : {};

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
