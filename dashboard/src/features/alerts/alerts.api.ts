'use client';
import type { AlertSettings, AlertSummary, CreateAlertDestination } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, post, put, send } from '@/lib/api';

export type Which = 'open' | 'all';

/** The newest first. */
export const alertsQuery = (which: Which) =>
  infiniteQueryOptions({
    queryKey: ['alerts', which],
    queryFn: ({ pageParam }) =>
      call(
        'AlertPage',
        `/alerts?${new URLSearchParams({ status: which, ...(pageParam ? { cursor: pageParam } : {}) }).toString()}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const alertSettingsQuery = () =>
  queryOptions({ queryKey: ['alert-settings'], queryFn: () => call('AlertSettings', '/alerts/settings') });

export const destinationsQuery = () =>
  queryOptions({
    queryKey: ['alert-destinations'],
    queryFn: async () => (await call('AlertDestinationPage', '/alert-destinations')).items,
  });

function useAlertMutation<Input, Output>(key: string, work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: [key] }) });
}

export const useAcknowledge = () =>
  useAlertMutation('alerts', (id: string) => call('AlertView', `/alerts/${id}/acknowledge`, post({})));
export const useAcknowledgeAll = () =>
  useAlertMutation<void, AlertSummary>('alerts', () => call('AlertSummary', '/alerts/acknowledge', post({})));
export const useSaveAlertSettings = () =>
  useAlertMutation('alert-settings', (settings: AlertSettings) =>
    call('AlertSettings', '/alerts/settings', put(settings)),
  );
export const useAddDestination = () =>
  useAlertMutation('alert-destinations', (destination: CreateAlertDestination) =>
    call('AlertDestinationView', '/alert-destinations', post(destination)),
  );
export const useTestDestination = () =>
  useAlertMutation('alert-destinations', (id: string) =>
    call('AlertDestinationView', `/alert-destinations/${id}/test`, post({})),
  );
export const useRemoveDestination = () =>
  useAlertMutation('alert-destinations', (id: string) => send(`/alert-destinations/${id}`, { method: 'DELETE' }));
