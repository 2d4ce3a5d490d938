import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { type KeysBench, openSessionKeys } from '../../testing/session-keys.ts';
import { aConfig, anEncryptionKey } from '../../testing/settings.ts';
import { KeysUnreadable } from './sessions.errors.ts';
import { placeOf, SessionKeysRepository } from './session-keys.repository.ts';
import { SessionProxiesRepository } from './session-proxies.repository.ts';
import type { Lease } from './session-traffic.ts';

const K1 = anEncryptionKey('k1');
const K2 = anEncryptionKey('k2');
const BOTH = `${K2},${K1}`;

let bench: KeysBench<SessionKeysRepository>;
let lease: Lease;
beforeEach(async () => {
  bench = await openSessionKeys(SessionKeysRepository, K1);
  lease = await bench.lease();
});
afterEach(() => bench.close());

const secretOf = (n: number) => Buffer.from(`secret ${n}`);
const store = (keys: SessionKeysRepository, from: number, to: number) =>
  keys.save(lease, {
    stored: Array.from({ length: to - from }, (_, n) => ({
      type: 'session',
      id: `${from + n}`,
      plain: secretOf(from + n),
    })),
    removed: [],
    delivered: [{ id: `delivery ${from}`, kind: 'message', inbound: true, plain: secretOf(from) }],
  });
const ids = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);
const read = async (keys: SessionKeysRepository, count: number) =>
  [...(await keys.read(lease, 'session', ids(count))).values()].map(String);

describe('the secrets of all sessions', () => {
  it('open with the new key alone when they were sealed anew, step by step', async () => {
    await store(bench.keys, 0, 25);
    const rotation = bench.rotation(BOTH);
    expect(await rotation.left()).toBe(26);
    expect([await rotation.renew(10), await rotation.renew(10), await rotation.renew(10)]).toEqual([10, 10, 6]);
    expect(await rotation.left()).toBe(0);

    const onlyNew = bench.resealed(K2);
    expect((await read(onlyNew, 25)).toSorted()).toEqual(
      ids(25)
        .map((id) => `secret ${id}`)
        .toSorted(),
    );
    expect(await onlyNew.readInbox(lease)).toMatchObject([{ id: 'delivery 0', plain: secretOf(0) }]);
    await expect(bench.keys.read(lease, 'session', ['0'])).rejects.toThrow(KeysUnreadable);
  });

  it('keep what traffic wrote meanwhile', async () => {
    await store(bench.keys, 0, 20);
    const newer = bench.resealed(BOTH);
    const rotation = bench.rotation(BOTH);
    const change = (id: string) =>
      newer.save(lease, {
        stored: [{ type: 'session', id, plain: Buffer.from(`newer ${id}`) }],
        removed: [],
        delivered: [],
      });
    await Promise.all([...ids(20).map(change), rotation.renew(5), rotation.renew(50), rotation.renew(50)]);
    await rotation.renew(100);
    expect((await read(bench.resealed(K2), 20)).toSorted()).toEqual(
      ids(20)
        .map((id) => `newer ${id}`)
        .toSorted(),
    );
  });

  it('are also the proxies that numbers go through', async () => {
    const url = 'socks5://acme:secret@proxy.example.com:1080';
    const sealer = (keys: string) => new Sealer(aConfig({ DATABASE_URL: 'postgres://nowhere', ENCRYPTION_KEYS: keys }));
    const { keyId, sealed } = sealer(K1).seal(Buffer.from(url), placeOf(lease, 'proxy', ''));
    await bench.system.query('update sessions set proxy = $2 where id = $1', [
      lease.session,
      'socks5://proxy.example.com:1080',
    ]);
    await bench.system.query('insert into private.session_proxies values ($1, $2, $3, $4)', [
      lease.organization,
      lease.session,
      keyId,
      sealed,
    ]);
    const proxies = (keys: string) => new SessionProxiesRepository(bench.system, sealer(keys));
    await expect(proxies(K2).of(lease)).rejects.toThrow(KeysUnreadable);
    await bench.rotation(BOTH).renew(10);
    expect(await proxies(K2).of(lease)).toBe(url);

    await bench.system.query('delete from private.session_proxies where session_id = $1', [lease.session]);
    await expect(proxies(K2).of(lease)).rejects.toThrow(KeysUnreadable); // and not: no proxy
  });

  it('stay as they are when the key that sealed them is not there, and the error names it', async () => {
    await store(bench.keys, 0, 3);
    await expect(bench.rotation(K2).renew(10)).rejects.toThrow('Encryption key "k1" is not in ENCRYPTION_KEYS');
    expect(await read(bench.keys, 3)).toHaveLength(3);
  });
});
