const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** The next full hour that is at least half an hour away. */
export const firstHour = (now: Date): Date => new Date(Math.ceil((now.getTime() + HOUR_MS / 2) / HOUR_MS) * HOUR_MS);

const two = (n: number): string => String(n).padStart(2, '0');

/** As a field of type `datetime-local` has it, by the clock of this machine. */
export const localTime = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** Whether a message can be scheduled for then; not when it is no time at all. */
export const isWithinAYear = (at: Date, now: Date): boolean => {
  const ahead = at.getTime() - now.getTime();
  return ahead > 0 && ahead <= YEAR_MS;
};
