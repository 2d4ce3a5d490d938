import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import type { Query, QueryClient } from '@tanstack/react-query';
import { call } from '@/lib/api';
import type { ChangedMessages } from '@/lib/live';
import { messagesKey, type MessagePages, waitingIn, withFresh } from './message-pages';

/** What was asked last of a conversation: the next waits for it, so that no older answer comes after a newer one. */
const asking = new WeakMap<object, Promise<void>>();

/**
 * Asks for these messages alone, however many are loaded around them. A conversation that nobody looks at is asked for as a
 * whole when somebody does.
 */
export async function refreshMessages(cache: QueryClient, changed: ChangedMessages): Promise<void> {
  await Promise.all(
    [...changed].map(async ([conversation, ids]) => {
      const query = queryOf(cache, conversation);
      if (!query) return;
      if (!query.isActive()) return query.invalidate();
      const turn = (asking.get(query) ?? Promise.resolve()).then(() => refresh(cache, conversation, ids));
      asking.set(query, turn);
      await turn;
    }),
  );
}

/** Why messages wait has changed, not they. */
export const refreshWaiting = (cache: QueryClient): Promise<void> =>
  refreshMessages(
    cache,
    new Map(
      cache
        .getQueryCache()
        .findAll({ queryKey: ['messages'], type: 'active' })
        .flatMap(({ queryKey: [, conversation, ...more] }) =>
          typeof conversation === 'string' && more.length === 0 ? [[conversation, new Set<string>()] as const] : [],
        ),
    ),
  );

const queryOf = (cache: QueryClient, conversation: string) =>
  cache.getQueryCache().find<MessagePages>({ queryKey: messagesKey(conversation), exact: true });

async function refresh(cache: QueryClient, conversation: string, ids: ReadonlySet<string>): Promise<void> {
  const queryKey = messagesKey(conversation);
  const query = queryOf(cache, conversation);
  if (!query) return;
  try {
    const asked = new Set([...ids, ...waitingIn(query.state.data)]);
    const fresh = await ask(conversation, [...asked]);
    await settled(query);
    const { isInvalidated, dataUpdatedAt } = query.state;
    cache.setQueryData<MessagePages>(queryKey, (data) => data && withFresh(data, asked, fresh), {
      updatedAt: dataUpdatedAt,
    });
    if (isInvalidated) query.invalidate(); // what is set counts as just read, which the rest was not
  } catch {
    await cache.invalidateQueries({ queryKey, exact: true });
  }
}

/** Pages that are on their way are put to those that were there when they were asked for, whatever was set meanwhile. */
async function settled(query: Query<MessagePages>): Promise<void> {
  while (query.state.fetchStatus !== 'idle') await query.promise?.catch(() => undefined);
}

async function ask(conversation: string, ids: readonly string[]) {
  const answers = [];
  for (let at = 0; at < ids.length; at += PAGE_LIMIT_MAX) {
    const some = ids.slice(at, at + PAGE_LIMIT_MAX);
    const query = new URLSearchParams({
      conversation_id: conversation,
      ids: some.join(','),
      limit: String(PAGE_LIMIT_MAX),
    });
    answers.push(call('MessagePage', `/messages?${query.toString()}`));
  }
  return (await Promise.all(answers)).flatMap(({ items }) => items);
}
