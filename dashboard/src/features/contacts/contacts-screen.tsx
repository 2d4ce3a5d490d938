'use client';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Tags, UserPlus, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { useAsked } from '@/lib/use-asked';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { type ContactFilters, contactsQuery, listsQuery, tagsQuery } from './contacts.api';

const AddContact = lazy(() => import('./add-contact'));
const ContactRows = lazy(() => import('./contact-rows'));
const Sorting = lazy(() => import('./sorting'));

const ALL: ContactFilters = { search: '', tag: '', list: '', optedOut: false };

/** Everybody that the organization knows. */
export function ContactsScreen() {
  const t = useTranslations('contacts');
  const { data: membership } = useMembership();
  const writes = membership ? may(membership.role, 'contacts:write') : false;
  const [adding, setAdding] = useAsked('add');
  const [sorting, setSorting] = useAsked('sort');
  const [filters, setFilters] = useState(ALL);
  const add = writes ? (
    <Button onClick={() => setAdding(true)}>
      <UserPlus className="size-4" aria-hidden /> {t('add')}
    </Button>
  ) : null;
  return (
    <Page
      title={t('title')}
      action={
        <div className="flex flex-wrap gap-2">
          <Button look="plain" onClick={() => setSorting(true)}>
            <Tags className="size-4" aria-hidden /> {t('sorting.open')}
          </Button>
          {add}
        </div>
      }
    >
      <Filters filters={filters} change={setFilters} />
      <People filters={useDeferredValue(filters)} add={add} />
      <Dialog title={t('add')} close={t('close')} open={adding} onOpenChange={setAdding}>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <AddContact />
        </Suspense>
      </Dialog>
      <Dialog title={t('sorting.title')} close={t('close')} open={sorting} onOpenChange={setSorting}>
        <Suspense fallback={<SkeletonRows rows={3} />}>
          <Sorting writes={writes} />
        </Suspense>
      </Dialog>
    </Page>
  );
}

function Filters({ filters, change }: { filters: ContactFilters; change: (filters: ContactFilters) => void }) {
  const t = useTranslations('contacts');
  const { data: tags = [] } = useQuery(tagsQuery());
  const { data: lists = [] } = useQuery(listsQuery());
  const named = (all: string, items: readonly { id: string; name: string }[]) =>
    [['', all] as const, ...items.map(({ id, name }) => [id, name] as const)] as const;
  return (
    <div role="search" className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-[minmax(0,1fr)_auto_auto_auto]">
      <SearchField
        className="sm:col-span-2 lg:col-span-1"
        label={t('search')}
        search={filters.search}
        change={(search) => change({ ...filters, search })}
      />
      <Select
        aria-label={t('tag')}
        value={filters.tag}
        options={named(t('everyTag'), tags)}
        onChange={(event) => change({ ...filters, tag: event.target.value })}
      />
      <Select
        aria-label={t('list')}
        value={filters.list}
        options={named(t('everyList'), lists)}
        onChange={(event) => change({ ...filters, list: event.target.value })}
      />
      <Button
        look={filters.optedOut ? 'primary' : 'plain'}
        aria-pressed={filters.optedOut}
        onClick={() => change({ ...filters, optedOut: !filters.optedOut })}
      >
        {t('optedOut')}
      </Button>
    </div>
  );
}

function People({ filters, add }: { filters: ContactFilters; add: React.ReactNode }) {
  const t = useTranslations('contacts');
  const contacts = useInfiniteQuery(contactsQuery(filters));
  const items = contacts.data?.pages.flatMap((page) => page.items);
  const narrowed = filters.search !== '' || filters.tag !== '' || filters.list !== '' || filters.optedOut;
  return (
    <>
      {contacts.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {contacts.isError && !items ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void contacts.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          {narrowed ? (
            <EmptyState title={t('nothing.title')}>{t('nothing.text')}</EmptyState>
          ) : (
            <EmptyState title={t('empty.title')} icon={<UsersRound className="size-6" />} action={add}>
              {t('empty.text')}
            </EmptyState>
          )}
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <Suspense fallback={<SkeletonRows rows={6} />}>
          <ContactRows contacts={items} complete={!contacts.hasNextPage} />
        </Suspense>
      ) : null}
      {contacts.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={contacts.isFetchingNextPage}
          load={() => void contacts.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
    </>
  );
}
