import { expect, it } from '@jest/globals';
import { aConfig, anEncryptionKey } from '../../testing/settings.ts';
import { Sealer, UnsealError } from './sealer.ts';

const sealerWith = (...keys: string[]) => new Sealer(aConfig({ ENCRYPTION_KEYS: keys.join(',') }));

it('opens what it sealed, in its place', () => {
  const sealer = sealerWith(anEncryptionKey('a'));
  expect(sealer.open(sealer.seal(Buffer.from('secret'), 'row 1'), 'row 1').toString()).toBe('secret');
});

it('never seals the same bytes alike', () => {
  const sealer = sealerWith(anEncryptionKey('a'));
  expect(sealer.seal(Buffer.from('secret'), 'x').sealed).not.toEqual(sealer.seal(Buffer.from('secret'), 'x').sealed);
});

it('refuses what was moved to another row or changed by one bit', () => {
  const sealer = sealerWith(anEncryptionKey('a'));
  const sealed = sealer.seal(Buffer.from('secret'), 'row 1');
  expect(() => sealer.open(sealed, 'row 2')).toThrow(UnsealError);
  const changed = Buffer.from(sealed.sealed);
  changed[14] = (changed[14] ?? 0) ^ 1;
  expect(() => sealer.open({ ...sealed, sealed: changed }, 'row 1')).toThrow(UnsealError);
});

it('opens with a retired key and seals with the new one', () => {
  const old = anEncryptionKey('old');
  const sealed = sealerWith(old).seal(Buffer.from('secret'), 'x');
  const sealer = sealerWith(anEncryptionKey('new'), old);
  expect(sealer.open(sealed, 'x').toString()).toBe('secret');
  expect(sealer.seal(Buffer.from('secret'), 'x').keyId).toBe('new');
});

it('names the key that is missing', () => {
  const sealed = sealerWith(anEncryptionKey('gone')).seal(Buffer.from('secret'), 'x');
  expect(() => sealerWith(anEncryptionKey('new')).open(sealed, 'x')).toThrow(/"gone" is not in ENCRYPTION_KEYS/);
});
