'use client';
import type { BroadcastSummary } from '@wasel/backend/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { Link } from '@/ui/link';
import { LongList } from '@/ui/long-list';
import { reachOf } from './progress.rules';
import { ReachBar } from './reach-bar';
import { StateChip } from './state-chip';
import { Who } from './who';

/** Of a row that was not drawn yet, and between two, in pixels. */
const HEIGHT = 148;
const GAP = 12;
const FIGURES = ['sent', 'delivered', 'read', 'failed'] as const;

/** @param complete whether there are no more */
export default function BroadcastRows({
  broadcasts,
  complete,
}: {
  broadcasts: readonly BroadcastSummary[];
  complete: boolean;
}) {
  return (
    <LongList items={broadcasts} complete={complete} height={HEIGHT} gap={GAP} className="grid grid-cols-1">
      {(broadcast) => <BroadcastRow broadcast={broadcast} />}
    </LongList>
  );
}

function BroadcastRow({ broadcast }: { broadcast: BroadcastSummary }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const { id, name, state, total, counts, replied, created_by: by, created_at: made, scheduled_at: later } = broadcast;
  const reach = reachOf(counts);
  const at = (time: string) => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Link href={`/broadcasts/${id}`} className="card grid grid-cols-1 gap-3 p-4 transition hover:bg-raised sm:p-5">
      <span className="flex min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <bdi className="min-w-0 font-medium wrap-anywhere">{name}</bdi>
        <StateChip state={state} />
      </span>
      <ReachBar of={broadcast} />
      <span className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <Figure name={t('figures.total')} count={total} />
        {FIGURES.map((figure) =>
          figure !== 'failed' || reach.failed > 0 ? (
            <Figure key={figure} name={t(`figures.${figure}`)} count={reach[figure]} bad={figure === 'failed'} />
          ) : null,
        )}
        <Figure name={t('figures.replied')} count={replied} />
      </span>
      <span className="text-xs leading-5 wrap-anywhere text-quiet">
        {state === 'scheduled' && later
          ? t.rich('scheduledBy', { name: by, date: at(later), who: Who })
          : t.rich('launchedBy', { name: by, date: at(made), who: Who })}
      </span>
    </Link>
  );
}

function Figure({ name, count, bad = false }: { name: string; count: number; bad?: boolean }) {
  const format = useFormatter();
  return (
    <span className={bad ? 'text-bad' : 'text-quiet'}>
      {name} <span className={bad ? 'font-medium' : 'font-medium text-ink'}>{format.number(count)}</span>
    </span>
  );
}
