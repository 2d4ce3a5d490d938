'use client';
import type { ParticipantsTagged, TagParticipants } from '@wasel/backend/contract';
import { PAGE_LIMIT_MAX, PEOPLE_LIMIT_MAX } from '@wasel/backend/contract/words';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, file, post } from '@/lib/api';
import { saveFile } from '@/lib/save-file';
import { groupKey, type GroupQuery, insideKey, listKey } from './group-pages';

const given = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])));
const queryOf = (values: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(given(values)).toString();

/** By subject, or the largest first. */
export const groupsQuery = (query: GroupQuery) =>
  infiniteQueryOptions({
    queryKey: listKey(given(query)),
    queryFn: ({ pageParam }) =>
      call('GroupPage', `/groups?${queryOf({ ...query, limit: String(PAGE_LIMIT_MAX), cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const groupQuery = (jid: string) =>
  queryOptions({ queryKey: groupKey(jid), queryFn: () => call('GroupView', `/groups/${encodeURIComponent(jid)}`) });

/** What a list of people is narrowed to. */
export type PeopleFilters = Readonly<{ search: string; admins: boolean }>;
export const EVERYBODY: PeopleFilters = { search: '', admins: false };

/** Admins first. A page holds half of what WhatsApp lets into a group. */
export const peopleQuery = (jid: string, { search, admins }: PeopleFilters) =>
  infiniteQueryOptions({
    queryKey: insideKey(jid, 'people', search, admins),
    queryFn: ({ pageParam }) =>
      call(
        'GroupParticipantPage',
        `/groups/${encodeURIComponent(jid)}/participants?${queryOf({ search, admin: admins ? 'true' : '', limit: String(PEOPLE_LIMIT_MAX), cursor: pageParam })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** The newest first. */
export const eventsQuery = (jid: string) =>
  infiniteQueryOptions({
    queryKey: insideKey(jid, 'events'),
    queryFn: ({ pageParam }) =>
      call('GroupEventPage', `/groups/${encodeURIComponent(jid)}/events?${queryOf({ cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Of each of the last days, the first one first. */
export const growthQuery = (jid: string, days: number) =>
  queryOptions({
    queryKey: insideKey(jid, 'growth', days),
    queryFn: async () => (await call('GroupGrowth', `/groups/${encodeURIComponent(jid)}/growth?days=${days}`)).items,
  });

/** Who wrote the most in the last days. */
export const mostActiveQuery = (jid: string, days: number, limit: number) =>
  queryOptions({
    queryKey: insideKey(jid, 'most-active', days, limit),
    queryFn: () =>
      call('GroupMostActive', `/groups/${encodeURIComponent(jid)}/most-active?days=${days}&limit=${limit}`),
  });

/** Saves everybody in a group as CSV; that somebody did is an entry of the log. */
export function useExportPeople(jid: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      saveFile(await file(`/groups/${encodeURIComponent(jid)}/participants/export`), 'participants.csv'),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['activity', 'entries'] }),
  });
}

export function useTagPeople(jid: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (asked: Partial<TagParticipants> & { tag: string }): Promise<ParticipantsTagged> =>
      call('ParticipantsTagged', `/groups/${encodeURIComponent(jid)}/participants/tag`, post(asked)),
    onSuccess: () =>
      Promise.all(
        [['contacts'], insideKey(jid, 'people'), insideKey(jid, 'events'), ['activity', 'entries']].map((queryKey) =>
          cache.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
