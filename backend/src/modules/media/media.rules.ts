/** How a file can be sent. */
export type SentAs = 'image' | 'video' | 'gif' | 'audio' | 'voice' | 'document' | 'sticker';

/** What WhatsApp shows and plays as that; anything is a document. */
const SENDABLE: Readonly<Record<SentAs, RegExp>> = {
  image: /^image\/(jpeg|png|webp)$/,
  sticker: /^image\/webp$/,
  video: /^video\/(mp4|3gpp)$/,
  gif: /^video\/mp4$/,
  audio: /^audio\/(aac|x-m4a|mp4|mpeg|amr|ogg)/,
  voice: /^audio\/ogg/,
  document: /^/,
};

export const isSendable = (mimeType: string, as: SentAs): boolean => SENDABLE[as].test(mimeType);

const MB = 1024 * 1024;

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
