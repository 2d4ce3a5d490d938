'use client';
import { AcceptedInvitation, InvitationPreview } from '@wasel/backend/contract';
import { queryOptions, useMutation } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { call, post } from '@/lib/api';

/** What a link leads to. The token goes in a body: addresses are logged on their way. */
export const previewQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: () => call(InvitationPreview, '/invitations/preview', post({ token })),
  });

export const useAccept = () =>
  useMutation({
    mutationFn: (token: string) => call(AcceptedInvitation, '/invitations/accept', post({ token })),
  });

const follow = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

/** What stands after `#`, which no server sees; null until the browser has the page. */
export const useToken = (): string | null =>
  useSyncExternalStore(
    follow,
    () => location.hash.slice(1),
    () => null,
  );
