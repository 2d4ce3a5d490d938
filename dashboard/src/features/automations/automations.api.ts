'use client';
import type { CreateAutomation, OptOutWords, TestAutomation, UpdateAutomation } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { call, patch, post, put, send } from '@/lib/api';

const after = (cursor: string | undefined): string => (cursor ? `cursor=${encodeURIComponent(cursor)}` : '');

export const automationsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['automations'],
    queryFn: ({ pageParam }) => call('AutomationPage', `/automations?${after(pageParam)}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const automationQuery = (id: string) =>
  queryOptions({ queryKey: ['automations', id], queryFn: () => call('AutomationView', `/automations/${id}`) });

/** What it made of events; looked at again while it is on the screen. */
export const runsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['automations', id, 'runs'],
    queryFn: ({ pageParam }) => call('AutomationRunPage', `/automations/${id}/runs?${after(pageParam)}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });

/** Those that can be chosen. */
export const choicesQuery = () =>
  queryOptions({
    queryKey: ['templates', 'choices'],
    queryFn: () => call('TemplatePage', '/templates?limit=100&active=true'),
  });

export const optOutWordsQuery = () =>
  queryOptions({ queryKey: ['opt-out-words'], queryFn: () => call('OptOutWords', '/opt-out-words') });

function useAutomationMutation<Input, Output>(work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: ['automations'] }) });
}

export const useCreateAutomation = () =>
  useAutomationMutation((automation: z.input<typeof CreateAutomation>) =>
    call('SavedAutomation', '/automations', post(automation)),
  );
export const useUpdateAutomation = () =>
  useAutomationMutation(({ id, ...to }: z.input<typeof UpdateAutomation> & { id: string }) =>
    call('SavedAutomation', `/automations/${id}`, patch(to)),
  );
export const useDeleteAutomation = () =>
  useAutomationMutation((id: string) => send(`/automations/${id}`, { method: 'DELETE' }));
export const useTestAutomation = () =>
  useAutomationMutation(({ id, ...test }: z.input<typeof TestAutomation> & { id: string }) =>
    call('NotificationView', `/automations/${id}/test`, post(test)),
  );

export function useSetOptOutWords() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (words: OptOutWords) => call('OptOutWords', '/opt-out-words', put(words)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['opt-out-words'] }),
  });
}
