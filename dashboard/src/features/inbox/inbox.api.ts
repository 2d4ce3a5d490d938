'use client';
import type { MediaView, SendMessage } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { call, post, send } from '@/lib/api';

const nextOf = (page: { next_cursor: string | null }) => page.next_cursor ?? undefined;
const query = (values: Record<string, string | undefined>): string =>
  new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();

export const conversationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', search],
    queryFn: ({ pageParam }) => call('ConversationPage', `/conversations?${query({ search, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextOf,
  });

/** One conversation, for when it is not in the list that is shown. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: () => call('ConversationView', `/conversations/${encodeURIComponent(id)}`),
  });

/** The newest first. */
export const messagesQuery = (conversation: string) =>
  infiniteQueryOptions({
    queryKey: ['messages', conversation],
    queryFn: ({ pageParam }) =>
      call('MessagePage', `/messages?${query({ conversation_id: conversation, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextOf,
  });

export const openConversation = (to: string) => call('ConversationView', '/conversations', post({ to }));

export function useSend() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, message }: { key: string; message: z.input<typeof SendMessage> }) =>
      call('SendAccepted', '/messages/send', post(message, { 'idempotency-key': key })),
    retry: 2, // the key is the same: what was accepted is not accepted twice
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['messages'] });
      await cache.invalidateQueries({ queryKey: ['conversations'] });
    },
  });
}

export function useRetry() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call('MessageView', `/messages/${id}/retry`, post({})),
    onSettled: () => cache.invalidateQueries({ queryKey: ['messages'] }),
  });
}

export function useCancel() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call('MessageView', `/messages/${id}/cancel`, post({})),
    onSettled: () => cache.invalidateQueries({ queryKey: ['messages'] }),
  });
}

export const markRead = (conversation: string) => send(`/conversations/${conversation}/read`, post({}));

export function upload(file: File): Promise<MediaView> {
  const body = new FormData();
  body.append('file', file);
  return call('MediaView', '/media/upload', { method: 'POST', body });
}
