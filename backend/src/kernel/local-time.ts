const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, as if it were UTC. */
function shownAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return Date.parse(
    `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}Z`,
  );
}

/** The day on the clocks of a zone, as `2026-03-27`. */
export const localDate = (at: Date, timeZone: string): string =>
  new Date(shownAt(at.getTime(), timeZone)).toISOString().slice(0, 10);

/** `days` after a day, or before it; both as `2026-03-27`. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Whole days from one day to another; negative when that was before. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/**
 * The moment at which the clocks of a zone show an hour of a day. An hour that is skipped, because clocks are put forward, is
 * the one that they show instead; of one that comes twice it is the first.
 */
export function momentOf(day: string, hour: number, timeZone: string): Date {
  const shown = Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  const offsetAt = (at: number) => shownAt(at, timeZone) - at;
  const moments = [shown - DAY_MS, shown + DAY_MS].map((around) => shown - offsetAt(around));
  const right = moments.filter((at) => shownAt(at, timeZone) === shown);
  return new Date(right.length > 0 ? Math.min(...right) : Math.max(...moments));
}
