/** The bytes of a file that a phone shall send: given as base64 or fetched from a URL. */
import { SandboxError } from '../server/sandbox-error.ts';
import { MAX_MEDIA_BYTES } from './schemas.ts';

const FETCH_TIMEOUT_MS = 30_000;

export async function loadFile({
  url,
  base64,
}: {
  url?: string | undefined;
  base64?: string | undefined;
}): Promise<Buffer> {
  const bytes = url === undefined ? Buffer.from(base64 ?? '', 'base64') : await download(url);
  if (bytes.length > MAX_MEDIA_BYTES) throw new SandboxError('too-large', 'A file may have 100 MB.');
  return bytes;
}

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new SandboxError('invalid', `The file could not be fetched from ${url}.`, { cause: error });
  }
}
