'use client';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '@/ui/link';
import { alertSummaryQuery } from './summary.api';

/** On every page, until somebody has acknowledged what happened. */
export function AlertBanner() {
  const t = useTranslations('alerts');
  const { data } = useQuery(alertSummaryQuery());
  const waiting = data?.unacknowledged ?? 0;
  return (
    <div role="status">
      {waiting > 0 ? (
        <p className="bg-bad-soft px-4 py-1.5 text-center text-sm leading-5 text-bad">
          <TriangleAlert className="me-1.5 inline size-4 align-text-bottom" aria-hidden />
          {t('banner', { count: waiting })}{' '}
          <Link className="font-semibold whitespace-nowrap underline" href="/alerts">
            {t('look')}
          </Link>
        </p>
      ) : null}
    </div>
  );
}
