'use client';
import { useTranslations } from 'next-intl';
import type { Options } from '@/ui/select';

const DAY_SECONDS = 86_400;
/** What WhatsApp offers; none: messages stay. */
const OFFERED = [0, DAY_SECONDS, 7 * DAY_SECONDS, 90 * DAY_SECONDS];

/** After how long messages disappear: what can be chosen, and what is chosen by now, as by another app. */
export function useTimes(): (now: number) => Options {
  const t = useTranslations('groups.settings.disappear');
  const wordsOf = (seconds: number): string =>
    seconds === 0 ? t('off') : t('days', { count: Math.max(1, Math.round(seconds / DAY_SECONDS)) });
  return (now) => [...new Set([...OFFERED, now])].map((seconds) => [String(seconds), wordsOf(seconds)] as const);
}
