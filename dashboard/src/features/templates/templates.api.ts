'use client';
import type { CreateTemplate, SendTemplate, UpdateTemplate } from '@wasel/backend/contract';
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { call, patch, post, send } from '@/lib/api';

export type Filter = Readonly<{ search: string; category: string; language: string }>;

const queryOf = (filter: Filter, cursor: string | undefined): string =>
  new URLSearchParams(
    Object.entries({ ...filter, cursor }).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();

export const templatesQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['templates', filter],
    queryFn: ({ pageParam }) => call('TemplatePage', `/templates?${queryOf(filter, pageParam)}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });

export const templateQuery = (id: string) =>
  queryOptions({ queryKey: ['templates', id], queryFn: () => call('TemplateView', `/templates/${id}`) });

function useTemplateMutation<Input, Output>(work: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: work, onSettled: () => cache.invalidateQueries({ queryKey: ['templates'] }) });
}

export const useCreateTemplate = () =>
  useTemplateMutation((template: z.input<typeof CreateTemplate>) => call('TemplateView', '/templates', post(template)));
export const useUpdateTemplate = () =>
  useTemplateMutation(({ id, ...to }: z.input<typeof UpdateTemplate> & { id: string }) =>
    call('TemplateView', `/templates/${id}`, patch(to)),
  );
export const useCopyTemplate = () =>
  useTemplateMutation(({ id, name }: { id: string; name: string }) =>
    call('TemplateView', `/templates/${id}/copy`, post({ name })),
  );
export const useDeleteTemplate = () =>
  useTemplateMutation((id: string) => send(`/templates/${id}`, { method: 'DELETE' }));

/** @param key of one message: what is sent again under it is one */
export const useSendTemplate = () =>
  useTemplateMutation(({ key, ...message }: z.input<typeof SendTemplate> & { key: string }) =>
    call('SendAccepted', '/messages/send-template', post(message, { 'idempotency-key': key })),
  );
