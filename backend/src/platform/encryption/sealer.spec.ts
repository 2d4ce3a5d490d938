import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../../config/config.ts';
import { Sealer, UnsealError } from './sealer.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const sealerWith = (...keys: string[]) =>
  new Sealer(
    loadConfig({ DATABASE_URL: 'postgresql://x/x', AUTH_SECRET: 'a'.repeat(32), ENCRYPTION_KEYS: keys.join(',') }),
  );

it('opens what it sealed, in its place', () => {
  const sealer = sealerWith(key('a'));
  expect(sealer.open(sealer.seal(Buffer.from('secret'), 'row 1'), 'row 1').toString()).toBe('secret');
});

it('never seals the same bytes alike', () => {
  const sealer = sealerWith(key('a'));
  expect(sealer.seal(Buffer.from('secret'), 'x').sealed).not.toEqual(sealer.seal(Buffer.from('secret'), 'x').sealed);
});

it('refuses what was moved to another row or changed by one bit', () => {
  const sealer = sealerWith(key('a'));
  const sealed = sealer.seal(Buffer.from('secret'), 'row 1');
  expect(() => sealer.open(sealed, 'row 2')).toThrow(UnsealError);
  const changed = Buffer.from(sealed.sealed);
  changed[14] = (changed[14] ?? 0) ^ 1;
  expect(() => sealer.open({ ...sealed, sealed: changed }, 'row 1')).toThrow(UnsealError);
});

it('opens with a retired key and seals with the new one', () => {
  const old = key('old');
  const sealed = sealerWith(old).seal(Buffer.from('secret'), 'x');
  const sealer = sealerWith(key('new'), old);
  expect(sealer.open(sealed, 'x').toString()).toBe('secret');
  expect(sealer.seal(Buffer.from('secret'), 'x').keyId).toBe('new');
});

it('names the key that is missing', () => {
  const sealed = sealerWith(key('gone')).seal(Buffer.from('secret'), 'x');
  expect(() => sealerWith(key('new')).open(sealed, 'x')).toThrow(/"gone" is not in ENCRYPTION_KEYS/);
});
