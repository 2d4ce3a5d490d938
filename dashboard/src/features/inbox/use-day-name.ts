'use client';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { isDayBefore, isSameDay } from './days';

const MINUTE_MS = 60_000;

/** What a day is called today: today, yesterday, or its date, with the year when it is not this one. */
export function useDayName(): (day: Date) => string {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const now = useNow({ updateInterval: MINUTE_MS });
  return (day) => {
    if (isSameDay(day, now)) return t('today');
    if (isDayBefore(day, now)) return t('yesterday');
    const year = day.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
    return format.dateTime(day, { weekday: 'long', day: 'numeric', month: 'long', ...year });
  };
}
