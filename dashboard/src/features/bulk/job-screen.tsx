'use client';
import type { JobView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { Download, Pause, Play, RotateCw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useMembership } from '@/features/account/account.api';
import { faultIn, sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { FormFault } from '@/ui/field';
import { Page } from '@/ui/page';
import { Card, ErrorState, SkeletonRows } from '@/ui/states';
import { BackLink } from './back-link';
import { jobQuery, useCancel, usePause, useResume, useRetryFailed, useSaveReport } from './bulk.api';
import { JobProgress } from './job-state';

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
        {membership && may(membership.role, 'messages:send_bulk') ? <Orders job={job} /> : null}
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

function Orders({ job: { id, name, state, counts } }: { job: JobView }) {
  const t = useTranslations('bulk');
  const [pause, resume, cancel, again] = [usePause(id), useResume(id), useCancel(id), useRetryFailed(id)];
  const fault = pause.error ?? resume.error ?? again.error;
  const under = state === 'running' || state === 'queued';
  return (
    <>
      {under ? (
        <Button look="plain" busy={pause.isPending} onClick={() => pause.mutate()}>
          <Pause className="size-4" aria-hidden /> {t('pause')}
        </Button>
      ) : null}
      {state === 'paused' ? (
        <Button busy={resume.isPending} onClick={() => resume.mutate()}>
          <Play className="size-4 rtl:-scale-x-100" aria-hidden /> {t('resume')}
        </Button>
      ) : null}
      {counts.failed > 0 ? (
        <Button look="plain" busy={again.isPending} onClick={() => again.mutate()}>
          <RotateCw className="size-4 rtl:-scale-x-100" aria-hidden /> {t('retryFailed')}
        </Button>
      ) : null}
      {under || state === 'paused' ? (
        <EndButton
          label={t('cancel')}
          cancel={t('keep')}
          title={t('confirmCancel.title', { name: name || t('nameless') })}
          text={t('confirmCancel.text')}
          work={cancel}
          fault={cancel.error ? faultIn(t, cancel.error) : undefined}
          run={() => cancel.mutateAsync()}
        />
      ) : null}
      {fault ? <FormFault>{faultIn(t, fault)}</FormFault> : null}
    </>
  );
}
