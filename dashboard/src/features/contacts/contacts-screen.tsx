'use client';
import type { ContactSummary } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Search, Tags, UserPlus, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { useAsked } from '@/lib/use-asked';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { CONTROL } from '@/ui/control';
import { Dialog } from '@/ui/dialog';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Select } from '@/ui/select';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { type ContactFilters, contactsQuery, listsQuery, tagsQuery } from './contacts.api';

const AddContact = lazy(() => import('./add-contact'));
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
      <div className="relative grid sm:col-span-2 lg:col-span-1">
        <Search className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-quiet" aria-hidden />
        <input
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          maxLength={100}
          className={`${CONTROL} ps-9`}
          value={filters.search}
          onChange={(event) => change({ ...filters, search: event.target.value })}
        />
      </div>
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
      <ul className="grid grid-cols-1 gap-2" hidden={!items || items.length === 0}>
        {items?.map((contact) => (
          <li key={contact.id}>
            <ContactRow contact={contact} />
          </li>
        ))}
      </ul>
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

function ContactRow({ contact }: { contact: ContactSummary }) {
  const t = useTranslations('contacts');
  const { id, name, phone_number: phone, tags, opted_out_at: out } = contact;
  return (
    <Link href={`/contacts/${id}`} className="card flex min-w-0 items-center gap-3 p-3 hover:bg-raised sm:p-4">
      <Avatar name={name} />
      <span className="grid min-w-0 grow grid-cols-1 gap-1">
        <span className="truncate font-medium">
          {name === null ? phone === null ? t('noNumber') : <bdi dir="ltr">{phone}</bdi> : <bdi>{name}</bdi>}
        </span>
        {name === null ? null : (
          <span className="text-sm text-quiet">{phone === null ? t('noNumber') : <bdi dir="ltr">{phone}</bdi>}</span>
        )}
        {tags.length > 0 || out ? (
          <span className="flex flex-wrap gap-1.5">
            {out ? (
              <span className="rounded-full bg-bad-soft px-2.5 py-0.5 text-xs font-medium text-bad">
                {t('optedOut')}
              </span>
            ) : null}
            {tags.map((tag) => (
              <Chip key={tag.id}>
                <bdi>{tag.name}</bdi>
              </Chip>
            ))}
          </span>
        ) : null}
      </span>
    </Link>
  );
}
