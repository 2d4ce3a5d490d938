'use client';
import type { CreateInvitation, Role } from '@wasel/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, patch, post, send } from '@/lib/api';

export const membersQuery = () =>
  queryOptions({ queryKey: ['members'], queryFn: async () => (await call('MemberPage', '/members')).items });
export const invitationsQuery = () =>
  queryOptions({
    queryKey: ['invitations'],
    queryFn: async () => (await call('InvitationPage', '/invitations')).items,
  });

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
    call('MemberView', `/members/${id}`, patch({ role })),
  );
export const useRemoveMember = () =>
  useListMutation('members', (id: string) => send(`/members/${id}`, { method: 'DELETE' }));
/** The page is left with the organization, so that no list of it asks again. */
export const useLeave = () => useMutation({ mutationFn: () => send('/members/me', { method: 'DELETE' }) });
export const useInvite = () =>
  useListMutation('invitations', (invitation: CreateInvitation) =>
    call('CreatedInvitation', '/invitations', post(invitation)),
  );
export const useRevokeInvitation = () =>
  useListMutation('invitations', (id: string) => send(`/invitations/${id}`, { method: 'DELETE' }));
