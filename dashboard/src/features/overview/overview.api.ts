'use client';
import type { MessageStatus } from '@wasel/backend/contract';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import { queryOptions } from '@tanstack/react-query';
import { call } from '@/lib/api';

/** What an outbound message is once it has really left. */
const LEFT: readonly MessageStatus[] = ['sent', 'delivered', 'read', 'played'];

const anyMessage = async (filter: string): Promise<boolean> =>
  (await call('MessagePage', `/messages?limit=1&${filter}`)).items.length > 0;

/** Whether a message has ever left, and whether one ever came. Asked again with the messages. */
export const milestonesQuery = () =>
  queryOptions({
    queryKey: ['messages', 'milestones'],
    queryFn: async () => {
      const [answerReceived, ...left] = await Promise.all([
        anyMessage('direction=inbound'),
        ...LEFT.map((status) => anyMessage(`direction=outbound&status=${status}`)),
      ]);
      return { answerReceived, messageSent: left.some(Boolean) };
    },
  });

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
