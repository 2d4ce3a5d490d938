'use client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, post } from '@/lib/api';

export type Filter = Readonly<{ state: string; channel: string; recipient: string }>;

const queryOf = (filter: Filter, cursor: string | undefined): string =>
  new URLSearchParams(
    Object.entries({ ...filter, cursor }).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();

export const notificationsQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['notifications', filter],
    queryFn: ({ pageParam }) => call('NotificationPage', `/notifications?${queryOf(filter, pageParam)}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });

/** One that is under way, until it has ended. */
export const notificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['notifications', id],
    queryFn: () => call('NotificationView', `/notifications/${id}`),
    refetchInterval: ({ state: { data } }) => (data?.settled_at ? false : 1_000),
  });

export function useCancelNotification() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call('NotificationView', `/notifications/${id}/cancel`, post({})),
    onSettled: () => cache.invalidateQueries({ queryKey: ['notifications'] }),
  });
}
