'use client';
import type { JobView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { faultIn, sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { Page } from '@/ui/page';
import { Card, ErrorState, SkeletonRows } from '@/ui/states';
import { BackLink } from './back-link';
import { jobQuery, useCancel, usePause, useResume, useRetryFailed, useSaveReport } from './bulk.api';
import { JobProgress } from './job-state';
import { Orders } from './orders';

/** One job: how far it is, and what can be done about it. */
export function JobScreen({ id }: { id: string }) {
  const t = useTranslations('bulk');
  const job = useQuery(jobQuery(id));
  return (
    <Page above={<BackLink>{t('title')}</BackLink>} title={<bdi>{job.data?.name || t('nameless')}</bdi>}>
      {job.isPending ? (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      ) : null}
      {job.isError && !job.data ? (
        <ErrorState text={sayOf(job.error, t('failed'))} again={t('retry')} retry={() => void job.refetch()} />
      ) : null}
      {job.data ? <Job job={job.data} /> : null}
    </Page>
  );
}

function Job({ job }: { job: JobView }) {
  const t = useTranslations('bulk');
  const format = useFormatter();
  const { data: membership } = useMembership();
  const report = useSaveReport(job.id);
  const begun = format.dateTime(new Date(job.created_at), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Card className="grid grid-cols-1 gap-5">
      <JobProgress job={job} />
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {(Object.keys(job.counts) as (keyof JobView['counts'])[])
          .filter((status) => job.counts[status] > 0)
          .map((status) => (
            <div key={status}>
              <dt className="text-sm text-quiet">{t(`counts.${status}`)}</dt>
              <dd className="text-xl font-semibold tabular-nums">{format.number(job.counts[status])}</dd>
            </div>
          ))}
      </dl>
      <p className="text-sm leading-6 wrap-anywhere text-quiet">
        {t.rich('begun', { name: job.created_by, date: begun, who: Who })}
      </p>
      <div className="flex flex-wrap gap-2">
        {membership && may(membership.role, 'messages:send_bulk') ? <JobOrders job={job} /> : null}
        <Button look="plain" busy={report.isPending} onClick={() => report.mutate()}>
          <Download className="size-4" aria-hidden /> {t('report')}
        </Button>
      </div>
      {report.error ? <FormFault>{faultIn(t, report.error)}</FormFault> : null}
    </Card>
  );
}

/** Runs in its own direction, whatever stands beside it. */
const Who = (name: React.ReactNode) => <bdi>{name}</bdi>;

function JobOrders({ job: { id, name, state, counts } }: { job: JobView }) {
  const t = useTranslations('bulk');
  const orders = { pause: usePause(id), resume: useResume(id), cancel: useCancel(id), again: useRetryFailed(id) };
  return (
    <Orders
      words="bulk"
      name={name || t('nameless')}
      goesOn={state === 'running' || state === 'queued'}
      isPaused={state === 'paused'}
      failed={counts.failed}
      orders={orders}
    />
  );
}
