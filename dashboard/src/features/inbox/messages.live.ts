import type { QueryClient } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { byIds, freshen } from '@/lib/freshen';
import type { ChangedMessages } from '@/lib/live-line';
import { messagesKey, type MessagePages, waitingIn, withFresh } from './message-pages';

/** Asks for these messages alone, and for those that wait in their conversations. */
export async function refreshMessages(cache: QueryClient, changed: ChangedMessages): Promise<void> {
  await Promise.all(
    [...changed].map(([conversation, ids]) =>
      freshen<MessagePages>(cache, messagesKey(conversation), async (loaded) => {
        const asked = new Set([...ids, ...waitingIn(loaded)]);
        const fresh = await byIds([...asked], (some) => {
          const query = new URLSearchParams({ conversation_id: conversation, ...some });
          return call('MessagePage', `/messages?${query.toString()}`);
        });
        return (data) => withFresh(data, asked, fresh);
      }),
    ),
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
