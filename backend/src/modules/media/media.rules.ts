/** What WhatsApp shows as a picture; anything else goes as a document. */
export const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

const MB = 1024 * 1024;

/** Largest file of each kind that WhatsApp takes; documents are capped lower here. Source: WhatsApp's help pages, read November 2026. */
const LIMITS: readonly (readonly [prefix: string, bytes: number])[] = [
  ['image/', 16 * MB],
  ['video/', 64 * MB],
  ['audio/', 16 * MB],
];
export const UPLOAD_MAX_BYTES = 100 * MB;

export const sizeLimitOf = (mimeType: string): number =>
  LIMITS.find(([prefix]) => mimeType.startsWith(prefix))?.[1] ?? UPLOAD_MAX_BYTES;

/** A file name without directories and control characters, short enough for any disk. */
export const cleanFileName = (name: string | undefined): string | null =>
  name
    ?.replace(/^.*[\\/]/, '')
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, 200) || null;

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
