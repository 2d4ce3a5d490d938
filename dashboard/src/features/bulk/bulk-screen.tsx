'use client';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { FileUp, Send } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef } from 'react';
import { useMembership } from '@/features/account/account.api';
import { faultIn, sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { DropZone } from '@/ui/drop-zone';
import { FormFault } from '@/ui/field';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { jobsQuery, useUpload } from './bulk.api';
import { JobProgress } from './job-state';

/** What was sent to many, and the way to do so. */
export function BulkScreen() {
  const t = useTranslations('bulk');
  const format = useFormatter();
  const { data: membership } = useMembership();
  const jobs = useInfiniteQuery(jobsQuery());
  const items = jobs.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={t('title')}>
      {membership && may(membership.role, 'messages:send_bulk') ? <Upload /> : null}
      {jobs.isPending ? (
        <Card>
          <SkeletonRows rows={2} />
        </Card>
      ) : null}
      {jobs.isError && !items ? (
        <ErrorState text={sayOf(jobs.error, t('failed'))} again={t('retry')} retry={() => void jobs.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('empty.title')} icon={<Send className="size-6 rtl:-scale-x-100" />}>
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map((job) => (
          <li key={job.id}>
            <Card className="grid gap-3">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <h2 className="font-medium wrap-anywhere">
                  <Link
                    href={`/bulk/${job.id}`}
                    className="inline-flex min-h-10 items-center text-accent hover:underline"
                  >
                    <bdi>{job.name || t('nameless')}</bdi>
                  </Link>
                </h2>
                <p className="text-sm text-quiet">
                  {format.dateTime(new Date(job.created_at), { dateStyle: 'medium', timeStyle: 'short' })}
                </p>
              </div>
              <JobProgress job={job} />
            </Card>
          </li>
        ))}
      </ul>
      {jobs.hasNextPage ? (
        <LoadMore busy={jobs.isFetchingNextPage} load={() => void jobs.fetchNextPage()}>
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Upload() {
  const t = useTranslations('bulk');
  const router = useRouter();
  const upload = useUpload();
  const input = useRef<HTMLInputElement>(null);
  const take = (content: File): void =>
    upload.mutate(content, { onSuccess: ({ id }) => router.push(`/bulk/import/${id}`) });
  return (
    <DropZone invitation={t('drop')} onFile={upload.isPending ? undefined : take}>
      <Card className="grid justify-items-center gap-3 text-center">
        <h2 className="font-semibold">{t('upload.title')}</h2>
        <p className="max-w-lg text-sm leading-6 text-quiet">{t('upload.text')}</p>
        <Button busy={upload.isPending} onClick={() => input.current?.click()}>
          <FileUp className="size-4" aria-hidden /> {t('upload.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          hidden
          aria-label={t('upload.choose')}
          onChange={({ target }) => {
            const [content] = target.files ?? [];
            if (content) take(content);
            target.value = '';
          }}
        />
        {upload.error ? <FormFault>{faultIn(t, upload.error)}</FormFault> : null}
      </Card>
    </DropZone>
  );
}
