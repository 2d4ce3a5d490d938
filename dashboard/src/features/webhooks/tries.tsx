'use client';
import type { WebhookAttemptView } from '@wasel/backend/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { whyNot } from './words';

/** One try: what came back, and how long that took. */
export function Try({ tried }: { tried: WebhookAttemptView }) {
  const t = useTranslations('webhooks');
  const format = useFormatter();
  const { attempted_at: at, duration_ms: ms, status, answer, error } = tried;
  return (
    <div className="grid grid-cols-1 gap-1 border-s-2 border-line ps-3 text-sm leading-6">
      <p className={error ? 'text-bad' : undefined}>
        {error ? whyNot(t, error) : t('answered', { status: String(status) })}
      </p>
      <p className="text-xs leading-5 text-quiet">
        <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'medium' })}</time> ·{' '}
        {t('took', { ms })}
      </p>
      {answer ? <Code text={answer} label={t('answer')} /> : null}
    </div>
  );
}

/** What programs say to each other. */
export const Code = ({ text, label }: { text: string; label: string }) => (
  <pre
    dir="ltr"
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard
    tabIndex={0}
    role="region"
    aria-label={label}
    className="max-h-60 overflow-auto rounded-lg bg-raised p-3 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
  >
    {text}
  </pre>
);
