import type { QuietHours } from './sessions.dto.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** The farthest that clocks are ever put forward or back, with room. */
const SHIFT_MAX_MINUTES = 4 * 60;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight on the clocks of a zone. */
function minuteOfDay(at: Date, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
    formats.set(timeZone, format);
  }
  return toMinutes(format.format(at));
}

function toMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The moment at which the quiet hours that `now` lies in are over; null outside of them. */
export function quietUntil(now: Date, quiet: QuietHours | null): Date | null {
  if (!quiet) return null;
  const [from, to] = [toMinutes(quiet.from), toMinutes(quiet.to)];
  const minuteAt = (at: Date) => minuteOfDay(at, quiet.time_zone);
  const isQuiet = (minute: number) => (from < to ? minute >= from && minute < to : minute >= from || minute < to);

  const minute = minuteAt(now);
  if (!isQuiet(minute)) return null;
  const thisMinute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const after = (minutes: number) => new Date(thisMinute + minutes * MINUTE_MS);
  const left = (to - minute + DAY_MINUTES) % DAY_MINUTES;
  if (minuteAt(after(left)) === to) return after(left);

  // Clocks are put forward or back on the way: the first minute that is quiet no more.
  const last = left + SHIFT_MAX_MINUTES;
  for (let n = Math.max(1, left - SHIFT_MAX_MINUTES); n < last; n += 1) {
    if (!isQuiet(minuteAt(after(n)))) return after(n);
  }
  return after(last);
}
