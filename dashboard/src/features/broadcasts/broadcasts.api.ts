'use client';
import type { FilterRecipients, LaunchBroadcast, PreviewBroadcast } from '@wasel/backend/contract';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { call, file, post } from '@/lib/api';
import { saveFile } from '@/lib/save-file';

/** A broadcast before it has a name. */
export type Said = z.input<typeof PreviewBroadcast>;
export type Launch = z.input<typeof LaunchBroadcast>;
/** What a list of recipients is narrowed to. */
export type RecipientFilters = Readonly<z.input<typeof FilterRecipients>>;

const queryOf = (values: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString();

/** The newest first. */
export const broadcastsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['broadcasts', 'list'],
    queryFn: ({ pageParam }) => call('BroadcastPage', `/broadcasts?${queryOf({ cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Told live, and asked now and then: a time that comes is told by nobody. */
export const broadcastQuery = (id: string) =>
  queryOptions({
    queryKey: ['broadcasts', 'one', id],
    queryFn: () => call('BroadcastView', `/broadcasts/${encodeURIComponent(id)}`),
    refetchInterval: 15_000,
  });

/** Apart from the broadcasts: ten thousand people are not asked for again whenever one of them has read it. */
export const recipientsQuery = (id: string, filters: RecipientFilters) =>
  infiniteQueryOptions({
    queryKey: ['broadcast-recipients', id, filters],
    queryFn: ({ pageParam }) =>
      call(
        'RecipientPage',
        `/broadcasts/${encodeURIComponent(id)}/recipients?${queryOf({ ...filters, limit: String(PAGE_LIMIT_MAX), cursor: pageParam })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** The file that everybody gets, by the first message with it. */
export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ['broadcast-file', id],
    queryFn: async () => (await call('MessagePage', `/messages?job_id=${id}&limit=1`)).items[0]?.media ?? null,
    staleTime: 60_000,
  });

/** What would happen; asked whenever something of it changes, and anew by who comes back to it. */
export const previewQuery = (said: Said) =>
  queryOptions({
    queryKey: ['broadcast-preview', said],
    queryFn: () => call('BroadcastPreview', '/broadcasts/preview', post(said)),
    gcTime: 0,
  });

/** @param key of this one launch: tried again under it, it is not launched twice */
export function useLaunch() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, launch }: { key: string; launch: Launch }) =>
      call('BroadcastView', '/broadcasts', post(launch, { 'idempotency-key': key })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['broadcasts', 'list'] }),
  });
}

function useOrder(id: string, work: () => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () =>
      Promise.all(
        [['broadcasts'], ['broadcast-recipients', id]].map((queryKey) => cache.invalidateQueries({ queryKey })),
      ),
  });
}

export const usePause = (id: string) => useOrder(id, () => call('BroadcastView', `/broadcasts/${id}/pause`, post({})));
export const useResume = (id: string) =>
  useOrder(id, () => call('BroadcastView', `/broadcasts/${id}/resume`, post({})));
export const useCancel = (id: string) =>
  useOrder(id, () => call('BroadcastView', `/broadcasts/${id}/cancel`, post({})));
export const useRetryFailed = (id: string) =>
  useOrder(id, () => call('BroadcastView', `/broadcasts/${id}/retry-failed`, post({})));

/** Saves those who are shown, or everybody, as CSV; that somebody did is an entry of the log. */
export function useExportRecipients(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (filters: RecipientFilters) =>
      saveFile(await file(`/broadcasts/${id}/export?${queryOf(filters)}`), `broadcast-${id}.csv`),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['activity', 'entries'] }),
  });
}
