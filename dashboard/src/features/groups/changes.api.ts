'use client';
import type {
  AddToGroup,
  ByLink,
  ChangeGroupSettings,
  CreateGroup,
  GroupActionView,
  NameInGroup,
  StartAddition,
} from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { z } from 'zod';
import { call, post, Problem } from '@/lib/api';
import { groupKey, insideKey, LISTS } from './group-pages';

/** How often it is looked at what has not ended, where the live line says nothing. */
const LOOK_AGAIN_MS = 3_000;

type Answer = Promise<GroupActionView>;
type Key = Readonly<Record<string, string>>;
type Ask<Body> = (body: Body, key: Key) => Answer;
type People = z.input<typeof NameInGroup>;
type Session = { session_id: string };

export const create: Ask<z.input<typeof CreateGroup>> = (body, key) =>
  call('GroupActionView', '/groups', post(body, key));
export const join: Ask<z.input<typeof ByLink>> = (body, key) =>
  call('GroupActionView', '/groups/join', post(body, key));

/** What is done to one group. */
export const changesOf = (jid: string) => ({
  subject: (body: Session & { subject: string }, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/subject`, post(body, key)),
  description: (body: Session & { description: string | null }, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/description`, post(body, key)),
  picture: (body: Session & { media_id: string | null }, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/picture`, post(body, key)),
  settings: (body: z.input<typeof ChangeGroupSettings>, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/settings`, post(body, key)),
  add: (body: z.input<typeof AddToGroup>, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/add-participant`, post(body, key)),
  remove: (body: People, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/remove-participant`, post(body, key)),
  promote: (body: People, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/promote`, post(body, key)),
  demote: (body: People, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/demote`, post(body, key)),
  leave: (body: Session, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/leave`, post(body, key)),
  revoke: (body: Session, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/invite-link/revoke`, post(body, key)),
  approve: (body: People, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/requests/approve`, post(body, key)),
  reject: (body: People, key: Key): Answer =>
    call('GroupActionView', `/groups/${encodeURIComponent(jid)}/requests/reject`, post(body, key)),
});

/** What is asked of a number, and answered by WhatsApp. */
export const inviteLinkQuery = (jid: string, session: string) =>
  queryOptions({
    queryKey: ['group-questions', jid, 'invite link', session],
    queryFn: () => call('GroupActionView', `/groups/${encodeURIComponent(jid)}/invite-link?session_id=${session}`),
    staleTime: Infinity,
  });
export const requestsQuery = (jid: string, session: string) =>
  queryOptions({
    queryKey: ['group-questions', jid, 'requests', session],
    queryFn: () => call('GroupActionView', `/groups/${encodeURIComponent(jid)}/requests?session_id=${session}`),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
export const linkInfoQuery = (link: string, session: string) =>
  queryOptions({
    queryKey: ['group-questions', 'link', link, session],
    queryFn: () =>
      call('GroupActionView', `/groups/link-info?${new URLSearchParams({ link, session_id: session }).toString()}`),
    staleTime: 30_000,
  });

/** Where something stands that was asked for: what came of it, that it goes on, or why not. */
export type Followed = Readonly<{
  /** Done: with what came of it. */
  done: GroupActionView | undefined;
  /** WhatsApp has not answered yet. */
  isGoingOn: boolean;
  error: Error | null;
}>;

/** Follows what has not ended when the request was answered. */
export function useFollowed(first: GroupActionView | undefined): Followed {
  const id = first?.ended_at === null ? first.id : undefined;
  const { data: later, error } = useQuery({
    queryKey: ['group-actions', id],
    queryFn: () => call('GroupActionView', `/groups/actions/${encodeURIComponent(String(id))}`),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.ended_at ? false : LOOK_AGAIN_MS),
  });
  const action = id === undefined ? first : (later ?? first);
  const failure = action?.error;
  return {
    done: action?.state === 'done' ? action : undefined,
    isGoingOn: action?.ended_at === null,
    error: failure ? new Problem(409, failure.code, failure.detail) : error,
  };
}

/**
 * Has a number do something. What was not heard to the end is asked for again under the same key, so that it is not done
 * twice; what was refused, under a new one.
 */
export function useChange<Body extends object>(ask: Ask<Body>, jid?: string) {
  const cache = useQueryClient();
  const last = useRef({ asked: '', key: '' });
  const work = useMutation({
    mutationFn: (body: Body) => {
      const asked = JSON.stringify(body);
      if (last.current.asked !== asked) last.current = { asked, key: crypto.randomUUID() };
      return ask(body, { 'idempotency-key': last.current.key });
    },
    retry: (failures, error) => failures < 2 && !(error instanceof Problem),
    onSuccess: () => (last.current = { asked: '', key: '' }),
    onError: (error) => {
      if (error instanceof Problem && error.code !== 'unknown') last.current = { asked: '', key: '' };
    },
    onSettled: () => {
      for (const queryKey of [...(jid ? [insideKey(jid)] : []), LISTS, ['activity', 'entries']])
        void cache.invalidateQueries({ queryKey });
      // It has ended once the page shows it.
      return jid ? cache.invalidateQueries({ queryKey: groupKey(jid) }) : undefined;
    },
  });
  const followed = useFollowed(work.data);
  return {
    ...followed,
    error: work.error ?? followed.error,
    ask: work.mutate,
    askAndWait: work.mutateAsync,
    isAsking: work.isPending,
    reset: work.reset,
  };
}

/** The latest first. One that runs is looked at now and then, for the next step comes by the clock. */
export const additionsQuery = (jid: string) =>
  queryOptions({
    queryKey: ['group-additions', jid],
    queryFn: async () =>
      (
        await call(
          'GroupAdditionPage',
          `/groups/additions?${new URLSearchParams({ group_jid: jid, limit: '5' }).toString()}`,
        )
      ).items,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'running') ? LOOK_AGAIN_MS * 2 : false),
  });

/** In their order. */
export const additionPeopleQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['group-additions', 'people', id],
    queryFn: ({ pageParam }) =>
      call(
        'AdditionPersonPage',
        `/groups/additions/${encodeURIComponent(id)}/participants?${new URLSearchParams({ limit: '100', ...(pageParam ? { cursor: pageParam } : {}) }).toString()}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export function useStartAddition(jid: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: z.input<typeof StartAddition> & { key: string }) =>
      call('GroupAdditionView', `/groups/${encodeURIComponent(jid)}/additions`, post(body, { 'idempotency-key': key })),
    retry: (failures, error) => failures < 2 && !(error instanceof Problem), // the key is the same
    onSuccess: () => cache.invalidateQueries({ queryKey: ['group-additions'] }),
  });
}

const ORDERS = {
  pause: (id: string) => call('GroupAdditionView', `/groups/additions/${encodeURIComponent(id)}/pause`, post({})),
  resume: (id: string) => call('GroupAdditionView', `/groups/additions/${encodeURIComponent(id)}/resume`, post({})),
  cancel: (id: string) => call('GroupAdditionView', `/groups/additions/${encodeURIComponent(id)}/cancel`, post({})),
};

export function useOrder(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (order: keyof typeof ORDERS) => ORDERS[order](id),
    onSettled: () => cache.invalidateQueries({ queryKey: ['group-additions'] }),
  });
}

/** The conversation of a group with one of our numbers. */
export const openGroupConversation = (to: string, session: string) =>
  call('ConversationView', '/conversations', post({ to, session_id: session }));
