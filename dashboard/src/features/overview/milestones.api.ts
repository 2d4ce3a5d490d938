'use client';
import type { MessageStatus } from '@wasel/backend/contract';
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
