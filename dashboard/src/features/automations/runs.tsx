'use client';
import type { AutomationRunView } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { sayOf } from '@/lib/api';
import { LoadMore } from '@/ui/load-more';
import { Card, Chip, ErrorState, SkeletonRows } from '@/ui/states';
import { runsQuery } from './automations.api';
import { useAutomationWords } from './use-automation-words';

/** What an automation made of events: each time that it acted, or why it did not. */
export function Runs({ id }: { id: string }) {
  const t = useTranslations('automations');
  const runs = useInfiniteQuery(runsQuery(id));
  const items = runs.data?.pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby="runs" className="grid grid-cols-1 gap-3">
      <h2 id="runs" className="text-base font-semibold">
        {t('runs.title')}
      </h2>
      <Card className={items && items.length > 0 ? 'p-0' : ''}>
        {runs.isPending ? <SkeletonRows rows={2} /> : null}
        {runs.isError && !items ? (
          <ErrorState text={sayOf(runs.error, t('failed'))} again={t('retry')} retry={() => void runs.refetch()} />
        ) : null}
        {items?.length === 0 ? <p className="text-sm leading-6 text-quiet">{t('runs.empty')}</p> : null}
        {items && items.length > 0 ? (
          <ul className="grid grid-cols-1 divide-y divide-line">
            {items.map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </ul>
        ) : null}
      </Card>
      {runs.hasNextPage ? (
        <LoadMore className="justify-self-center" busy={runs.isFetchingNextPage} load={() => void runs.fetchNextPage()}>
          {t('more')}
        </LoadMore>
      ) : null}
    </section>
  );
}

function Row({ run }: { run: AutomationRunView }) {
  const t = useTranslations('automations');
  const format = useFormatter();
  const { reasonOf } = useAutomationWords();
  const { recipient, outcome, reason, detail, notification_state: state, notification_error: error } = run;
  const why = outcome === 'skipped' ? reason : error;
  return (
    <li className="grid gap-0.5 px-4 py-3 sm:px-6">
      <p className="flex flex-wrap items-center gap-2 text-sm font-medium wrap-anywhere">
        <bdi dir="ltr">{recipient ?? t('runs.nobody')}</bdi>
        <Chip>{outcome === 'skipped' || !state ? t(`runs.${outcome}`) : t(`states.${state}`)}</Chip>
      </p>
      <p className="text-xs leading-5 wrap-anywhere text-quiet">
        <time dateTime={run.created_at}>
          {format.dateTime(new Date(run.created_at), { dateStyle: 'medium', timeStyle: 'short' })}
        </time>
        {why ? ` · ${reasonOf(why)}` : ''}
        {detail ? (
          <>
            {' '}
            (<bdi>{detail}</bdi>)
          </>
        ) : null}
      </p>
    </li>
  );
}
