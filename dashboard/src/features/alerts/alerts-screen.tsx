'use client';
import type { AlertView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { BellRing, CircleCheck } from 'lucide-react';
import { Link } from '@/ui/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { sayOf } from '@/lib/api';
import { Button, buttonClass } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, Chip, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { alertsQuery, useAcknowledge, useAcknowledgeAll, type Which } from './alerts.api';
import { alertSummaryQuery } from './summary.api';

/** Numbers that dropped and need a person. */
export function AlertsScreen() {
  const t = useTranslations('alerts');
  const [which, setWhich] = useState<Which>('open');
  const alerts = useInfiniteQuery(alertsQuery(which));
  const items = alerts.data?.pages.flatMap((page) => page.items);
  const { data: membership } = useMembership();
  const acknowledges = membership ? may(membership.role, 'alerts:acknowledge') : false;
  return (
    <Page title={t('title')} action={acknowledges ? <AcknowledgeAll /> : null}>
      <div role="group" aria-label={t('which')} className="flex gap-2">
        {(['open', 'all'] as const).map((one) => (
          <Button
            key={one}
            look={one === which ? 'primary' : 'plain'}
            aria-pressed={one === which}
            onClick={() => setWhich(one)}
          >
            {t(one)}
          </Button>
        ))}
      </div>
      {alerts.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {alerts.isError && !items ? (
        <ErrorState text={sayOf(alerts.error, t('failed'))} again={t('retry')} retry={() => void alerts.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState
            title={t('empty.title')}
            icon={<CircleCheck className="size-6" />}
            action={
              <Link href="/settings/alerts" className={buttonClass('plain')}>
                {t('empty.action')}
              </Link>
            }
          >
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map((alert) => (
          <li key={alert.id}>
            <AlertCard alert={alert} acknowledges={acknowledges} />
          </li>
        ))}
      </ul>
      {alerts.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={alerts.isFetchingNextPage}
          load={() => void alerts.fetchNextPage()}
        >
          {t('older')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function AcknowledgeAll() {
  const t = useTranslations('alerts');
  const { data } = useQuery(alertSummaryQuery());
  const acknowledge = useAcknowledgeAll();
  if (!data || data.unacknowledged < 2) return null;
  return (
    <Button look="plain" busy={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
      {t('acknowledgeAll')}
    </Button>
  );
}

function AlertCard({ alert, acknowledges }: { alert: AlertView; acknowledges: boolean }) {
  const t = useTranslations('alerts');
  const acknowledge = useAcknowledge();
  const open = alert.resolved_at === null;
  const { session_id: number, session_name, webhook_host } = alert;
  const name = session_name ?? webhook_host ?? '';
  return (
    <Card className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-start">
      <div className="grid min-w-0 gap-1.5">
        <h2 className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          <BellRing className={open ? 'size-4 text-bad' : 'size-4 text-quiet'} aria-hidden />
          <bdi>{name}</bdi>
          {open ? null : <Chip>{t(`resolutions.${alert.resolution ?? 'recovered'}`)}</Chip>}
        </h2>
        <p className="text-sm leading-6">{t(`kinds.${alert.kind}.what`)}</p>
        {open ? <p className="text-sm leading-6 text-quiet">{t(`kinds.${alert.kind}.cure`)}</p> : null}
        <Times alert={alert} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Link
          href={number ? `/numbers/${number}` : '/settings/webhooks'}
          aria-label={number ? t('openNumberOf', { name }) : t('openWebhookOf', { name })}
          className={buttonClass('plain')}
        >
          {number ? t('openNumber') : t('openWebhook')}
        </Link>
        {open && acknowledges && alert.acknowledged_at === null ? (
          <Button
            aria-label={t('acknowledgeOf', { name })}
            busy={acknowledge.isPending}
            onClick={() => acknowledge.mutate(alert.id)}
          >
            {t('acknowledge')}
          </Button>
        ) : null}
      </div>
      {acknowledge.error ? <FormFault>{sayOf(acknowledge.error, t('failed'))}</FormFault> : null}
    </Card>
  );
}

function Times({ alert }: { alert: AlertView }) {
  const t = useTranslations('alerts');
  const format = useFormatter();
  const at = (time: string): string => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const { occurrences, acknowledged_at: seen, acknowledged_by: by, resolved_at: over } = alert;
  const lines = [
    t('since', { time: at(alert.raised_at) }),
    ...(occurrences > 1 ? [t('occurrences', { count: occurrences, time: at(alert.last_raised_at) })] : []),
    ...(seen && by ? [t('acknowledgedBy', { name: by, time: at(seen) })] : []),
    ...(over ? [t('resolvedAt', { time: at(over) })] : []),
  ];
  return (
    <ul className="grid gap-0.5 text-xs leading-5 wrap-anywhere text-quiet">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
