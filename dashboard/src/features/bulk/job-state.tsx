'use client';
import type { JobView } from '@wasel/backend/contract';
import { useFormatter, useTranslations } from 'next-intl';

/** How far a job has come: a bar, and in words. */
export function JobProgress({ job: { state, total, counts, name } }: { job: JobView }) {
  const t = useTranslations('bulk');
  const format = useFormatter();
  const waiting = counts.pending + counts.queued + counts.sending;
  const done = total - waiting;
  return (
    <div className="grid gap-2">
      <progress
        value={done}
        max={total}
        aria-label={t('progressOf', { name })}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <p className="text-sm leading-6 text-quiet">
        {t(`states.${state}`)} · {t('progress', { done: format.number(done), total: format.number(total) })}
        {counts.failed > 0 ? ` · ${t('failedCount', { count: counts.failed })}` : ''}
      </p>
    </div>
  );
}
