'use client';
import type { ConversationView, MediaView, MessageView, SendMessage } from '@wasel/backend/contract';
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { call, post, send } from '@/lib/api';
import {
  asLoaded,
  conversationKey,
  type ConversationFilter,
  type ConversationPages,
  listKey,
  LISTS,
  loadedIn,
  queryOf,
} from './conversation-pages';
import { refreshConversations } from './conversations.live';
import { messagesKey } from './message-pages';
import { refreshMessages } from './messages.live';

const nextOf = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;
const query = (values: Record<string, string | undefined>): string =>
  new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();

/** The latest first. */
export const conversationsQuery = (filter: ConversationFilter) => {
  const asked = queryOf(filter);
  return infiniteQueryOptions({
    queryKey: listKey(asked),
    queryFn: async ({ pageParam }) =>
      asLoaded(await call('ConversationPage', `/conversations?${query({ ...asked, cursor: pageParam })}`)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextOf,
    select: loadedIn,
  });
};

/** One conversation, for when it is not in the list that is shown. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: conversationKey(id),
    queryFn: () => call('ConversationView', `/conversations/${encodeURIComponent(id)}`),
  });

/** A conversation as a list has it that was read before. */
export function listedIn(cache: QueryClient, id: string): ConversationView | undefined {
  const lists = cache.getQueriesData<ConversationPages>({ queryKey: LISTS });
  return lists.flatMap(([, data]) => (data ? loadedIn(data) : [])).find((one) => one.id === id);
}

/** The newest first. */
export const messagesQuery = (conversation: string) =>
  infiniteQueryOptions({
    queryKey: messagesKey(conversation),
    queryFn: ({ pageParam }) =>
      call('MessagePage', `/messages?${query({ conversation_id: conversation, limit: '100', cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextOf,
  });

/** One message, for when it is not known where it was said. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['messages', 'one', id],
    queryFn: () => call('MessageView', `/messages/${encodeURIComponent(id)}`),
  });

export const openConversation = (to: string) => call('ConversationView', '/conversations', post({ to }));

export function useSend() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, message }: { key: string; message: z.input<typeof SendMessage> }) =>
      call('SendAccepted', '/messages/send', post(message, { 'idempotency-key': key })),
    retry: 2, // the key is the same: what was accepted is not accepted twice
    onSuccess: ({ conversation_id, message_id }) => {
      void refreshConversations(cache, new Set([conversation_id])); // what is written next need not wait for the list
      return refreshOne(cache, { conversation_id, id: message_id });
    },
  });
}

const refreshOne = (cache: QueryClient, { conversation_id, id }: Pick<MessageView, 'conversation_id' | 'id'>) =>
  refreshMessages(cache, new Map([[conversation_id, new Set([id])]]));

/** One emoji under a message; the empty text takes it back. */
export function useReact(failed: (error: unknown) => void) {
  return useMutation({
    mutationFn: (reaction: { message_id: string; emoji: string }) =>
      call('SendAccepted', '/messages/send', post({ type: 'reaction', ...reaction })),
    onError: failed,
  });
}

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['messages', 'versions', id],
    queryFn: () => call('MessageVersions', `/messages/${id}/versions`),
  });

/** Does something with one message, and shows what came of it. */
function useMessageMutation(work: (id: string) => Promise<MessageView>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: (message) =>
      message ? refreshOne(cache, message) : cache.invalidateQueries({ queryKey: ['messages'] }),
  });
}

export const useRetry = () => useMessageMutation((id) => call('MessageView', `/messages/${id}/retry`, post({})));
export const useCancel = () => useMessageMutation((id) => call('MessageView', `/messages/${id}/cancel`, post({})));
/** A change that failed is let be: nobody sees it at its message any more. */
export const useDismiss = () => useMessageMutation((id) => call('MessageView', `/messages/${id}/dismiss`, post({})));
/** Has a file that could not be had asked for again. */
export const useRefetchMedia = () =>
  useMessageMutation((id) => call('MessageView', `/messages/${id}/media/refetch`, post({})));

export const markRead = (conversation: string) => send(`/conversations/${conversation}/read`, post({}));

export function upload(file: File): Promise<MediaView> {
  const body = new FormData();
  body.append('file', file);
  return call('MediaView', '/media/upload', { method: 'POST', body });
}
