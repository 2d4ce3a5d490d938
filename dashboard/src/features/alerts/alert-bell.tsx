'use client';
import { useQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { Link } from '@/ui/link';
import { useFormatter, useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button';
import { alertSummaryQuery } from './summary.api';

/** The way to the alerts, with how many nobody has acknowledged. */
export function AlertBell() {
  const t = useTranslations('alerts');
  const format = useFormatter();
  const { data } = useQuery(alertSummaryQuery());
  const waiting = data?.unacknowledged ?? 0;
  const label = waiting > 0 ? t('bell', { count: waiting }) : t('title');
  return (
    <Link href="/alerts" aria-label={label} title={label} className={buttonClass('ghost', 'relative size-10 px-0')}>
      <Bell className="size-5" aria-hidden />
      {waiting > 0 ? (
        <span
          aria-hidden
          className="absolute end-0.5 top-0.5 min-w-4 rounded-full bg-bad px-1 text-center text-[0.625rem] leading-4 font-medium text-bad-ink"
        >
          {format.number(waiting)}
        </span>
      ) : null}
    </Link>
  );
}
