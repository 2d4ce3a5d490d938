import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The backend's secrets, by the names of their variables. */
export type Secrets = { ENCRYPTION_KEYS: string; AUTH_SECRET: string };

/**
 * Makes the secrets at the first call and reads them at the next ones. Whoever loses the file loses the linked
 * numbers: their keys are encrypted with it.
 */
export function loadSecrets(directory: string): Secrets {
  const file = join(directory, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;

  const secrets = {
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}
