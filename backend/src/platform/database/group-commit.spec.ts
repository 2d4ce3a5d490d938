import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { GroupCommit } from './group-commit.ts';

/** Writes that end when the test says so. */
function heldWrites() {
  const batches: number[][] = [];
  const release: (() => void)[] = [];
  const write = (items: readonly number[]) => {
    batches.push([...items]);
    return new Promise<string[]>((resolve) => release.push(() => resolve(items.map(String))));
  };
  return { batches, write, release };
}

/** Long enough for a write to begin. */
const turn = async () => {
  for (let n = 0; n < 3; n += 1) await setImmediate();
};

describe('GroupCommit', () => {
  it('writes together what is asked for in one turn, and what comes while a write is under way', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(write, 100);
    const first = [group.submit(1), group.submit(2)];
    await turn();
    const second = [group.submit(3), group.submit(4), group.submit(5)];
    await turn();
    expect(batches).toEqual([[1, 2]]);

    release[0]?.();
    expect(await Promise.all(first)).toEqual(['1', '2']);
    await turn();
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    release[1]?.();
    expect(await Promise.all(second)).toEqual(['3', '4', '5']);
  });

  it('gathers for a while when nobody waits for it', async () => {
    const { batches, write, release } = heldWrites();
    const group = new GroupCommit(write, 100, 200);
    const first = group.submit(1);
    await turn();
    const second = group.submit(2);
    await until('the write', async () => release.length > 0);
    release[0]?.();
    expect([await first, await second, batches]).toEqual(['1', '2', [[1, 2]]]);
  });

  it('never takes more than its share at once', async () => {
    const batches: number[] = [];
    const group = new GroupCommit<number, number>(async (items) => {
      batches.push(items.length);
      return items;
    }, 4);
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map((n) => group.submit(n)))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(batches).toEqual([4, 2]);
  });

  it('lets nobody fail for what another one asked for', async () => {
    const group = new GroupCommit<number, number>(async (items) => {
      if (items.includes(13)) throw new Error('unlucky');
      return items.map((n) => n * 2);
    }, 100);
    const results = await Promise.allSettled([1, 13, 3].map((n) => group.submit(n)));
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      2,
      'Error: unlucky',
      6,
    ]);
    expect(await group.submit(4)).toBe(8);
  });
});
