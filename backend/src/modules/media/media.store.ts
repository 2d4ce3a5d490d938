import type { Readable } from 'node:stream';
import type { OrganizationId } from '../../kernel/ids.ts';

/** Bytes from `start` to `end`, both included. */
export type ByteRange = Readonly<{ start: number; end: number }>;

/** `<organization>/<first two of the hash>/<hash>`. Nothing else is a key, so none leads out of the store. */
const STORAGE_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9a-f]{2}\/[0-9a-f]{64}$/;

/** What a file is called in the store: by its organization and its content. */
export function storageKeyOf(organization: string, sha256: Buffer): string {
  const hash = sha256.toString('hex');
  return checkedKey(`${organization}/${hash.slice(0, 2)}/${hash}`);
}

/** Throws when it is no key of ours. */
export function checkedKey(storageKey: string): string {
  if (!STORAGE_KEY.test(storageKey)) throw new Error('this is no storage key');
  return storageKey;
}

/**
 * Where files lie. Keys are ours; nothing that a user chose is part of one.
 * Everything but `temporaryPath` throws MediaStoreUnavailable while the store is away.
 */
export abstract class MediaStore {
  /** Takes a finished temporary file over. Storing the same content again changes nothing. */
  abstract put(temporaryPath: string, storageKey: string): Promise<void>;

  /**
   * A stream of the file, or of a part of it. Rejects when the file is not there, before anything was read.
   * @throws MediaGone
   */
  abstract open(storageKey: string, range?: ByteRange): Promise<Readable>;

  /** Takes a file away. Doing it again changes nothing. */
  abstract remove(storageKey: string): Promise<void>;

  /** Takes away every file of an organization. Doing it again changes nothing. */
  abstract removeAll(organization: OrganizationId): Promise<void>;

  /** Takes away what was left half done before then. */
  abstract sweep(before: Date): Promise<void>;

  /** A name for a file that is still being written, on a disk of this node. */
  abstract temporaryPath(): Promise<string>;
}
