import { scryptSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserFacingError } from '../lib/user-facing-error.ts';

export const MANIFEST = 'manifest.json';

/** Raised when a restore of an older version could not read it any more. */
export const FORMAT = 1;

/** One table of a backup: a gzipped COPY in Postgres' text format. */
export type SavedTable = {
  /** With its schema, as in `private.outbox`. */
  name: string;
  columns: string[];
  /** From the directory of the backup. */
  file: string;
  rows: number;
  /** Of what is inside the gzip. */
  sha256: string;
};

/** What a backup says of itself; written last, so that a directory without it is none. */
export type Manifest = {
  format: typeof FORMAT;
  takenAt: string;
  /** Host, port and name of the database; no user, no password. */
  source: string;
  /** What the database had, in order. */
  migrations: string[];
  /** By key id, a digest of the key: what is sealed opens with the same keys only. */
  encryptionKeys: Record<string, string>;
  /** A digest of AUTH_SECRET; null where people sign in elsewhere. */
  authSecret: string | null;
  tables: SavedTable[];
  media: { files: number; bytes: number };
};

/** @throws UserFacingError when the directory holds no backup that this version can read. */
export function readManifest(directory: string): Manifest {
  const file = join(directory, MANIFEST);
  if (!existsSync(file)) throw new UserFacingError(`${directory} holds no finished backup: it has no ${MANIFEST}.`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if (manifest.format !== FORMAT) {
    throw new UserFacingError(
      `${directory} is a backup of format ${String(manifest.format)}: restore it with the version that made it.`,
    );
  }
  return manifest;
}

/** The settings that what is in the database depends on. */
export type HouseSecrets = { ENCRYPTION_KEYS?: string | undefined; AUTH_SECRET?: string | undefined };

/** @returns what tells a house's secrets from others, and nothing else of them. */
export function digestsOf({
  ENCRYPTION_KEYS,
  AUTH_SECRET,
}: HouseSecrets): Pick<Manifest, 'encryptionKeys' | 'authSecret'> {
  const keys = (ENCRYPTION_KEYS ?? '').split(',').filter(Boolean);
  return {
    encryptionKeys: Object.fromEntries(
      keys.map((entry) => {
        const [id = '', encoded = ''] = entry.trim().split(':');
        return [id, digest(Buffer.from(encoded, 'base64'))];
      }),
    ),
    authSecret: AUTH_SECRET ? digest(AUTH_SECRET) : null,
  };
}

/** Slow on purpose: AUTH_SECRET may have been made up by a person. */
const digest = (secret: string | Buffer): string => scryptSync(secret, 'wasel backup', 16).toString('hex');

/** @throws UserFacingError when this house could not open what the backup's house sealed. */
export function assertSameSecrets(manifest: Manifest, secrets: HouseSecrets): void {
  const ours = digestsOf(secrets);
  const lacking = Object.entries(manifest.encryptionKeys).filter(([id, key]) => ours.encryptionKeys[id] !== key);
  if (lacking.length > 0) {
    const names = lacking.map(([id]) => `"${id}"`).join(', ');
    throw new UserFacingError(
      `ENCRYPTION_KEYS lacks ${names}, which the backup is sealed with: add it behind the first, as it was in the old house.`,
    );
  }
  if (manifest.authSecret !== null && manifest.authSecret !== ours.authSecret) {
    throw new UserFacingError('AUTH_SECRET is not the one of the backup: set it as it was in the old house.');
  }
}
