'use client';
import type { SessionView, StatementDay } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { statementQuery, useExportStatement } from './sessions.api';

const WEEK = 7;

/** What people wrote to a number and what became of it, day by day. */
export default function Statement({ session }: { session: SessionView }) {
  const t = useTranslations('sessions.detail.statement');
  const s = useTranslations('sessions');
  const statement = useQuery(statementQuery(session.id));
  const download = useExportStatement();
  const [all, setAll] = useState(false);
  const { data } = statement;
  return (
    <Card className="grid grid-cols-1 gap-5" aria-labelledby="statement">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="statement" className="font-semibold">
          {t('title')}
        </h2>
        <Button look="plain" busy={download.isPending} onClick={() => download.mutate(session.id)}>
          <Download className="size-4" aria-hidden /> {t('export')}
        </Button>
      </div>
      {download.error ? <FormFault>{sayOf(download.error, t('exportFailed'))}</FormFault> : null}
      {statement.isPending ? <Skeleton className="h-64" /> : null}
      {statement.isError && !data ? (
        <ErrorState text={t('failed')} again={s('retry')} retry={() => void statement.refetch()} />
      ) : null}
      {data ? (
        <>
          <p className="text-sm leading-6 text-quiet">{t('text', { zone: data.time_zone })}</p>
          <Chart days={data.days} />
          <Days days={all ? data.days : data.days.slice(0, WEEK)} />
          <Button look="ghost" className="justify-self-start" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('fewer') : t('more', { days: data.days.length })}
          </Button>
        </>
      ) : null}
    </Card>
  );
}

const CHART_HEIGHT = 48;
const BAR_STEP = 10;
const BAR_WIDTH = 8;

const sumOf = (days: readonly StatementDay[], what: 'received' | 'stored'): number =>
  days.reduce((sum, day) => sum + day[what], 0);

/** A bar a day, the oldest where a line begins; the table says the same in figures. */
function Chart({ days }: { days: readonly StatementDay[] }) {
  const t = useTranslations('sessions.detail.statement');
  const most = Math.max(1, ...days.map(({ received }) => received));
  const heightOf = (count: number) => (count === 0 ? 1 : Math.max(2, (count / most) * CHART_HEIGHT));
  const label = t('chart', { days: days.length, received: sumOf(days, 'received'), stored: sumOf(days, 'stored') });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${days.length * BAR_STEP} ${CHART_HEIGHT}`}
      preserveAspectRatio="none"
      className="h-16 w-full rtl:-scale-x-100"
    >
      {days.toReversed().map(({ day, received }, n) => (
        <rect
          key={day}
          x={n * BAR_STEP}
          y={CHART_HEIGHT - heightOf(received)}
          width={BAR_WIDTH}
          height={heightOf(received)}
          className={received === 0 ? 'fill-edge' : 'fill-accent'}
        />
      ))}
    </svg>
  );
}

function Days({ days }: { days: readonly StatementDay[] }) {
  const t = useTranslations('sessions.detail.statement');
  const format = useFormatter();
  const head = 'py-2 pe-3 text-start font-normal text-quiet';
  const cell = 'py-2 pe-3 align-top';
  return (
    <table className="w-full text-sm" aria-labelledby="statement">
      <thead>
        <tr className="border-b border-line">
          {(['day', 'received', 'stored', 'note'] as const).map((name) => (
            <th key={name} scope="col" className={head}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {days.map((day) => (
          <tr key={day.day}>
            <th scope="row" className={`${cell} text-start font-normal whitespace-nowrap`}>
              <time dateTime={day.day}>
                {format.dateTime(new Date(`${day.day}T00:00:00Z`), { day: 'numeric', month: 'short', timeZone: 'UTC' })}
              </time>
            </th>
            <td className={`${cell} tabular-nums`}>{format.number(day.received)}</td>
            <td className={`${cell} tabular-nums`}>{format.number(day.stored)}</td>
            <td className={`${cell} w-1/2`}>
              <Difference day={day} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why not everything that was received is stored. */
function Difference({ day: { waiting, set_aside, repeated } }: { day: StatementDay }) {
  const t = useTranslations('sessions.detail.statement');
  const reasons = [
    waiting > 0 && t('waiting', { count: waiting }),
    set_aside > 0 && t('setAside', { count: set_aside }),
    repeated > 0 && t('repeated', { count: repeated }),
  ].filter((reason) => reason !== false);
  if (reasons.length === 0) return <span className="text-quiet">{t('none')}</span>;
  return reasons.map((reason) => (
    <span key={reason} className="block">
      {reason}
    </span>
  ));
}
