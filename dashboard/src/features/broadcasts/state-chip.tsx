'use client';
import type { BroadcastSummary } from '@wasel/backend/contract';
import { CalendarClock, Check, CirclePlay, CircleSlash, type LucideIcon, Pause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cx } from '@/lib/cx';

type State = BroadcastSummary['state'];

const LOOKS: Readonly<Record<State, readonly [LucideIcon, string]>> = {
  scheduled: [CalendarClock, 'bg-accent-soft text-accent'],
  running: [CirclePlay, 'bg-accent-soft text-accent'],
  paused: [Pause, 'bg-warn-soft text-warn'],
  completed: [Check, 'bg-good-soft text-good'],
  cancelled: [CircleSlash, 'bg-raised text-quiet'],
};

export function StateChip({ state }: { state: State }) {
  const t = useTranslations('broadcasts.states');
  const [Icon, look] = LOOKS[state];
  return (
    <span
      className={cx(
        'inline-flex shrink-0 items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs leading-5 font-medium',
        look,
      )}
    >
      <Icon className={cx('size-3.5', state === 'running' && 'rtl:-scale-x-100')} aria-hidden />
      {t(state)}
    </span>
  );
}
