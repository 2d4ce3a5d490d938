import type { ConversationPage, ConversationView } from '@wasel/backend/contract';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { latestQuery } from '@/features/overview/overview.api';
import { call } from '@/lib/api';
import { byIds, freshen } from '@/lib/freshen';
import {
  type conversationKey,
  type ConversationPages,
  type ConversationQuery,
  type listKey,
  LISTS,
  ONES,
  withFresh,
  withFreshLatest,
} from './conversation-pages';

/** Conversations that changed. */
type Changed = ReadonlySet<string>;

/** Asks for these conversations alone: in each list by its own filter, and the one that is open if it is among them. */
export async function refreshConversations(cache: QueryClient, changed: Changed): Promise<void> {
  const queries = cache.getQueryCache();
  const ones = queries.findAll({ queryKey: ONES, predicate: (query) => shows(query, changed) });
  await Promise.all([
    ...queries.findAll({ queryKey: LISTS }).map(({ queryKey }) => refreshList(cache, queryKey, changed)),
    refreshLatest(cache, changed),
    ...ones.map(({ queryKey }) => cache.invalidateQueries({ queryKey, exact: true })),
  ]);
}

/** As `refreshConversations`, of those with these groups, as far as they are loaded: what they are called, and look like. */
export async function refreshConversationsOf(cache: QueryClient, groups: Changed): Promise<void> {
  const queries = cache.getQueryCache();
  const listed = queries
    .findAll({ queryKey: LISTS })
    .flatMap(({ state }) => (state.data as ConversationPages | undefined)?.pages.flatMap(({ items }) => items) ?? []);
  const open = queries
    .findAll({ queryKey: ONES })
    .flatMap(({ state }) => (state.data as ConversationView | undefined) ?? []);
  const changed = [...listed, ...open].flatMap(({ id, group }) => (group && groups.has(group.id) ? [id] : []));
  if (changed.length > 0) await refreshConversations(cache, new Set(changed));
}

/** One that is merged was asked for by another id than that which changes. */
function shows({ queryKey, state }: Query, changed: Changed): boolean {
  const [, , asked] = queryKey as ReturnType<typeof conversationKey>;
  const shown = state.data as ConversationView | undefined;
  return changed.has(asked) || (shown !== undefined && changed.has(shown.id));
}

async function refreshList(cache: QueryClient, queryKey: QueryKey, changed: Changed): Promise<void> {
  const loaded = cache.getQueryData<ConversationPages>(queryKey)?.pages.length ?? 1;
  if (isTooMany(changed, loaded)) return cache.invalidateQueries({ queryKey, exact: true });
  const [, , filter] = queryKey as ReturnType<typeof listKey>;
  await freshen<ConversationPages>(cache, queryKey, async () => {
    const fresh = await ask(changed, filter);
    return (data) => withFresh(data, changed, fresh);
  });
}

async function refreshLatest(cache: QueryClient, changed: Changed): Promise<void> {
  const { queryKey } = latestQuery();
  if (isTooMany(changed, 1)) return cache.invalidateQueries({ queryKey, exact: true });
  await freshen<ConversationPage>(cache, queryKey, async () => {
    const fresh = await ask(changed);
    return (page) => withFreshLatest(page, changed, fresh);
  });
}

/** So many at once, as of a broadcast, are more questions than the pages themselves. */
const isTooMany = (changed: Changed, pages: number): boolean => changed.size > PAGE_LIMIT_MAX * pages;

const ask = (changed: Changed, filter: ConversationQuery = {}): Promise<ConversationView[]> =>
  byIds([...changed], (some) => {
    const query = new URLSearchParams({ ...filter, ...some });
    return call('ConversationPage', `/conversations?${query.toString()}`);
  });
