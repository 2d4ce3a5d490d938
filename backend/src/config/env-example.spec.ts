import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from './config.ts';

const example = parseEnv(readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8'));
const secrets = {
  DATABASE_URL: 'postgresql://x/x',
  AUTH_SECRET: 'a'.repeat(32),
  ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
};

it('.env.example is read without a fault, and its values are the defaults', () => {
  const { media: _a, ...fromExample } = loadConfig({ ...example, ...secrets });
  const { media: _b, ...defaults } = loadConfig(secrets);
  expect(fromExample).toEqual(defaults);
});
