'use client';
import type { ReportedMessage } from '@wasel/backend/contract';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, file } from '@/lib/api';
import { saveFile } from '@/lib/save-file';
import { type Filters, queryOf } from './reports.rules';

/** Seldom messages take several pages to be found; after so many the person is asked whether to go on. */
const PAGES_AT_ONCE = 6;
const ENOUGH = 20;

type Found = { items: ReportedMessage[]; next_cursor: string | null };

async function find(filters: Filters, from: string | undefined): Promise<Found> {
  const items: ReportedMessage[] = [];
  let cursor: string | null | undefined = from;
  for (let n = 0; n < PAGES_AT_ONCE && items.length < ENOUGH && cursor !== null; n += 1) {
    const query = new URLSearchParams({ ...queryOf(filters), ...(cursor ? { cursor } : {}) });
    const page: Found = await call('MessageReportPage', `/messages/report?${query.toString()}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return { items, next_cursor: cursor ?? null };
}

/** The newest first. */
export const reportQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['reports', filters],
    queryFn: ({ pageParam }) => find(filters, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['reports', 'timeline', id],
    queryFn: () => call('MessageTimeline', `/messages/${id}/timeline`),
  });

/** Who has sent something: people, and API keys. */
export const sendersQuery = () =>
  queryOptions({
    queryKey: ['reports', 'senders'],
    queryFn: async () => (await call('MessageSenders', '/messages/senders')).items,
  });

/** What a message can have been made of. */
export const templateNamesQuery = () =>
  queryOptions({
    queryKey: ['templates', 'names'],
    queryFn: async () => (await call('TemplatePage', `/templates?limit=${PAGE_LIMIT_MAX}`)).items,
  });

export type Format = 'csv' | 'json';

/** Saves what is asked for; that somebody did is an entry of the log. */
export function useExport() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ filters, format }: { filters: Filters; format: Format }) =>
      saveFile(
        await file(`/messages/export?${new URLSearchParams({ ...queryOf(filters), format }).toString()}`),
        `messages.${format}`,
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['activity', 'entries'] }),
  });
}
