import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { byIds, freshen } from './freshen.ts';

const queryKey = ['words'];
type Words = readonly string[];

/** Something that is answered when the test says so. */
function gate<T>() {
  let open!: (value: T) => void;
  let fail!: (reason: Error) => void;
  const opened = new Promise<T>((resolve, reject) => ((open = resolve), (fail = reject)));
  return { open, fail, opened };
}

let cache: QueryClient;
/** What the whole is asked for, one after the other. */
let whole: ReturnType<typeof gate<Words>>[];
let asked: number;
let leave: () => void;

beforeEach(async () => {
  cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  whole = [gate(), gate(), gate()];
  asked = 0;
  leave = look();
  whole[0]?.open(['whole']);
  await cache.getQueryCache().find({ queryKey })?.promise;
});
afterEach(() => {
  leave();
  cache.clear();
});

const look = () =>
  new QueryObserver<Words>(cache, {
    queryKey,
    staleTime: Infinity,
    queryFn: () => whole[asked++]?.opened ?? ['unexpected'],
  }).subscribe(() => undefined);
const shown = () => cache.getQueryData<Words>(queryKey);
const add = (word: string) => (loaded: Words) => [...loaded, word];

describe('what has changed', () => {
  it('is put to what is loaded, which is not asked for again and is as old as it was', async () => {
    const before = cache.getQueryState(queryKey)?.dataUpdatedAt;
    await freshen<Words>(cache, queryKey, async (loaded) => add(`after ${loaded?.join(' ')}`));
    expect(shown()).toEqual(['whole', 'after whole']);
    expect(asked).toBe(1);
    expect(cache.getQueryState(queryKey)).toMatchObject({ dataUpdatedAt: before, isInvalidated: false });
  });

  it('is asked for once the answer before has come', async () => {
    const [first, second] = [gate<Words>(), gate<Words>()];
    const order: string[] = [];
    const ask =
      (name: string, { opened }: typeof first) =>
      async () => {
        order.push(name);
        const [word = ''] = await opened;
        return add(word);
      };
    const both = [freshen(cache, queryKey, ask('first', first)), freshen(cache, queryKey, ask('second', second))];
    second.open(['second']);
    first.open(['first']);
    await Promise.all(both);
    expect([order, shown()]).toEqual([
      ['first', 'second'],
      ['whole', 'first', 'second'],
    ]);
  });

  it('is put to what comes of the whole, where that is on its way', async () => {
    const refetched = cache.refetchQueries({ queryKey });
    const freshened = freshen<Words>(cache, queryKey, async () => add('fresh'));
    whole[1]?.open(['anew']);
    await Promise.all([refetched, freshened]);
    expect(shown()).toEqual(['anew', 'fresh']);
  });

  it('that could not be had is had with the whole', async () => {
    whole[1]?.open(['anew']);
    await freshen<Words>(cache, queryKey, () => Promise.reject(new Error('no answer')));
    expect([asked, shown()]).toEqual([2, ['anew']]);
  });

  it('is not asked for while nobody looks, and the whole is when somebody does', async () => {
    leave();
    await freshen<Words>(cache, queryKey, async () => add('fresh'));
    expect([shown(), cache.getQueryState(queryKey)?.isInvalidated]).toEqual([['whole'], true]);
    leave = look();
    whole[1]?.open(['anew']);
    await cache.getQueryCache().find({ queryKey })?.promise;
    expect(shown()).toEqual(['anew']);
  });

  it('of what was never asked for is nothing', async () => {
    await freshen<Words>(cache, ['others'], async () => add('fresh'));
    expect(cache.getQueryData(['others'])).toBeUndefined();
  });
});

it('rows are asked for by their ids in as few questions as there may be', async () => {
  const ids = Array.from({ length: 201 }, (_, n) => String(n));
  const questions: number[] = [];
  const rows = await byIds(ids, async (some) => {
    const items = some.ids.split(',');
    questions.push(items.length);
    expect(Number(some.limit)).toBeGreaterThanOrEqual(items.length);
    return { items };
  });
  expect([rows, questions]).toEqual([ids, [100, 100, 1]]);
  expect(await byIds([], () => Promise.reject(new Error('asked')))).toEqual([]);
});
