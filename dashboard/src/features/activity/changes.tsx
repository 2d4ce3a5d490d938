'use client';
import type { AuditEntryView } from '@wasel/backend/contract';
import { ArrowRight } from 'lucide-react';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { LANGUAGES } from '@/i18n/languages';

type Change = AuditEntryView['changes'][string];
type Value = Change['from'];

/** Fields whose values are words of ours, by the words' place in the catalogue. */
const WORDS: Readonly<Record<string, string>> = {
  state: 'activity.states',
  reason: 'activity.reasons',
  role: 'activity.roles',
  target_type: 'activity.groups',
  actor_type: 'activity.actors',
  color: 'sessions.detail.color',
};
const TIMES = new Set(['expires_at', 'since', 'until']);
const LANGUAGE_NAMES: Readonly<Record<string, string>> = LANGUAGES;

/** A value as its reader would say it; as it is, where there are no words for it. */
export function useValueWords(): (field: string, value: Value) => string {
  const t = useTranslations('activity');
  const words = useTranslations();
  const format = useFormatter();
  const locale = useLocale();
  return (field, value) => {
    if (value === null || value === undefined) return t('none');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return format.number(value);
    if (typeof value !== 'string') return format.list(value);
    if (TIMES.has(field)) return format.dateTime(new Date(value), { dateStyle: 'medium', timeStyle: 'short' });
    if (field === 'country') return new Intl.DisplayNames(locale, { type: 'region' }).of(value) ?? value;
    if (field === 'language') return LANGUAGE_NAMES[value] ?? value;
    const key = `${WORDS[field] ?? ''}.${value}`;
    return WORDS[field] && words.has(key) ? words(key) : value;
  };
}

/** What became of each field. A screen reader is told the arrow. */
export function Changes({ changes }: { changes: readonly (readonly [field: string, change: Change])[] }) {
  const t = useTranslations('activity');
  const say = useValueWords();
  return (
    <dl className="grid grid-cols-1 gap-x-4 gap-y-0.5 text-sm leading-6 text-quiet">
      {changes.map(([field, change]) => (
        <div key={field} className="flex min-w-0 flex-wrap gap-x-1.5">
          <dt>{t('field', { name: t.has(`fields.${field}`) ? t(`fields.${field}`) : field })}</dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-x-1.5">
            {change.from === undefined ? null : <bdi className="wrap-anywhere">{say(field, change.from)}</bdi>}
            {change.from === undefined || change.to === undefined ? null : (
              <>
                <ArrowRight className="size-3.5 shrink-0 rtl:-scale-x-100" aria-hidden />
                <span className="sr-only">{t('became')}</span>
              </>
            )}
            {change.to === undefined ? null : <bdi className="wrap-anywhere text-ink">{say(field, change.to)}</bdi>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
