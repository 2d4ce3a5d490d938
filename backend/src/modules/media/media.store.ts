import type { Readable } from 'node:stream';
import type { OrganizationId } from '../../kernel/ids.ts';

/** Bytes from `start` to `end`, both included. */
export type ByteRange = Readonly<{ start: number; end: number }>;

/** Where files lie. Keys are ours; nothing that a user chose is part of one. */
export abstract class MediaStore {
  /** Takes a finished temporary file over. Storing the same content again changes nothing. @returns its key */
  abstract put(temporaryPath: string, organization: string, sha256: Buffer): Promise<string>;

  /** A stream of the file, or of a part of it. Rejects when the file is not there, before anything was read. */
  abstract open(storageKey: string, range?: ByteRange): Promise<Readable>;

  /** Where a stored file can be read from. Throws when the key is none that `put` has given. */
  abstract path(storageKey: string): string;

  /** Takes away every file of an organization. Doing it again changes nothing. */
  abstract removeAll(organization: OrganizationId): Promise<void>;

  /** A name for a file that is still being written, on the same disk. */
  abstract temporaryPath(): Promise<string>;
}
