import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** What was asked last for a query: the next waits for it, so that no older answer comes after a newer one. */
const asking = new WeakMap<object, Promise<void>>();

/** Asks for a part of what is loaded. @returns how it is put to what is loaded by then */
type Ask<Data> = (loaded: Data | undefined) => Promise<(loaded: Data) => Data>;

/**
 * Asks for what has changed of a query alone, however much is loaded around it. A query that nobody looks at is asked for as a
 * whole when somebody does; one whose part could not be had, at once.
 */
export async function freshen<Data>(cache: QueryClient, queryKey: QueryKey, ask: Ask<Data>): Promise<void> {
  const query = queryOf<Data>(cache, queryKey);
  if (!query) return;
  if (!query.isActive()) return query.invalidate();
  const turn = (asking.get(query) ?? Promise.resolve()).then(() => askAndPut(cache, queryKey, ask));
  asking.set(query, turn);
  await turn;
}

/** Rows by their ids. @param ask with so many of them as one answer can hold */
export async function byIds<Item>(
  ids: readonly string[],
  ask: (some: { ids: string; limit: string }) => Promise<{ items: readonly Item[] }>,
): Promise<Item[]> {
  const answers = [];
  for (let at = 0; at < ids.length; at += PAGE_LIMIT_MAX)
    answers.push(ask({ ids: ids.slice(at, at + PAGE_LIMIT_MAX).join(','), limit: String(PAGE_LIMIT_MAX) }));
  return (await Promise.all(answers)).flatMap(({ items }) => items);
}

const queryOf = <Data>(cache: QueryClient, queryKey: QueryKey) =>
  cache.getQueryCache().find<Data>({ queryKey, exact: true });

async function askAndPut<Data>(cache: QueryClient, queryKey: QueryKey, ask: Ask<Data>): Promise<void> {
  const query = queryOf<Data>(cache, queryKey);
  if (!query) return;
  try {
    const put = await ask(query.state.data);
    // Pages that are on their way are put to those that were there when they were asked for, whatever was set meanwhile.
    while (query.state.fetchStatus !== 'idle') await query.promise?.catch(() => undefined);
    const { isInvalidated, dataUpdatedAt } = query.state;
    cache.setQueryData<Data>(queryKey, (loaded) => loaded && put(loaded), { updatedAt: dataUpdatedAt });
    if (isInvalidated) query.invalidate(); // what is set counts as just read, which the rest was not
  } catch {
    await cache.invalidateQueries({ queryKey, exact: true });
  }
}
