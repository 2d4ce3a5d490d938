'use client';
import type { AutomationView } from '@wasel/backend/contract';
import { AUTOMATION_EVENTS } from '@wasel/backend/contract/words';
import { useFormatter, useTranslations } from 'next-intl';
import { useDayWords } from '@/features/contacts/use-day-words';
import type { Options } from '@/ui/select';
import { CUSTOM } from './draft';

/** What events, hours and reasons are called. */
export function useAutomationWords() {
  const t = useTranslations('automations');
  const format = useFormatter();
  const { nameOf } = useDayWords();
  const events: Options = [
    ...AUTOMATION_EVENTS.map((one) => [one, t(`events.${one}`)] as const),
    [CUSTOM, t('events.custom')],
  ];
  const hourOf = (hour: number): string =>
    format.dateTime(new Date(Date.UTC(2026, 0, 1, hour)), { timeStyle: 'short', timeZone: 'UTC' });
  const hours: Options = Array.from({ length: 24 }, (_, hour) => [String(hour), hourOf(hour)] as const);
  return {
    events,
    hours,
    eventOf: (event: string): string => (t.has(`events.${event}`) ? t(`events.${event}`) : event),
    /** Why it did not act, or why nothing came of it. */
    reasonOf: (code: string): string => (t.has(`reasons.${code}`) ? t(`reasons.${code}`) : code),
    whenOf: ({
      day_name: name,
      days_before: days,
      local_hour: hour,
      delay_minutes: minutes,
    }: AutomationView): string => {
      const date = days === null || hour === null ? t('atOnce') : t('daysBeforeAt', { days, hour: hourOf(hour) });
      return [name === null ? '' : nameOf(name), date, minutes === 0 ? '' : t('delayed', { minutes })]
        .filter((part) => part !== '')
        .join(' · ');
    },
  };
}
