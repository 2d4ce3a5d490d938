import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLmdb } from './lmdb-persistence.ts';
import { Store } from './store.ts';

function stanza(id: string) {
  return { node: { tag: 'message', attrs: { id }, content: [{ tag: 'enc', attrs: {}, content: Buffer.from(id) }] } };
}

describe('the store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sandbox-store-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('keeps a transaction whole, or not at all, in memory and on disk', async () => {
    const store = new Store(openLmdb(directory));
    store.transaction(() => store.tables.pending.put('1:0', 'a', stanza('kept')));
    const told: string[] = [];
    const fail = () =>
      store.transaction(() => {
        store.afterCommit(() => told.push('promised'));
        store.tables.pending.put('1:0', 'b', stanza('lost'));
        store.tables.pending.delete('1:0', 'a');
        throw new Error('in the middle');
      });
    expect(fail).toThrow('in the middle');
    expect([...store.tables.pending.group('1:0').values()]).toEqual([stanza('kept')]);
    expect(told).toEqual([]);
    await store.close();
    const reopened = new Store(openLmdb(directory));
    expect([...reopened.tables.pending.group('1:0').values()]).toEqual([stanza('kept')]);
    await reopened.close();
  });

  it('tells only after the outermost transaction is kept', () => {
    const store = new Store();
    const told: string[] = [];
    store.transaction(() => {
      store.transaction(() => store.afterCommit(() => told.push('inner')));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['inner']);
  });

  it('refuses a change outside a transaction', () => {
    expect(() => new Store().tables.settings.put('', 'a', 1)).toThrow('outside a transaction');
  });

  it('numbers grow over restarts, as strings too', async () => {
    const first = new Store(openLmdb(directory));
    const numbers = Array.from({ length: 3000 }, () => first.nextSequence());
    await first.close();
    const second = new Store(openLmdb(directory));
    numbers.push(second.nextSequence());
    await second.close();
    expect(numbers.toSorted()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
