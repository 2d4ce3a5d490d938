import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type KeysBench, openSessionKeys } from '../../../testing/session-keys.ts';
import { type KeyChanges, SessionKeysRepository } from '../session-keys.repository.ts';
import type { Lease } from '../session-traffic.ts';
import { SessionOffline } from '../sessions.errors.ts';
import { KeyStore } from './key-store.ts';
import { KeyTransactions } from './key-transactions.ts';

/** The real repository on the real database, whose writes begin when the test lets them. */
class HeldKeys extends SessionKeysRepository {
  readonly asked: KeyChanges[] = [];
  private gate: Promise<void> = Promise.resolve();
  private onAsked: (() => void) | undefined;

  /** @returns lets every write begin again */
  hold(): () => void {
    const { promise, resolve } = deferred();
    this.gate = promise;
    return resolve;
  }

  /** Resolves when the next write is asked for. */
  nextAsked(): Promise<void> {
    return new Promise((resolve) => (this.onAsked = resolve));
  }

  override async save(lease: Lease, changes: KeyChanges): Promise<void> {
    this.asked.push(changes);
    this.onAsked?.();
    await this.gate;
    await super.save(lease, changes);
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

let bench: KeysBench<HeldKeys>;
let keys: HeldKeys;
let lease: Lease;
let store: KeyStore;
let own: KeyTransactions;

beforeAll(async () => {
  bench = await openSessionKeys(HeldKeys);
});
afterAll(() => bench.close());
beforeEach(async () => {
  keys = bench.resealed('k1:' + Buffer.alloc(32, 1).toString('base64'));
  lease = await bench.lease();
  store = new KeyStore(keys, lease, () => undefined);
  own = new KeyTransactions(store, (name) => name === 'outer');
});

const bytes = (text: string) => Buffer.from(text);
const put = (target: KeyTransactions, id: string, value: string) => target.set({ session: { [id]: bytes(value) } });
/** What another node would read now. */
const committed = async (of: Lease, id: string): Promise<string | undefined> =>
  (await new KeyStore(keys, of, () => undefined).get('session', [id]))[id]?.toString();

describe('a transaction', () => {
  it('commits together with the others of its turn: a message is encrypted for each device', async () => {
    await Promise.all(['phone', 'desk', 'ours'].map((name) => own.transaction(() => put(own, name, 'step'), name)));
    expect(keys.asked.map(({ stored }) => stored.map(({ id }) => id))).toEqual([['phone', 'desk', 'ours']]);
  });

  it('excludes every other of its name, and none of another', async () => {
    const log: string[] = [];
    const gate = deferred();
    const first = own.transaction(async () => {
      log.push('first begins');
      await gate.promise;
      log.push('first ends');
    }, 'a');
    const second = own.transaction(async () => void log.push('second'), 'a');
    await own.transaction(async () => void log.push('another name'), 'b');
    expect(log).toEqual(['first begins', 'another name']);
    gate.resolve();
    await Promise.all([first, second]);
    expect(log).toEqual(['first begins', 'another name', 'first ends', 'second']);
  });

  it('reads what it has written and nobody else does', async () => {
    await put(own, 'x', 'old');
    await own.transaction(async () => {
      await put(own, 'x', 'new');
      await own.set({ session: { gone: null } });
      expect(await own.get('session', ['x', 'gone'])).toEqual({ x: bytes('new') });
      expect(await store.get('session', ['x'])).toEqual({ x: bytes('old') });
    }, 'a');
    expect(await store.get('session', ['x'])).toEqual({ x: bytes('new') });
  });

  it('removes what it has set to nothing', async () => {
    await put(own, 'x', 'old');
    await own.transaction(async () => {
      await own.set({ session: { x: null } });
      expect(await own.get('session', ['x'])).toEqual({});
    }, 'a');
    expect(await committed(lease, 'x')).toBeUndefined();
  });

  it('is committed before the next of its name begins, however slow the store is', async () => {
    const release = keys.hold();
    const asked = keys.nextAsked();
    let read: string | undefined;
    const first = own.transaction(() => put(own, 'x', 'first'), 'a');
    const second = own.transaction(async () => void (read = await committed(lease, 'x')), 'a');
    await asked;
    expect(await committed(lease, 'x')).toBeUndefined(); // and meanwhile the second would have had its chance
    expect(read).toBeUndefined();
    release();
    await Promise.all([first, second]);
    expect(read).toBe('first');
  });

  it('writes nothing when its work fails, and lets the next one in', async () => {
    const failing = own.transaction(async () => {
      await put(own, 'x', 'half');
      throw new Error('the MAC is wrong');
    }, 'a');
    await expect(failing).rejects.toThrow('the MAC is wrong');
    expect(keys.asked).toEqual([]);
    expect(await own.transaction(() => own.get('session', ['x']), 'a')).toEqual({});
  });

  it('takes one inside it in, under the same name or another', async () => {
    await own.transaction(async () => {
      await put(own, 'x', 'outer');
      await own.transaction(() => put(own, 'y', 'same name'), 'a');
      await own.transaction(() => put(own, 'z', 'other name'), 'b');
      expect(keys.asked).toEqual([]);
    }, 'a');
    expect(keys.asked.map(({ stored }) => stored.map(({ id }) => id))).toEqual([['x', 'y', 'z']]);
  });

  it('takes nothing from work that it did not wait for', async () => {
    const over = deferred();
    const late = await own.transaction(async () => {
      const forgotten = over.promise.then(async () => {
        expect(own.isInTransaction()).toBe(false);
        await put(own, 'x', 'late');
      });
      return { forgotten };
    }, 'a');
    over.resolve();
    await late.forgotten;
    expect(await committed(lease, 'x')).toBe('late');
  });
});

it('belongs to one session, although the process has one context for all', async () => {
  const otherLease = await bench.lease();
  const other = new KeyTransactions(new KeyStore(keys, otherLease, () => undefined), () => false);
  const failing = own.transaction(async () => {
    await put(own, 'x', 'ours');
    expect(other.isInTransaction()).toBe(false);
    expect(await other.get('session', ['x'])).toEqual({});
    await put(other, 'x', 'theirs');
    throw new Error('over');
  }, 'a');
  await expect(failing).rejects.toThrow('over');
  expect(await committed(otherLease, 'x')).toBe('theirs');
  expect(await committed(lease, 'x')).toBeUndefined();
});

describe('an outer name', () => {
  it('locks nothing', async () => {
    const second = deferred();
    const first = own.transaction(() => second.promise, 'outer');
    await own.transaction(async () => {
      second.resolve();
      expect(own.isInTransaction()).toBe(false);
    }, 'outer');
    await first;
  });

  it('is over when everything that was asked for is stored', async () => {
    const release = keys.hold();
    const asked = keys.nextAsked();
    let over = false;
    let stored: Promise<void> | undefined;
    const outer = own
      .transaction(async () => {
        stored = put(own, 'x', 'meanwhile');
      }, 'outer')
      .then(() => (over = true));
    await asked;
    expect(await committed(lease, 'x')).toBeUndefined();
    expect(over).toBe(false);
    release();
    await Promise.all([outer, stored]);
    expect(await committed(lease, 'x')).toBe('meanwhile');
  });
});

describe('when the connection is over', () => {
  it('the write under way ends, and nothing else of it reaches the keys of the next one', async () => {
    const release = keys.hold();
    const asked = keys.nextAsked();
    const underWay = own.transaction(() => put(own, 'x', 'under way'), 'a');
    await asked;
    const next = own.transaction(() => put(own, 'x', 'forked'), 'a');
    let over = false;
    const retired = store.retire().then(() => (over = true));
    expect(await committed(lease, 'x')).toBeUndefined();
    expect(over).toBe(false);

    release();
    await expect(next).rejects.toThrow(SessionOffline);
    await Promise.all([underWay, retired]);
    expect(await committed(lease, 'x')).toBe('under way');
    await expect(store.get('session', ['x'])).rejects.toThrow(SessionOffline);
    expect(keys.asked).toHaveLength(1);
  });
});
