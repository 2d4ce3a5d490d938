import { join } from 'node:path';
import type { HouseSecrets } from '../backup/manifest.ts';
import { STATE } from './paths.ts';
import { loadSecrets } from './secrets.ts';

/** What the house that this directory starts seals with: the launcher's own secrets where none are set and the database is its own. */
export function houseSecrets(): HouseSecrets {
  const own = process.env.DATABASE_URL ? undefined : loadSecrets(STATE);
  return {
    ENCRYPTION_KEYS: process.env.ENCRYPTION_KEYS || own?.ENCRYPTION_KEYS,
    AUTH_SECRET: process.env.AUTH_SECRET || own?.AUTH_SECRET,
  };
}

export const houseMediaDir = (): string => process.env.MEDIA_DIR || join(STATE, 'media');
