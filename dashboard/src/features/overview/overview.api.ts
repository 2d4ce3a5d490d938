'use client';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/api';

/** The latest conversations, with what is unread in them; `more` when there are older ones that were not counted. */
export const latestQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'latest'],
    queryFn: () => call('ConversationPage', `/conversations?limit=${PAGE_LIMIT_MAX}`),
    select: ({ items, next_cursor: next }) => {
      const unread = items.reduce((sum, { unread_count: count }) => sum + count, 0);
      return { items, unread, more: next !== null };
    },
  });
