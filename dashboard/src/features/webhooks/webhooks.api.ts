'use client';
import type { CreateWebhookEndpoint, ReplayWebhookDeliveries, UpdateWebhookEndpoint } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, patch, post, send } from '@/lib/api';

/** What is under way changes by itself: it is looked at again while somebody looks. */
const AGAIN_MS = 5_000;

export const endpointsQuery = () =>
  queryOptions({
    queryKey: ['webhook-endpoints'],
    queryFn: async () => (await call('WebhookEndpointPage', '/webhook-endpoints')).items,
    refetchInterval: AGAIN_MS,
  });

/** As the address of the page says it; all empty for everything. Times are days, as `2026-03-31`, where who looks is. */
export type DeliveryFilters = Readonly<{ endpoint: string; state: string; type: string; from: string; to: string }>;

/** When a day begins, or the one after it; undefined for what is half typed. */
function dayStart(day: string, later: number): string | undefined {
  const [, year, month, date] = /^(2\d{3})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  return year === undefined ? undefined : new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}

/** The same in the words of the API. */
export function queryOf({ endpoint, state, type, from, to }: DeliveryFilters): Record<string, string> {
  const asked = { endpoint_id: endpoint, state, type, from: dayStart(from, 0), to: dayStart(to, 1) };
  return Object.fromEntries(
    Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );
}

/** The newest first. */
export const deliveriesQuery = (filters: DeliveryFilters) =>
  infiniteQueryOptions({
    queryKey: ['webhook-deliveries', filters],
    queryFn: ({ pageParam }) =>
      call(
        'WebhookDeliveryPage',
        `/webhook-deliveries?${new URLSearchParams({ ...queryOf(filters), ...(pageParam ? { cursor: pageParam } : {}) }).toString()}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhook-deliveries', 'one', id],
    queryFn: () => call('WebhookDeliveryDetail', `/webhook-deliveries/${id}`),
    refetchInterval: AGAIN_MS,
  });

function useWebhookMutation<Input, Output>(work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ['webhook-endpoints'] });
      await cache.invalidateQueries({ queryKey: ['webhook-deliveries'] });
    },
  });
}

export const useCreateEndpoint = () =>
  useWebhookMutation((endpoint: CreateWebhookEndpoint) =>
    call('WebhookEndpointWithSecret', '/webhook-endpoints', post(endpoint)),
  );
export const useUpdateEndpoint = () =>
  useWebhookMutation(({ id, change }: { id: string; change: UpdateWebhookEndpoint }) =>
    call('WebhookEndpointView', `/webhook-endpoints/${id}`, patch(change)),
  );
export const useDeleteEndpoint = () =>
  useWebhookMutation((id: string) => send(`/webhook-endpoints/${id}`, { method: 'DELETE' }));
export const useRotateSecret = () =>
  useWebhookMutation((id: string) =>
    call('WebhookEndpointWithSecret', `/webhook-endpoints/${id}/rotate-secret`, post({})),
  );
export const useTestEndpoint = () =>
  useWebhookMutation((id: string) => call('WebhookDeliveryDetail', `/webhook-endpoints/${id}/test`, post({})));
export const useReplay = () =>
  useWebhookMutation((id: string) => call('WebhookDeliveryDetail', `/webhook-deliveries/${id}/replay`, post({})));

const replay = (which: ReplayWebhookDeliveries, cursor?: string) =>
  call(
    'WebhookReplay',
    `/webhook-deliveries/replay?${new URLSearchParams(cursor ? { cursor } : {}).toString()}`,
    post(which),
  );

export const useCountReplay = () =>
  useMutation({
    mutationFn: async (filters: DeliveryFilters) => (await replay({ ...whichOf(filters), dry_run: true })).count,
  });

/** All of it, however many calls that takes. @returns how many */
export const useReplayAll = () =>
  useWebhookMutation(async (filters: DeliveryFilters) => {
    let total = 0;
    let cursor: string | undefined;
    do {
      const { count, next_cursor: next } = await replay(whichOf(filters), cursor);
      total += count;
      cursor = next ?? undefined;
    } while (cursor);
    return total;
  });

const whichOf = (filters: DeliveryFilters): ReplayWebhookDeliveries => queryOf(filters);
