'use client';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { call, post } from '@/lib/api';

/** What a link leads to. The token goes in a body: addresses are logged on their way. */
export const previewQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: () => call('InvitationPreview', '/invitations/preview', post({ token })),
  });

export const useAccept = () =>
  useMutation({
    mutationFn: (token: string) => call('AcceptedInvitation', '/invitations/accept', post({ token })),
  });
