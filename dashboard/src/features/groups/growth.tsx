'use client';
import type { GroupView } from '@wasel/backend/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { type Day, netOf, sumOf } from './growth.rules';
import { GrowthCharts } from './growth-charts';
import { growthQuery } from './groups.api';
import { MostActive } from './most-active';

/** Days that can be looked at. */
const PERIODS = [7, 30, 90, 365] as const;

/** How many were in a group, how many came and went, day by day, and who wrote the most. */
export default function Growth({ group }: { group: GroupView }) {
  const t = useTranslations('groups.growth');
  const g = useTranslations('groups');
  const [days, setDays] = useState<number>(30);
  const growth = useQuery({ ...growthQuery(group.jid, days), placeholderData: keepPreviousData });
  return (
    <>
      <div role="group" aria-label={t('period')} className="flex w-fit rounded-lg border border-line bg-surface p-0.5">
        {PERIODS.map((period) => (
          <button
            key={period}
            type="button"
            aria-pressed={period === days}
            className={cx(
              'min-h-10 rounded-md px-3 text-sm',
              period === days ? 'bg-raised font-medium text-ink' : 'text-quiet hover:text-ink',
            )}
            onClick={() => setDays(period)}
          >
            {t('days', { count: period })}
          </button>
        ))}
      </div>
      {growth.isPending ? <Skeleton className="h-96 rounded-card" /> : null}
      {growth.isError && !growth.data ? (
        <ErrorState text={faultIn(g, growth.error)} again={g('retry')} retry={() => void growth.refetch()} />
      ) : null}
      {growth.data ? (
        <div className={cx('grid grid-cols-1 gap-5 transition', growth.isPlaceholderData && 'opacity-60')}>
          <Figures days={growth.data} size={group.size} />
          <GrowthCharts days={growth.data} />
          <Table days={growth.data} />
        </div>
      ) : null}
      <MostActive jid={group.jid} days={days} />
    </>
  );
}

function Figures({ days, size }: { days: readonly Day[]; size: number }) {
  const t = useTranslations('groups.growth');
  const format = useFormatter();
  const net = netOf(days);
  const figures = [
    ['size', format.number(size), ''],
    ['joined', format.number(sumOf(days, 'joined')), 'text-good'],
    ['left', format.number(sumOf(days, 'left')), 'text-bad'],
    ['net', format.number(net, { signDisplay: 'exceptZero' }), net < 0 ? 'text-bad' : net > 0 ? 'text-good' : ''],
  ] as const;
  return (
    <Card className="p-0 sm:p-0">
      <dl className="grid grid-cols-2 sm:grid-cols-4 sm:divide-x sm:divide-line rtl:sm:divide-x-reverse">
        {figures.map(([name, figure, look]) => (
          <div key={name} className="grid gap-1 px-5 py-4">
            <dt className="text-xs text-quiet">{t(`figures.${name}`)}</dt>
            <dd className={cx('text-2xl font-semibold tracking-tight tabular-nums', look)}>
              <bdi dir="ltr">{figure}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** The same in figures, for who cannot see the charts, or wants to know. Days on which nothing happened are left out. */
function Table({ days }: { days: readonly Day[] }) {
  const t = useTranslations('groups.growth');
  const format = useFormatter();
  const told = days.filter(({ joined, left }, n) => joined > 0 || left > 0 || n === days.length - 1).toReversed();
  return (
    <details className="card p-0 sm:p-0">
      <summary className="flex min-h-12 items-center rounded-card px-5 text-sm font-medium">{t('table')}</summary>
      <table className="w-full border-t border-line text-sm">
        <thead>
          <tr className="text-xs text-quiet">
            {(['day', 'joined', 'left', 'size'] as const).map((name) => (
              <th key={name} scope="col" className="px-3 py-2.5 text-start font-medium first:ps-5 last:pe-5">
                {t(`columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {told.map(({ day, joined, left, size }) => (
            <tr key={day}>
              <th scope="row" className="px-3 py-2.5 ps-5 text-start font-normal">
                <time dateTime={day}>
                  {format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: 'medium', timeZone: 'UTC' })}
                </time>
              </th>
              <td className="px-3 py-2.5 tabular-nums">{format.number(joined)}</td>
              <td className="px-3 py-2.5 tabular-nums">{format.number(left)}</td>
              <td className="px-3 py-2.5 pe-5 tabular-nums">{size === null ? t('unknown') : format.number(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
