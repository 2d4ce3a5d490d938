import type { FileType } from './media.dto.ts';
import { MediaNotVoice, MediaTooLarge, MediaTypeMismatch, StickerSize } from './media.errors.ts';

const KB = 1024;
const MB = 1024 * KB;

/** Largest file that is kept here, whatever it is. WhatsApp itself takes documents of up to 2 GB. */
export const FILE_MAX_BYTES = 100 * MB;

/**
 * Largest picture, video and recording that WhatsApp takes as such. Audio and video: Meta's table of supported media types,
 * as https://docs.aws.amazon.com/social-messaging/latest/userguide/supported-media-types.html repeats it (read November
 * 2026). The table is of the Cloud API, whose 5 MB for pictures do not bind linked devices: here they get what videos get.
 */
const UPLOAD_LIMITS: readonly (readonly [prefix: string, bytes: number])[] = [
  ['image/', 16 * MB],
  ['video/', 16 * MB],
  ['audio/', 16 * MB],
];

/** Most bytes of a file that somebody uploads to send it. */
export const uploadLimitOf = (mimeType: string): number =>
  UPLOAD_LIMITS.find(([prefix]) => mimeType.startsWith(prefix))?.[1] ?? FILE_MAX_BYTES;

/** What decides whether a file can be sent as something; null where it is not known. */
export type Sendable = Readonly<{
  mimeType: string;
  sizeBytes: number;
  width: number | null;
  height: number | null;
  preparation: string;
}>;

/**
 * The types that WhatsApp's clients show as what they are, by the table above, as they are sniffed; all else goes as a document.
 * A recording of any type is made a voice message of here.
 */
const TYPES: Readonly<Record<Exclude<FileType, 'document'>, RegExp>> = {
  image: /^image\/(jpeg|png|webp)$/,
  video: /^video\/(mp4|3gpp)$/,
  gif: /^video\/mp4$/,
  audio: /^audio\/(aac|amr|mpeg|mp4|x-m4a|ogg(; ?codecs=opus)?)$/,
  voice: /^audio\//,
  sticker: /^image\/webp$/,
};
/** Of a sticker, in pixels; and of one that moves, the larger of the two limits: whether it moves is not looked at. */
const STICKER = { side: 512, bytesMax: 500 * KB } as const;

/** @throws MediaTypeMismatch | MediaTooLarge | MediaNotVoice | StickerSize when WhatsApp would not show the file as that */
export function assertSendableAs(as: FileType, file: Sendable): void {
  if (as === 'document') return;
  if (!TYPES[as].test(file.mimeType)) throw new MediaTypeMismatch(as, file.mimeType);
  const limit = as === 'sticker' ? STICKER.bytesMax : uploadLimitOf(file.mimeType);
  if (file.sizeBytes > limit) throw new MediaTooLarge(limit);
  if (as === 'voice' && file.preparation === 'failed') throw new MediaNotVoice();
  if (as === 'sticker' && (file.width !== STICKER.side || file.height !== STICKER.side))
    throw new StickerSize(STICKER.side);
}

/** A file name without directories and control characters, of a length that people can read. */
export const cleanFileName = (name: string | undefined): string | null => {
  const bare = (name ?? '').replace(/^.*[\\/]/s, '').replaceAll(/\p{Cc}/gu, '');
  return Array.from(bare).slice(0, 200).join('') || null; // by character: half an emoji is no text
};

/**
 * `Content-Disposition`: what browsers show safely is shown in the page, the rest is saved under its own name. The name is
 * given twice (RFC 6266): plain for old clients, and in the encoding of RFC 5987.
 */
export function dispositionOf(mimeType: string, fileName: string | null): string {
  const how = /^(image|audio|video)\//.test(mimeType) && mimeType !== 'image/svg+xml' ? 'inline' : 'attachment';
  if (fileName === null) return how;
  const plain = fileName.replaceAll(/[^ -~]|["%\\]/gu, '_');
  const encoded = encodeURIComponent(fileName).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** `bytes=a-b` of a file, or null when it asks for what is not there. Several ranges at once are answered as none. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end && start < size ? { start, end } : null;
}

const MINUTE_MS = 60_000;
/** Waits between two tries to fetch a file: together longer than WhatsApp's media servers are usually away. */
const FETCH_DELAYS_MS: readonly number[] = [5_000, 30_000, 3 * MINUTE_MS, 15 * MINUTE_MS];

/** How long to wait after so many failed tries, in milliseconds; null when there is to be no further try. */
export const fetchDelayMs = (failedTries: number): number | null => FETCH_DELAYS_MS[failedTries - 1] ?? null;
