import { randomBytes } from 'node:crypto';
import { type Config, loadConfig } from '../config/config.ts';

/** One encryption key as ENCRYPTION_KEYS names it. */
export const anEncryptionKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** The settings that have no default, but for the database. */
export const someSecrets = (): Record<string, string> => ({
  ENCRYPTION_KEYS: anEncryptionKey('k1'),
  AUTH_SECRET: randomBytes(32).toString('hex'),
});

/** A complete configuration, of which a test names what matters to it. */
export const aConfig = (settings: Record<string, string> = {}): Config =>
  loadConfig({ DATABASE_URL: 'postgresql://wasel@127.0.0.1/none', ...someSecrets(), ...settings });
