'use client';
import type { CreateSession, UpdateSession } from '@wasel/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { call, file, patch, post, send } from '@/lib/api';
import { linkKey } from '@/lib/link-key';
import { saveFile } from '@/lib/save-file';

export const sessionsQuery = () =>
  queryOptions({ queryKey: ['sessions'], queryFn: async () => (await call('SessionPage', '/sessions')).items });

/** How a number does: told live, and asked now and then, for it also changes with the time of day. */
export const healthQuery = (id: string) =>
  queryOptions({
    queryKey: ['health', id],
    queryFn: () => call('SessionHealth', `/sessions/${id}/health`),
    refetchInterval: 30_000,
  });

/** Days that the page of a number shows. */
export const STATEMENT_DAYS = 30;
/** What its file holds: more than anybody wants to read on a screen. */
const EXPORT_DAYS = 366;

export const statementQuery = (id: string) =>
  queryOptions({
    queryKey: ['health', id, 'statement'],
    queryFn: () => call('SessionStatement', `/sessions/${id}/statement?days=${STATEMENT_DAYS}`),
  });

/** Saves the statement of a year as CSV. */
export const useExportStatement = () =>
  useMutation({
    mutationFn: async (id: string) =>
      saveFile(await file(`/sessions/${id}/statement/export?days=${EXPORT_DAYS}`), 'statement.csv'),
  });

/** What the phone is to scan; null once there is nothing. */
export const linkQuery = (id: string) =>
  queryOptions({ queryKey: linkKey(id), queryFn: () => call('SessionLink', `/sessions/${id}/qr`).catch(() => null) });

/** Runs something on the numbers and has the list ask again. */
function useSessionMutation<Input, Output>(work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: ['sessions'] }) });
}

export const useCreateSession = () =>
  useSessionMutation((session: z.input<typeof CreateSession>) =>
    call('SessionWithLink', '/sessions/create', post(session)),
  );
export function useConnect() {
  const cache = useQueryClient();
  return useSessionMutation(async (id: string) => {
    const answer = await call('SessionWithLink', `/sessions/${id}/connect`, post({}));
    cache.setQueryData(linkKey(id), answer.link);
    return answer;
  });
}
export const useDisconnect = () =>
  useSessionMutation((id: string) => call('SessionView', `/sessions/${id}/disconnect`, post({})));
export const useLogOut = () =>
  useSessionMutation((id: string) => call('SessionView', `/sessions/${id}/logout`, post({})));
export const useDeleteSession = () => useSessionMutation((id: string) => send(`/sessions/${id}`, { method: 'DELETE' }));
export const useUpdateSession = () =>
  useSessionMutation(({ id, ...changes }: UpdateSession & { id: string }) =>
    call('SessionView', `/sessions/${id}`, patch(changes)),
  );

/** Does something with all messages of a number, and has its health ask again. */
function useQueueMutation(work: (id: string) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ['health'] });
      await cache.invalidateQueries({ queryKey: ['messages'] });
    },
  });
}

export const useCancelAll = () =>
  useQueueMutation((id) => call('ChangedMessages', '/messages/cancel-all', post({ session_id: id })));
export const useRetryAll = () =>
  useQueueMutation((id) => call('ChangedMessages', '/messages/retry-all', post({ session_id: id })));
