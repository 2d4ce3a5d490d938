'use client';
import type { ImportReport, ImportView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { sayOf } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { BackLink } from './back-link';
import { importQuery } from './bulk.api';

const MappingForm = lazy(() => import('./mapping-form').then(({ MappingForm: form }) => ({ default: form })));
const LaunchForm = lazy(() => import('./launch-form').then(({ LaunchForm: form }) => ({ default: form })));

/** A file of people: what its columns mean, which rows are good, and off it goes. */
export function ImportScreen({ id }: { id: string }) {
  const t = useTranslations('bulk');
  const file = useQuery(importQuery(id));
  const { data } = file;
  return (
    <Page above={<BackLink>{t('title')}</BackLink>} title={<bdi>{data?.file_name ?? t('title')}</bdi>}>
      {file.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {file.isError && !data ? (
        <ErrorState text={sayOf(file.error, t('failed'))} again={t('retry')} retry={() => void file.refetch()} />
      ) : null}
      {data?.state === 'ready' ? <Ready file={data} /> : null}
      {data && data.state !== 'ready' ? (
        <Card>
          <EmptyState
            title={t(`files.${data.state}`)}
            action={
              <Link href={data.job_id ? `/bulk/${data.job_id}` : '/bulk'} className={buttonClass()}>
                {data.job_id ? t('toJob') : t('upload.choose')}
              </Link>
            }
          >
            {t(`filesText.${data.state}`)}
          </EmptyState>
        </Card>
      ) : null}
    </Page>
  );
}

function Ready({ file }: { file: ImportView }) {
  const t = useTranslations('bulk');
  const [report, setReport] = useState<ImportReport>();
  const columns = file.columns.map((name, at) => ({ name, at }));
  return (
    <>
      <Card className="grid grid-cols-1 gap-3">
        <h2 className="font-semibold">{t('preview', { count: file.row_count })}</h2>
        <div
          className="overflow-x-auto"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by keyboard
          tabIndex={0}
          role="region"
          aria-label={t('preview', { count: file.row_count })}
        >
          <table className="w-full text-start text-sm">
            <thead>
              <tr>
                {columns.map(({ name, at }) => (
                  <th key={at} scope="col" className="px-3 py-2 text-start font-medium whitespace-nowrap">
                    <bdi>{name || t('column', { number: at + 1 })}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {file.preview.map(({ line, cells }) => (
                <tr key={line} className="border-t border-line">
                  {columns.map(({ at }) => (
                    <td key={at} className="max-w-60 truncate px-3 py-2">
                      <bdi>{cells[at] ?? ''}</bdi>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Suspense fallback={<SkeletonRows rows={2} />}>
        <MappingForm file={file} found={setReport} />
        {report ? <LaunchForm key={report.good} file={file} report={report} /> : null}
      </Suspense>
    </>
  );
}
