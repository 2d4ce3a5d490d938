'use client';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, post, send } from '@/lib/api';

const HEALTH_MS = 10_000;

const asked = (query: Record<string, string>, cursor: string | undefined): string =>
  new URLSearchParams({ ...query, ...(cursor ? { cursor } : {}) }).toString();

/** The newest first. */
export const organizationsQuery = (search: string, suspended: boolean) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'organizations', search, suspended],
    queryFn: ({ pageParam }) =>
      call(
        'OperatorOrganizationPage',
        `/operator/organizations?${asked({ ...(search ? { search } : {}), ...(suspended ? { suspended: 'true' } : {}) }, pageParam)}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Each time it is asked is a look that its owner sees, so it is not asked again by itself. */
export const organizationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operator', 'organization', id],
    queryFn: () => call('OperatorOrganizationDetail', `/operator/organizations/${encodeURIComponent(id)}`),
    refetchOnWindowFocus: false,
  });

export const conversationsOfQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'conversations', id],
    queryFn: ({ pageParam }) =>
      call(
        'OperatorConversationPage',
        `/operator/organizations/${encodeURIComponent(id)}/conversations?${asked({ limit: '20' }, pageParam)}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });

export const operatorHealthQuery = () =>
  queryOptions({
    queryKey: ['operator', 'health'],
    queryFn: () => call('OperatorHealth', '/operator/health'),
    refetchInterval: HEALTH_MS,
  });

/** The newest first. */
export const operatorLogQuery = () =>
  infiniteQueryOptions({
    queryKey: ['operator', 'log'],
    queryFn: ({ pageParam }) => call('OperatorAuditPage', `/operator/audit-logs?${asked({}, pageParam)}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** @param what is decided of the organization */
export function useDecide(id: string, what: 'suspend' | 'unsuspend') {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      what === 'suspend'
        ? send(`/operator/organizations/${id}/suspend`, post({ reason }))
        : send(`/operator/organizations/${id}/unsuspend`, post({ reason })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['operator'] }),
  });
}

/** What was said in a conversation, for a reason that its organization reads. Never kept, and never asked again by itself. */
export const useLook = (id: string) =>
  useMutation({
    mutationFn: ({ conversation, reason, cursor }: { conversation: string; reason: string; cursor?: string }) =>
      call(
        'OperatorMessagePage',
        `/operator/organizations/${id}/conversations/${conversation}/messages`,
        post({ reason, ...(cursor ? { cursor } : {}) }),
      ),
  });
