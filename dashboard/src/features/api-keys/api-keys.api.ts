'use client';
import type { CreateApiKey } from '@wasel/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, post, send } from '@/lib/api';

export const apiKeysQuery = () =>
  queryOptions({ queryKey: ['api-keys'], queryFn: async () => (await call('ApiKeyPage', '/api-keys')).items });

function useKeyMutation<Input, Output>(work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: ['api-keys'] }) });
}

export const useCreateKey = () => useKeyMutation((key: CreateApiKey) => call('CreatedApiKey', '/api-keys', post(key)));
export const useRevokeKey = () => useKeyMutation((id: string) => send(`/api-keys/${id}`, { method: 'DELETE' }));
