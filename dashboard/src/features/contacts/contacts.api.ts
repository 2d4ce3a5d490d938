'use client';
import type { ChangeContactList, ContactDay, ContactDetail, UpdateContact } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, patch, post, put, send } from '@/lib/api';

/** What a list of contacts is narrowed to; empty for all. */
export type ContactFilters = Readonly<{ search: string; tag: string; list: string; optedOut: boolean }>;

const queryOf = (values: Record<string, string | undefined>): string =>
  new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();

/** The newest first. */
export const contactsQuery = ({ search, tag, list, optedOut }: ContactFilters) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', search, tag, list, optedOut],
    queryFn: ({ pageParam }) =>
      call(
        'ContactPage',
        `/contacts?${queryOf({ search, tag_id: tag, list_id: list, opted_out: optedOut ? 'true' : '', cursor: pageParam })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: () => call('ContactDetail', `/contacts/${encodeURIComponent(id)}`),
  });

export const tagsQuery = () =>
  queryOptions({ queryKey: ['contacts', 'tags'], queryFn: async () => (await call('TagPage', '/contact-tags')).items });

export const listsQuery = () =>
  queryOptions({
    queryKey: ['contacts', 'lists'],
    queryFn: async () => (await call('ContactListPage', '/contact-lists')).items,
  });

export const dayNamesQuery = () =>
  queryOptions({
    queryKey: ['contacts', 'day names'],
    queryFn: async () => (await call('ContactDayNamePage', '/contact-days')).items,
  });

function useContactMutation<Input, Output>(work: (input: Input) => Promise<Output>, ...others: string[]) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () => Promise.all(['contacts', ...others].map((name) => cache.invalidateQueries({ queryKey: [name] }))),
  });
}

export const useCreateContact = () =>
  useContactMutation((contact: { phone_number: string; name?: string }) =>
    call('ContactDetail', '/contacts', post(contact)),
  );
export const useUpdateContact = (id: string) =>
  useContactMutation(
    (fields: UpdateContact) => call('ContactDetail', `/contacts/${id}`, patch(fields)),
    'conversations',
  );
export const useSetTags = (id: string) =>
  useContactMutation((tags: readonly string[]) => call('ContactDetail', `/contacts/${id}/tags`, put({ tags })));
export const useSetDays = (id: string) =>
  useContactMutation((days: readonly ContactDay[]) => call('ContactDetail', `/contacts/${id}/days`, put({ days })));
export const useSetOptOut = (id: string) =>
  useContactMutation((out: boolean): Promise<ContactDetail> =>
    out
      ? call('ContactDetail', `/contacts/${id}/opt-out`, post({}))
      : call('ContactDetail', `/contacts/${id}/opt-in`, post({})),
  );
export const useMerge = (id: string) =>
  useContactMutation(
    (other: string) => call('ContactDetail', `/contacts/${id}/merge`, post({ with: other })),
    'conversations',
    'messages',
  );
export const useUndoMerge = () =>
  useContactMutation(
    (merge: string) => call('ContactDetail', `/contacts/merges/${merge}/undo`, post({})),
    'conversations',
    'messages',
  );
export const useRenameTag = (id: string) =>
  useContactMutation((name: string) => call('TagView', `/contact-tags/${id}`, patch({ name })));
export const useDeleteTag = (id: string) => useContactMutation(() => send(`/contact-tags/${id}`, { method: 'DELETE' }));
export const useCreateList = () =>
  useContactMutation((name: string) => call('ContactListView', '/contact-lists', post({ name })));
export const useRenameList = (id: string) =>
  useContactMutation((name: string) => call('ContactListView', `/contact-lists/${id}`, patch({ name })));
export const useDeleteList = (id: string) =>
  useContactMutation(() => send(`/contact-lists/${id}`, { method: 'DELETE' }));
export const useChangeList = () =>
  useContactMutation(({ list, ...change }: Partial<ChangeContactList> & { list: string }) =>
    call('ContactListView', `/contact-lists/${list}/contacts`, patch(change)),
  );
