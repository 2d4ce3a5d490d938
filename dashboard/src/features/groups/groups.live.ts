import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import type { GroupView } from '@wasel/backend/contract';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { byIds, freshen } from '@/lib/freshen';
import { type GroupPages, groupKey, insideKey, type listKey, LISTS, ONES, withFreshGroups } from './group-pages';

/** Groups that changed. */
type Changed = ReadonlySet<string>;

/** Asks for these groups alone: in each list by its own filter, and the one that is open with all that is in it. */
export async function refreshGroups(cache: QueryClient, changed: Changed): Promise<void> {
  const queries = cache.getQueryCache();
  const open = queries.findAll({ queryKey: ONES }).flatMap(({ state }) => {
    const shown = state.data as GroupView | undefined;
    return shown && changed.has(shown.id) ? [shown.jid] : [];
  });
  await Promise.all([
    ...queries.findAll({ queryKey: LISTS }).map(({ queryKey }) => refreshList(cache, queryKey, changed)),
    ...open.flatMap((jid) => [groupKey(jid), insideKey(jid)]).map((queryKey) => cache.invalidateQueries({ queryKey })),
  ]);
}

/** One that is new, or belongs elsewhere by now, has the list be asked for as a whole; so have more than its pages hold. */
async function refreshList(cache: QueryClient, queryKey: QueryKey, changed: Changed): Promise<void> {
  const loaded = cache.getQueryData<GroupPages>(queryKey)?.pages.length ?? 1;
  const asWhole = () => cache.invalidateQueries({ queryKey, exact: true });
  if (changed.size > PAGE_LIMIT_MAX * loaded) return asWhole();
  const [, , filter] = queryKey as ReturnType<typeof listKey>;
  let moved = false;
  await freshen<GroupPages>(cache, queryKey, async () => {
    const fresh = await byIds([...changed], (some) =>
      call('GroupPage', `/groups?${new URLSearchParams({ ...filter, ...some }).toString()}`),
    );
    return (data) => {
      const put = withFreshGroups(data, filter, { asked: changed, fresh });
      moved = put === null;
      return put ?? data;
    };
  });
  if (moved) await asWhole();
}
