'use client';
import type { GroupView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, Search, Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { faultIn } from '@/lib/api';
import { useAsked } from '@/lib/use-asked';
import { Button } from '@/ui/button';
import { CONTROL } from '@/ui/control';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Select } from '@/ui/select';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { EVERYBODY, type PeopleFilters, peopleQuery, useExportPeople } from './groups.api';
import { MemberTable } from './member-table';
import { NONE, toggled, toggledAll } from './selection.rules';

const TagDialog = lazy(() => import('./tag-dialog'));

/** Who is in a group. Whoever may do something with them chooses them here. */
export default function Members({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const { data: membership } = useMembership();
  const writes = membership ? may(membership.role, 'contacts:write') : false;
  const [filters, setFilters] = useState(EVERYBODY);
  const [selection, setSelection] = useState(NONE);
  const [tagging, setTagging] = useAsked('tag');
  const people = useInfiniteQuery(peopleQuery(group.jid, useDeferredValue(filters)));
  const items = people.data?.pages.flatMap((page) => page.items);
  const among = items?.map(({ id }) => id) ?? [];
  return (
    <>
      <Toolbar jid={group.jid} filters={filters} change={setFilters} tag={writes ? () => setTagging(true) : null} />
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
          selected={writes ? selection.ids : null}
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
        <Chosen count={selection.ids.size} clear={() => setSelection(NONE)} tag={() => setTagging(true)} />
      ) : null}
      <Suspense>
        {tagging && writes ? (
          <TagDialog group={group} selected={selection.ids} leave={() => setTagging(false)} />
        ) : null}
      </Suspense>
    </>
  );
}

function Toolbar({
  jid,
  filters,
  change,
  tag,
}: {
  jid: string;
  filters: PeopleFilters;
  change: (filters: PeopleFilters) => void;
  /** Null: who looks may not. */
  tag: (() => void) | null;
}) {
  const t = useTranslations('groups.members');
  const g = useTranslations('groups');
  const download = useExportPeople(jid);
  return (
    <div className="grid gap-3">
      <div role="search" className="flex flex-wrap items-center gap-2 sm:gap-3">
        <div className="relative grid min-w-48 flex-1">
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
      </div>
      {download.error ? <FormFault>{faultIn(g, download.error)}</FormFault> : null}
    </div>
  );
}

/** How many are chosen, and what can be done with them; stays in sight. */
function Chosen({ count, clear, tag }: { count: number; clear: () => void; tag: () => void }) {
  const t = useTranslations('groups.members');
  return (
    <div
      role="region"
      aria-label={t('chosen.label')}
      className="sticky bottom-4 z-10 flex flex-wrap items-center justify-between gap-2 justify-self-center rounded-xl border border-line bg-surface py-2 ps-5 pe-2 shadow-float"
    >
      <p role="status" className="pe-4 text-sm font-medium tabular-nums">
        {t('chosen.count', { count })}
      </p>
      <div className="flex gap-2">
        <Button look="ghost" onClick={clear}>
          {t('chosen.clear')}
        </Button>
        <Button onClick={tag}>
          <Tag className="size-4" aria-hidden /> {t('tag')}
        </Button>
      </div>
    </div>
  );
}
