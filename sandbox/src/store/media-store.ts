/** Uploaded media: ciphertext by path. The server cannot read it; only the people in the chat hold the key. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MediaStore {
  /** Returns only after the bytes are kept. */
  put(name: string, bytes: Buffer): void;
  get(name: string): Buffer | undefined;
}

/** Names are made by `newMediaName`; anything else is refused, so that a path never leaves the directory. */
const NAME = /^[0-9a-f]{32}\.enc$/;

export function memoryMediaStore(): MediaStore {
  const blobs = new Map<string, Buffer>();
  return { put: (name, bytes) => void blobs.set(name, bytes), get: (name) => blobs.get(name) };
}

/** Keeps each blob as a file, written beside its place and renamed into it, so that a crash leaves no half file. */
export function fileMediaStore(directory: string): MediaStore {
  mkdirSync(directory, { recursive: true });
  return {
    put(name, bytes) {
      if (!NAME.test(name)) throw new Error(`not a media name: ${name}`);
      writeFileSync(join(directory, `${name}.part`), bytes);
      renameSync(join(directory, `${name}.part`), join(directory, name));
    },
    get(name) {
      if (!NAME.test(name) || !existsSync(join(directory, name))) return undefined;
      return readFileSync(join(directory, name));
    },
  };
}
