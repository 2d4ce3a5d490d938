'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useDeferredValue } from 'react';
import { HelpLink } from '@/features/help/help-link';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, Skeleton, SkeletonRows } from '@/ui/states';
import { groupsQuery } from './groups.api';
import { type Filters, useFilters } from './use-filters';

const GroupFilters = lazy(() => import('./group-filters'));
const GroupRows = lazy(() => import('./group-rows'));
const NoGroups = lazy(() => import('./no-groups'));
const GroupsActions = lazy(() => import('./groups-actions'));

const ALL = { search: '', number: '', role: '', kind: '' };
const ADMIN: Readonly<Record<string, string>> = { admin: 'true', member: 'false' };

const queryOf = ({ search, number, role, kind, sort }: Filters) => ({
  search: search.trim(),
  session_id: number,
  admin: ADMIN[role] ?? '',
  kind,
  sort,
});

/** Every group that a number of the organization is in, or was. */
export function GroupsScreen() {
  const t = useTranslations('groups');
  const asked = useFilters();
  const groups = useInfiniteQuery(groupsQuery(queryOf(useDeferredValue(asked.filters))));
  const items = groups.data?.pages.flatMap((page) => page.items);
  const nothing = items?.length === 0;
  return (
    <Page
      title={t('title')}
      action={
        <Suspense>
          <GroupsActions />
        </Suspense>
      }
    >
      {nothing && !asked.narrowed ? null : (
        <Suspense fallback={<Skeleton className="h-36 lg:h-[5.75rem]" />}>
          <GroupFilters filters={asked.filters} set={asked.set} />
        </Suspense>
      )}
      {groups.isPending ? <Loading /> : null}
      {groups.isError && !items ? (
        <ErrorState text={faultIn(t, groups.error)} again={t('retry')} retry={() => void groups.refetch()} />
      ) : null}
      {nothing ? (
        <Card>
          {asked.narrowed ? (
            <EmptyState
              title={t('nothing.title')}
              action={
                <Button look="plain" onClick={() => asked.set(ALL)}>
                  {t('nothing.clear')}
                </Button>
              }
            >
              {t('nothing.text')}
            </EmptyState>
          ) : (
            <Suspense fallback={<SkeletonRows rows={3} />}>
              <NoGroups />
            </Suspense>
          )}
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <Suspense fallback={<Loading />}>
          <GroupRows groups={items} complete={!groups.hasNextPage} />
        </Suspense>
      ) : null}
      {groups.isFetchNextPageError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void groups.fetchNextPage()} />
      ) : groups.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={groups.isFetchingNextPage}
          load={() => void groups.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
      <HelpLink topic="groups#see">{t('help')}</HelpLink>
    </Page>
  );
}

const Loading = () => (
  <Card>
    <SkeletonRows rows={8} />
  </Card>
);
