'use client';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, History, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, Skeleton, SkeletonRows } from '@/ui/states';
import { activityQuery, useExport } from './activity.api';
import type { Filters } from './activity.rules';
import { useFilters } from './use-filters';
import { useNames } from './use-names';

const ActivityFilters = lazy(() => import('./activity-filters'));
const EntryDays = lazy(() => import('./entry-days'));

/** Who did what, for those who may know. */
export function ActivityScreen() {
  const t = useTranslations('activity');
  const { data: membership } = useMembership();
  if (!membership) return null;
  if (may(membership.role, 'audit:read')) return <Activity />;
  return (
    <Page title={t('title')}>
      <Card>
        <EmptyState title={t('notAllowed.title')} icon={<Lock className="size-6" />}>
          {t('notAllowed.text')}
        </EmptyState>
      </Card>
    </Page>
  );
}

function Activity() {
  const t = useTranslations('activity');
  const asked = useFilters();
  const entries = useInfiniteQuery(activityQuery(asked.filters));
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const names = useNames(items);
  return (
    <Page title={t('title')} action={<Export filters={asked.filters} />}>
      <Suspense fallback={<Skeleton className="h-16" />}>
        <ActivityFilters asked={asked} actors={names.actors} />
      </Suspense>
      {entries.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {entries.isError && !entries.data ? (
        <ErrorState text={sayOf(entries.error, t('failed'))} again={t('retry')} retry={() => void entries.refetch()} />
      ) : null}
      {entries.data && items.length === 0 ? (
        <Card>
          <EmptyState
            title={t('empty.title')}
            icon={<History className="size-6" />}
            action={
              asked.filtered ? (
                <Button look="plain" onClick={asked.clear}>
                  {t('clear')}
                </Button>
              ) : null
            }
          >
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <Suspense fallback={<Skeleton className="h-80 rounded-card" />}>
        <EntryDays items={items} names={names} />
      </Suspense>
      {entries.isFetchNextPageError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void entries.fetchNextPage()} />
      ) : entries.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={entries.isFetchingNextPage}
          load={() => void entries.fetchNextPage()}
        >
          {t('older')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Export({ filters }: { filters: Filters }) {
  const t = useTranslations('activity');
  const download = useExport();
  return (
    <div className="grid gap-2">
      <Button look="plain" busy={download.isPending} onClick={() => download.mutate(filters)}>
        <Download className="size-4" aria-hidden /> {t('export')}
      </Button>
      {download.error ? <FormFault>{sayOf(download.error, t('exportFailed'))}</FormFault> : null}
    </div>
  );
}
