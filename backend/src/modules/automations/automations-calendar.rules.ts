import { addDays, daysBetween, isLeapYear } from '../../kernel/local-time.ts';

/** A day of a contact, as it is every year; the first time in `year`, if that is known. */
export type YearlyDay = Readonly<{ month: number; day: number; year: number | null }>;

/** Dates, as `2026-12-24`; the last one included. */
export type Window = Readonly<{ from: string; to: string }>;

/** Days of the year, the last one included. */
export type Stretch = Readonly<{ from: DayOfYear; to: DayOfYear }>;
type DayOfYear = Readonly<{ month: number; day: number }>;

/** So far ahead it is looked, beyond the day of the hour: it begins up to 14 hours before it does in UTC, and a node may be down for a day. */
const AHEAD_DAYS = 2;

const todayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** The dates that matter now to who acts so many days before one: somewhere it is yesterday still. */
export const windowOf = (now: Date, daysBefore: number): Window => ({
  from: addDays(todayOf(now), -1),
  to: addDays(todayOf(now), daysBefore + AHEAD_DAYS),
});

/** When there is more to see: once in 24 hours, everywhere at the same moment. */
export const nextLookAfter = (now: Date): Date => new Date(`${addDays(todayOf(now), 1)}T00:00:00Z`);

/** The dates in a window on which a day comes. 29 February comes on the 28th where there is none. */
export function comingsIn({ month, day, year }: YearlyDay, { from, to }: Window): string[] {
  const [first, last] = [yearOf(from), yearOf(to)];
  return Array.from({ length: last - first + 1 }, (_, n) => first + n)
    .filter((one) => year === null || one >= year)
    .map((one) => dateOf(one, month, month === 2 && day === 29 && !isLeapYear(one) ? 28 : day))
    .filter((date) => date >= from && date <= to);
}

/** In which years of a calendar the days of a window lie: one, or two around New Year. It may hold a day too many. */
export function stretchesOf({ from, to }: Window): readonly Stretch[] {
  const [newYear, sylvester] = [
    { month: 1, day: 1 },
    { month: 12, day: 31 },
  ];
  if (daysBetween(from, to) >= 365) return [{ from: newYear, to: sylvester }];
  const [first, last] = [dayOf(from), dayOf(to)];
  const end = last.month === 2 && last.day === 28 ? { month: 2, day: 29 } : last;
  if (yearOf(from) === yearOf(to)) return [{ from: first, to: end }];
  return [
    { from: first, to: sylvester },
    { from: newYear, to: end },
  ];
}

const yearOf = (date: string): number => Number(date.slice(0, 4));
const dayOf = (date: string): DayOfYear => ({ month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) });
const dateOf = (year: number, month: number, day: number): string =>
  [String(year).padStart(4, '0'), ...[month, day].map((n) => String(n).padStart(2, '0'))].join('-');

/** How often a day has come since its first year; nothing where that is not known. */
export const yearsOn = ({ year }: YearlyDay, date: string): Record<string, string> =>
  year === null ? {} : { years: String(yearOf(date) - year) };
