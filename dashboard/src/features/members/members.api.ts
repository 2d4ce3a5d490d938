'use client';
import {
  CreatedInvitation,
  type CreateInvitation,
  InvitationPage,
  MemberPage,
  MemberView,
  type Role,
} from '@wasel/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { call, patch, post } from '@/lib/api';

export const membersQuery = () =>
  queryOptions({ queryKey: ['members'], queryFn: async () => (await call(MemberPage, '/members')).items });
export const invitationsQuery = () =>
  queryOptions({ queryKey: ['invitations'], queryFn: async () => (await call(InvitationPage, '/invitations')).items });

/** Runs something on a list and has it ask again; who I am myself may have changed with it. */
function useListMutation<Input, Output>(list: 'members' | 'invitations', work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: [list] }),
        list === 'members' ? cache.invalidateQueries({ queryKey: ['me'] }) : undefined,
      ]),
  });
}

export const useChangeRole = () =>
  useListMutation('members', ({ id, role }: { id: string; role: Role }) =>
    call(MemberView, `/members/${id}`, patch({ role })),
  );
export const useRemoveMember = () =>
  useListMutation('members', (id: string) => call(z.undefined(), `/members/${id}`, { method: 'DELETE' }));
/** The page is left with the organization, so that no list of it asks again. */
export const useLeave = () =>
  useMutation({ mutationFn: () => call(z.undefined(), '/members/me', { method: 'DELETE' }) });
export const useInvite = () =>
  useListMutation('invitations', (invitation: CreateInvitation) =>
    call(CreatedInvitation, '/invitations', post(invitation)),
  );
export const useRevokeInvitation = () =>
  useListMutation('invitations', (id: string) => call(z.undefined(), `/invitations/${id}`, { method: 'DELETE' }));
