'use client';
import type { CreateOrganization, UpdateOrganization } from '@wasel/backend/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, patch, post, send } from '@/lib/api';
import { meQuery } from './account.api';

export function useCreateOrganization() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (organization: CreateOrganization) => call('OrganizationView', '/organizations', post(organization)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['me'] }),
  });
}

export function useUpdateOrganization() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (changes: UpdateOrganization) => call('OrganizationView', '/organizations/current', patch(changes)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['me'] }),
  });
}

export function useRename() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call('MeView', '/me', patch({ name })),
    onSuccess: (me) => cache.setQueryData(meQuery().queryKey, me),
  });
}

/** What an owner deleted goes on. */
export function useRestoreOrganization() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => send('/organizations/current/deletion', { method: 'DELETE' }),
    onSettled: () => cache.invalidateQueries({ queryKey: ['me'] }),
  });
}
