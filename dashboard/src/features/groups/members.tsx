'use client';
import type { GroupView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, Tag, UserPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { faultIn } from '@/lib/api';
import { useAsked } from '@/lib/use-asked';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { refusalOf } from './changes.rules';
import { EVERYBODY, type PeopleFilters, peopleQuery, useExportPeople } from './groups.api';
import { Chosen } from './chosen';
import { MemberTable } from './member-table';
import { Reason } from './number-choice';
import type { MemberVerb } from './people-verbs';
import { NONE, toggled, toggledAll } from './selection.rules';

const TagDialog = lazy(() => import('./tag-dialog'));
const PeopleDialog = lazy(() => import('./people-dialog'));
const AddDialog = lazy(() => import('./add-dialog'));
const Additions = lazy(() => import('./additions'));

/** Who is in a group. Whoever may do something with them chooses them here. */
export default function Members({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const { data: membership } = useMembership();
  const writes = membership ? may(membership.role, 'contacts:write') : false;
  const manages = membership ? may(membership.role, 'groups:manage') : false;
  const [filters, setFilters] = useState(EVERYBODY);
  const [selection, setSelection] = useState(NONE);
  const [tagging, setTagging] = useAsked('tag');
  const [adding, setAdding] = useAsked('add');
  const [verb, setVerb] = useState<MemberVerb>();
  const people = useInfiniteQuery(peopleQuery(group.jid, useDeferredValue(filters)));
  const items = people.data?.pages.flatMap((page) => page.items);
  const among = items?.map(({ id }) => id) ?? [];
  return (
    <>
      <Toolbar
        group={group}
        filters={filters}
        change={setFilters}
        tag={writes ? () => setTagging(true) : null}
        add={manages ? () => setAdding(true) : null}
      />
      <Suspense>
        <Additions group={group} manages={manages} />
      </Suspense>
      {people.isPending ? (
        <Card>
          <SkeletonRows rows={8} />
        </Card>
      ) : null}
      {people.isError && !items ? (
        <ErrorState text={faultIn(t, people.error)} again={t('retry')} retry={() => void people.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('members.nobody.title')}>{t('members.nobody.text')}</EmptyState>
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <MemberTable
          items={items}
          complete={!people.hasNextPage}
          selected={writes || manages ? selection.ids : null}
          toggle={(id, range) => setSelection((now) => toggled(now, id, { among, range }))}
          toggleAll={() => setSelection((now) => toggledAll(now, among))}
        />
      ) : null}
      {people.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={people.isFetchingNextPage}
          load={() => void people.fetchNextPage()}
        >
          {t('members.more')}
        </LoadMore>
      ) : null}
      {selection.ids.size > 0 ? (
        <Chosen
          group={group}
          count={selection.ids.size}
          clear={() => setSelection(NONE)}
          tag={writes ? () => setTagging(true) : null}
          change={manages ? setVerb : null}
        />
      ) : null}
      <Suspense>
        {tagging && writes ? (
          <TagDialog group={group} selected={selection.ids} leave={() => setTagging(false)} />
        ) : null}
        {verb ? (
          <PeopleDialog
            group={group}
            verb={verb}
            selected={selection.ids}
            leave={() => setVerb(undefined)}
            done={() => setSelection(NONE)}
          />
        ) : null}
        {adding && manages ? <AddDialog group={group} leave={() => setAdding(false)} /> : null}
      </Suspense>
    </>
  );
}

function Toolbar({
  group,
  filters,
  change,
  tag,
  add,
}: {
  group: GroupView;
  filters: PeopleFilters;
  change: (filters: PeopleFilters) => void;
  /** Null: who looks may not. */
  tag: (() => void) | null;
  add: (() => void) | null;
}) {
  const t = useTranslations('groups.members');
  const g = useTranslations('groups');
  const download = useExportPeople(group.jid);
  const why = add ? refusalOf(group, 'add') : null;
  return (
    <div className="grid gap-3">
      <div role="search" className="flex flex-wrap items-center gap-2 sm:gap-3">
        <SearchField
          className="min-w-48 flex-1"
          label={t('search')}
          search={filters.search}
          change={(search) => change({ ...filters, search })}
        />
        <Select
          quiet
          aria-label={t('role')}
          value={filters.admins ? 'admins' : ''}
          options={[
            ['', t('everybody')],
            ['admins', t('admins')],
          ]}
          onChange={(event) => change({ ...filters, admins: event.target.value !== '' })}
        />
        <Button look="plain" busy={download.isPending} onClick={() => download.mutate()}>
          <Download className="size-4" aria-hidden /> {t('export')}
        </Button>
        {tag ? (
          <Button look="plain" onClick={tag}>
            <Tag className="size-4" aria-hidden /> {t('tag')}
          </Button>
        ) : null}
        {add ? (
          <Button disabled={why !== null} aria-describedby={why ? 'no-adding' : undefined} onClick={add}>
            <UserPlus className="size-4 rtl:-scale-x-100" aria-hidden /> {g('changes.add.open')}
          </Button>
        ) : null}
      </div>
      <Reason id="no-adding" why={why} />
      {download.error ? <FormFault>{faultIn(g, download.error)}</FormFault> : null}
    </div>
  );
}
