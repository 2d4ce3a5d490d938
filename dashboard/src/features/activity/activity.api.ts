'use client';
import { PAGE_LIMIT_MAX } from '@wasel/backend/contract/words';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, file } from '@/lib/api';
import { saveFile } from '@/lib/save-file';
import { type Filters, queryOf } from './activity.rules';

/** The newest first. */
export const activityQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['activity', 'entries', filters],
    queryFn: ({ pageParam }) =>
      call(
        'AuditPage',
        `/audit-logs?${new URLSearchParams({ ...queryOf(filters), ...(pageParam ? { cursor: pageParam } : {}) }).toString()}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Whom the log can name beyond what it says itself. Who left is known by his entries. */
export const peopleQuery = () =>
  queryOptions({
    queryKey: ['activity', 'people'],
    queryFn: async () => (await call('MemberPage', `/members?limit=${PAGE_LIMIT_MAX}`)).items,
  });
export const keysQuery = () =>
  queryOptions({
    queryKey: ['activity', 'keys'],
    queryFn: async () => (await call('ApiKeyPage', `/api-keys?limit=${PAGE_LIMIT_MAX}`)).items,
  });

/** Saves what is asked for as CSV; that somebody did is an entry of its own. */
export function useExport() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (filters: Filters) =>
      saveFile(await file(`/audit-logs/export?${new URLSearchParams(queryOf(filters)).toString()}`), 'activity.csv'),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['activity', 'entries'] }),
  });
}
