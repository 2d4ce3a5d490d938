import { getCountry } from 'countries-and-timezones';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { quietUntil } from '../sessions/quiet-hours.ts';
import type { QuietHours } from '../sessions/sessions.dto.ts';

/** By then it is day everywhere, or will never be: two nights. */
const LOOK_AHEAD_MS = 48 * 3_600_000;

/** The time zones of the country of a phone number, as the tz database has them; none where the number has no country. */
export function zonesOf(phone: string): readonly string[] {
  const country = parsePhoneNumberFromString(phone)?.country;
  return (country && getCountry(country)?.timezones) || [];
}

/**
 * Until when somebody is not written to; null when he may be now. A phone number does not say where in its country somebody
 * is: where that has several time zones, it has to be day in all of them. Where there is no such hour, and where a number has
 * no country, the zone of the number that writes counts.
 * @param quiet read by the person's clock; its own zone is that of the number that writes; null: there are none
 */
export function asleepUntil(quiet: QuietHours | null, phone: string | null, now: Date): Date | null {
  if (!quiet) return null;
  const zones = phone === null ? [] : zonesOf(phone);
  if (zones.length === 0) return quietUntil(now, quiet);
  for (let at = now; at.getTime() - now.getTime() < LOOK_AHEAD_MS;) {
    const nights = zones.flatMap((zone) => quietUntil(at, { ...quiet, time_zone: zone })?.getTime() ?? []);
    if (nights.length === 0) return at === now ? null : at;
    at = new Date(Math.max(...nights));
  }
  return quietUntil(now, quiet);
}
