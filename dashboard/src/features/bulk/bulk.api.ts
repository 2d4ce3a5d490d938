'use client';
import type { ImportMapping, LaunchImport } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { call, file, post, put } from '@/lib/api';
import { saveFile } from '@/lib/save-file';

export const jobsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['jobs', 'list'],
    queryFn: ({ pageParam }) => call('JobPage', `/jobs?kind=bulk_messages${pageParam ? `&cursor=${pageParam}` : ''}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['jobs', id], queryFn: () => call('JobView', `/jobs/${id}`), refetchInterval: 15_000 });

export const importQuery = (id: string) =>
  queryOptions({ queryKey: ['imports', id], queryFn: () => call('ImportView', `/imports/${id}`) });

/** Those that can be chosen for a file. */
export const activeTemplatesQuery = () =>
  queryOptions({
    queryKey: ['templates', 'active'],
    queryFn: async () => (await call('TemplatePage', '/templates?active=true&limit=100')).items,
  });

export const useUpload = () =>
  useMutation({
    mutationFn: (content: File) => {
      const body = new FormData();
      body.append('file', content);
      return call('ImportView', '/imports', { method: 'POST', body });
    },
  });

export const useMapping = (id: string) =>
  useMutation({
    mutationFn: (mapping: z.input<typeof ImportMapping>) =>
      call('ImportReport', `/imports/${id}/mapping`, put(mapping)),
  });

export const useLaunch = (id: string) =>
  useMutation({
    mutationFn: (launch: z.input<typeof LaunchImport>) => call('JobView', `/imports/${id}/launch`, post(launch)),
  });

export const useSaveBadRows = (id: string) =>
  useMutation({ mutationFn: async () => saveFile(await file(`/imports/${id}/bad-rows`), 'bad-rows.csv') });

export const useSaveReport = (id: string) =>
  useMutation({ mutationFn: async () => saveFile(await file(`/jobs/${id}/report`), 'report.csv') });

function useOrder(work: () => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: ['jobs'] }) });
}

export const usePause = (id: string) => useOrder(() => call('JobView', `/jobs/${id}/pause`, post({})));
export const useResume = (id: string) => useOrder(() => call('JobView', `/jobs/${id}/resume`, post({})));
export const useCancel = (id: string) => useOrder(() => call('JobView', `/jobs/${id}/cancel`, post({})));
export const useRetryFailed = (id: string) => useOrder(() => call('JobView', `/jobs/${id}/retry-failed`, post({})));
