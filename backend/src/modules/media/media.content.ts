import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import { MediaTooLarge } from './media.errors.ts';
import { FILE_MAX_BYTES } from './media.rules.ts';

/** Bytes that are looked at to tell text from anything else. */
const SNIFF_BYTES = 4_096;

/**
 * Writes a file as it streams in, hashed and counted on the way; it is never whole in memory. When it resolves the bytes
 * are on the disk, not only on their way there.
 * @throws MediaTooLarge as soon as there are more than `FILE_MAX_BYTES`
 */
export async function writeContent(
  content: NodeJS.ReadableStream,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ sha256: Buffer; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes > FILE_MAX_BYTES) done(new MediaTooLarge(FILE_MAX_BYTES));
      else done(null, chunk);
    },
  });
  // Open before anything can fail: a file that came into being after its upload had failed would be removed by nobody.
  const file = await open(path, 'wx', 0o600);
  await pipeline(content, count, file.createWriteStream({ flush: true }), signal ? { signal } : {});
  return { sha256: hash.digest(), sizeBytes };
}

/** What a file is, by its first bytes; its name and what was claimed of it play no part. */
export async function mimeTypeOf(path: string): Promise<string> {
  // What begins like a known format and goes on otherwise is of no known type.
  const known = await fileTypeFromFile(path).catch(() => undefined);
  return known?.mime ?? ((await isText(path)) ? 'text/plain' : 'application/octet-stream');
}

async function isText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    const beginning = buffer.subarray(0, bytesRead);
    if (beginning.includes(0)) return false;
    new TextDecoder('utf-8', { fatal: true }).decode(beginning, { stream: true });
    return true;
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

export type Picture = Readonly<{ width: number | null; height: number | null; thumbnail: Buffer | null }>;

const NO_PICTURE: Picture = { width: null, height: null, thumbnail: null };
/** Of a thumbnail: small enough to travel inside a message and to lie in a row. */
const THUMBNAIL = { size: 160, quality: 50 } as const;
/** Larger pictures are not opened to make a small one of them. */
const PIXELS_MAX = 100_000_000;

/** A picture as it is shown, in pixels: cameras store it lying and say how to turn it. Null where it cannot be measured. */
export async function pictureOf(path: string, mimeType: string): Promise<Picture> {
  if (!mimeType.startsWith('image/')) return NO_PICTURE;
  try {
    const { autoOrient } = await sharp(path, { failOn: 'none' }).metadata();
    const { width, height } = autoOrient;
    return { width, height, thumbnail: await thumbnailOf(path).catch(() => null) };
  } catch {
    return NO_PICTURE;
  }
}

export function thumbnailOf(picture: string | Uint8Array): Promise<Buffer> {
  const { size, quality } = THUMBNAIL;
  return sharp(picture, { failOn: 'none', limitInputPixels: PIXELS_MAX })
    .autoOrient()
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .jpeg({ quality })
    .toBuffer();
}
