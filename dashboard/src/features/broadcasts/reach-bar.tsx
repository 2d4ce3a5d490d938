'use client';
import type { BroadcastSummary } from '@wasel/backend/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';
import { PARTS, partsOf, reachOf } from './progress.rules';

const LOOKS: Readonly<Record<(typeof PARTS)[number], string>> = {
  read: 'bg-accent',
  delivered: 'bg-accent/65',
  sent: 'bg-accent/35',
  failed: 'bg-bad',
  cancelled: 'bg-edge',
};

/** How far everybody's message is, at a glance. */
export function ReachBar({ of: { name, total, counts }, thick = false }: { of: BarOf; thick?: boolean }) {
  const t = useTranslations('broadcasts');
  const format = useFormatter();
  const reach = reachOf(counts);
  const parts = partsOf(reach);
  const done = total - reach.waiting;
  return (
    <div
      role="progressbar"
      aria-label={t('progressOf', { name })}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={t('progress', { done: format.number(done), total: format.number(total) })}
      className={cx('flex w-full gap-px overflow-hidden rounded-full bg-line', thick ? 'h-3' : 'h-2')}
    >
      {PARTS.map((part) =>
        parts[part] > 0 ? (
          <span
            key={part}
            className={cx('h-full transition-[width] duration-500 motion-reduce:transition-none', LOOKS[part])}
            style={{ width: `${(parts[part] / Math.max(total, 1)) * 100}%` }}
          />
        ) : null,
      )}
    </div>
  );
}

type BarOf = Pick<BroadcastSummary, 'name' | 'total' | 'counts'>;

/** The spot that tells which part of the bar a figure is. */
export const PartDot = ({ part }: { part: keyof typeof LOOKS }) => (
  <span aria-hidden className={cx('size-2 shrink-0 rounded-full', LOOKS[part])} />
);
