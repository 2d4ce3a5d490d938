'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, MessageCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { HelpLink } from '@/features/help/help-link';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, Skeleton, SkeletonRows } from '@/ui/states';
import { type Format, reportQuery, useExport } from './reports.api';
import type { Filters } from './reports.rules';
import { useFilters } from './use-filters';

const ReportFilters = lazy(() => import('./report-filters'));
const ReportTable = lazy(() => import('./report-table'));
const MessageDialog = lazy(() => import('./message-dialog'));

/** Every message of the organization, and what became of it. */
export function ReportScreen() {
  const t = useTranslations('reports');
  const asked = useFilters();
  const [shown, show] = useState<string>();
  const messages = useInfiniteQuery(reportQuery(asked.filters));
  const items = messages.data?.pages.flatMap((page) => page.items) ?? [];
  const opened = items.find(({ id }) => id === shown);
  return (
    <Page title={t('title')} action={<Export filters={asked.filters} />}>
      <Suspense fallback={<Skeleton className="h-64 sm:h-48" />}>
        <ReportFilters asked={asked} />
      </Suspense>
      {messages.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {messages.isError && !messages.data ? (
        <ErrorState
          text={sayOf(messages.error, t('failed'))}
          again={t('retry')}
          retry={() => void messages.refetch()}
        />
      ) : null}
      {messages.data && items.length === 0 ? <Nothing asked={asked} more={messages.hasNextPage} /> : null}
      {items.length > 0 ? (
        <Card className="p-0">
          <Suspense fallback={<Skeleton className="h-80 rounded-card" />}>
            <ReportTable items={items} complete={!messages.hasNextPage} open={show} />
          </Suspense>
        </Card>
      ) : null}
      {messages.isFetchNextPageError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void messages.fetchNextPage()} />
      ) : messages.hasNextPage && items.length === 0 ? (
        <Button
          look="plain"
          className="justify-self-center"
          busy={messages.isFetchingNextPage}
          onClick={() => void messages.fetchNextPage()}
        >
          {t('further')}
        </Button>
      ) : messages.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={messages.isFetchingNextPage}
          load={() => void messages.fetchNextPage()}
        >
          {t('older')}
        </LoadMore>
      ) : null}
      <HelpLink topic="reports#find">{t('help')}</HelpLink>
      <Suspense>{opened ? <MessageDialog message={opened} leave={() => show(undefined)} /> : null}</Suspense>
    </Page>
  );
}

/** @param more there are older ones that were not looked at yet */
function Nothing({ asked, more }: { asked: ReturnType<typeof useFilters>; more: boolean }) {
  const t = useTranslations('reports');
  const which = more ? 'unfound' : asked.filtered ? 'nothing' : 'empty';
  return (
    <Card>
      <EmptyState
        title={t(`${which}.title`)}
        icon={<MessageCircle className="size-6" />}
        action={
          asked.filtered ? (
            <Button look="plain" onClick={asked.clear}>
              {t('clear')}
            </Button>
          ) : null
        }
      >
        {t(`${which}.text`)}
      </EmptyState>
    </Card>
  );
}

const FORMATS = ['csv', 'json'] as const satisfies readonly Format[];

function Export({ filters }: { filters: Filters }) {
  const t = useTranslations('reports');
  const download = useExport();
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {FORMATS.map((format) => (
          <Button
            key={format}
            look="plain"
            busy={download.isPending && download.variables.format === format}
            onClick={() => download.mutate({ filters, format })}
          >
            <Download className="size-4" aria-hidden /> {t(`export.${format}`)}
          </Button>
        ))}
      </div>
      {download.error ? <FormFault>{sayOf(download.error, t('export.failed'))}</FormFault> : null}
    </div>
  );
}
