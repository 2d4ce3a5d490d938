'use client';
import type { OperatorAuditEntry } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { When } from './facts';
import { operatorLogQuery } from './operator.api';

/** What those who run the installation did, the newest first. */
export function LogScreen() {
  const t = useTranslations('operator');
  const found = useInfiniteQuery(operatorLogQuery());
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('log.title')}>
      {found.isError && !found.data ? (
        <ErrorState text={sayOf(found.error, t('failed'))} again={t('retry')} retry={() => void found.refetch()} />
      ) : (
        <Card className="py-1 sm:py-2">
          {found.isPending ? <SkeletonRows rows={6} /> : null}
          {found.data && items.length === 0 ? (
            <EmptyState title={t('log.empty.title')} icon={<ScrollText className="size-6" />}>
              {t('log.empty.text')}
            </EmptyState>
          ) : null}
          <ol className="grid grid-cols-1 divide-y divide-line">
            {items.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </Card>
      )}
      {found.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={found.isFetchingNextPage}
          load={() => void found.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Entry({ entry: { action, actor, target, changes, time, address } }: { entry: OperatorAuditEntry }) {
  const t = useTranslations('operator');
  const key = `log.actions.${action.replace('.', '_')}`;
  const reason = changes['reason']?.to;
  return (
    <li className="grid grid-cols-1 gap-0.5 py-3 text-sm leading-6">
      <p className="wrap-anywhere">
        <bdi className="font-medium">{actor.name}</bdi> · {t.has(key) ? t(key) : action} ·{' '}
        <bdi className="font-medium">{target.name}</bdi>
      </p>
      {typeof reason === 'string' ? (
        <p className="wrap-anywhere text-quiet">
          {t('reason')}: <bdi>{reason}</bdi>
        </p>
      ) : null}
      <p className="text-quiet">
        <When at={time} />
        {address ? (
          <>
            {' · '}
            <bdi dir="ltr">{address}</bdi>
          </>
        ) : null}
      </p>
    </li>
  );
}
