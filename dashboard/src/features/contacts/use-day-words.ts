'use client';
import type { ContactDay } from '@wasel/backend/contract';
import { CONTACT_DAYS } from '@wasel/backend/contract/words';
import { useFormatter, useTranslations } from 'next-intl';
import type { Options } from '@/ui/select';

const knownIn = (name: string) => CONTACT_DAYS.find((one) => one === name.toLowerCase());

/** What days of contacts are called and how they are written. Those that Wasel knows have a name in every language. */
export function useDayWords() {
  const t = useTranslations('contacts.days.names');
  const format = useFormatter();
  const on = (month: number, day: number, year: number): Date => {
    const date = new Date(Date.UTC(2000, month - 1, day));
    date.setUTCFullYear(year);
    return date;
  };
  const nameOf = (name: string): string => {
    const known = knownIn(name);
    return known ? t(known) : name;
  };
  return {
    nameOf,
    /** The name of what somebody wrote in his language. */
    nameIn: (text: string): string =>
      CONTACT_DAYS.find((one) => t(one).toLowerCase() === text.trim().toLowerCase()) ?? text,
    known: CONTACT_DAYS.map(nameOf),
    months: Array.from(
      { length: 12 },
      (_, n) => [String(n + 1), format.dateTime(on(n + 1, 1, 2000), { month: 'long', timeZone: 'UTC' })] as const,
    ) satisfies Options,
    dateOf: ({ month, day, year }: Pick<ContactDay, 'month' | 'day' | 'year'>): string =>
      format.dateTime(on(month, day, year ?? 2000), {
        day: 'numeric',
        month: 'long',
        ...(year === null ? {} : { year: 'numeric' }),
        timeZone: 'UTC',
      }),
  };
}
