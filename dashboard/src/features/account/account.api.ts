'use client';
import type { CreateOrganization, MeView, UpdateOrganization } from '@wasel/backend/contract';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, patch, post, send } from '@/lib/api';

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: () => call('MeView', '/me') });
export const configQuery = () =>
  queryOptions({ queryKey: ['config'], queryFn: () => call('PublicConfig', '/config'), staleTime: Infinity });

const CHOSEN = 'wasel-organization';

/** Who is in several organizations works in this one from the next page on, in this browser. */
export const chooseOrganization = (id: string): void => localStorage.setItem(CHOSEN, id);

/** The membership that the screen works in: the chosen one, else the first. */
export const membershipOf = ({ memberships }: MeView): MeView['memberships'][number] | null =>
  memberships.find(({ organization }) => organization.id === localStorage.getItem(CHOSEN)) ?? memberships[0] ?? null;

export const useMembership = () => useQuery({ ...meQuery(), select: membershipOf });

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
