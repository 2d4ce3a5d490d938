import { addDays, daysBetween, localDate, momentOf } from '../../kernel/local-time.ts';
import { zonesOf } from '../messages/recipient-night.ts';
import type { Condition, SkipReason, VariableSource } from './automations.dto.ts';

/** Something that happened, with what is known of it. */
export type Told = Readonly<{
  name: string;
  phone: string | null;
  email: string | null;
  variables: Readonly<Record<string, string>>;
  /** The day that it is about, as `2026-12-24`. */
  date: string | null;
  /** Of the person; null: as his number says, else that of the organization. */
  timeZone: string | null;
}>;

/** What an automation makes of an event. */
export type Deed = Readonly<{
  channel: 'whatsapp' | 'email';
  daysBefore: number | null;
  localHour: number | null;
  conditions: readonly Condition[];
  delayMinutes: number;
  variables: Readonly<Record<string, VariableSource>>;
}>;

export type Plan =
  | Readonly<{ outcome: 'acted'; recipient: string; scheduledFor: Date; variables: Record<string, string> }>
  | Readonly<{ outcome: 'skipped'; recipient: string | null; reason: SkipReason; detail: string | null }>;

const MINUTE_MS = 60_000;

/**
 * Whether an automation acts on an event, on whom and when.
 * @param timeZone of the organization
 */
export function planOf(deed: Deed, told: Told, { now, timeZone }: { now: Date; timeZone: string }): Plan {
  const recipient = deed.channel === 'email' ? told.email : told.phone;
  const skipped = (reason: SkipReason, detail: string | null = null): Plan => ({
    outcome: 'skipped',
    recipient,
    reason,
    detail,
  });
  if (recipient === null) return skipped(deed.channel === 'email' ? 'no_email' : 'no_phone_number');
  const fields = fieldsOf(told);
  const unmet = deed.conditions.find((condition) => !holds(condition, fields));
  if (unmet) return skipped('conditions_not_met', unmet.field);
  const zone = zoneOf(told, timeZone);
  if (deed.daysBefore !== null && told.date === null) return skipped('no_date');
  const at = momentFor(deed, told.date, zone, now);
  if (at === null) return skipped('too_late', told.date);
  const scheduledFor = new Date(at.getTime() + deed.delayMinutes * MINUTE_MS);
  const left: Record<string, string> =
    told.date === null ? {} : { days_remaining: String(daysBetween(localDate(scheduledFor, zone), told.date)) };
  return { outcome: 'acted', recipient, scheduledFor, variables: valuesOf(deed.variables, { ...left, ...fields }) };
}

/**
 * So many days before the date at an hour; when that has passed, the next such hour until the date itself.
 * @returns null when it is too late
 */
function momentFor({ daysBefore, localHour }: Deed, date: string | null, zone: string, now: Date): Date | null {
  if (daysBefore === null || localHour === null || date === null) return now;
  const left = daysBetween(localDate(now, zone), date);
  for (let before = Math.min(daysBefore, left); before >= 0; before -= 1) {
    const at = momentOf(addDays(date, -before), localHour, zone);
    if (at >= now) return at;
  }
  return null;
}

/** Where the country of a number has one time zone it is the person's, else that of the organization counts. */
export function zoneOf({ timeZone, phone }: Pick<Told, 'timeZone' | 'phone'>, organization: string): string {
  if (timeZone !== null) return timeZone;
  const zones = phone === null ? [] : zonesOf(phone);
  return zones.length === 1 && zones[0] ? zones[0] : organization;
}

/** All that can be asked of an event or written; what whoever told it says himself comes first. */
function fieldsOf({ name, phone, email, date, variables }: Told): Record<string, string> {
  const own = { event: name, phone_number: phone, email, date };
  const known = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...Object.fromEntries(known), ...variables };
}

/** For each variable what it is mapped to; every other field stands for the variable of its name. */
export function valuesOf(
  mapping: Readonly<Record<string, VariableSource>>,
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const mapped = Object.entries(mapping).flatMap(([variable, source]) => {
    const value = 'text' in source ? source.text : fields[source.field];
    return value === undefined ? [] : [[variable, value]];
  });
  return { ...fields, ...(Object.fromEntries(mapped) as Record<string, string>) };
}

export function holds({ field, operator, value = '' }: Condition, fields: Readonly<Record<string, string>>): boolean {
  const found = Object.hasOwn(fields, field) ? (fields[field] ?? '').trim() : '';
  const [is, wanted] = [found.toLocaleLowerCase(), value.trim().toLocaleLowerCase()];
  switch (operator) {
    case 'exists':
      return found !== '';
    case 'not_exists':
      return found === '';
    case 'equals':
      return is === wanted;
    case 'not_equals':
      return is !== wanted;
    case 'contains':
      return wanted !== '' && is.includes(wanted);
    case 'greater_than':
    case 'less_than':
      return inOrder(found, value.trim(), operator);
  }
  return operator satisfies never;
}

/** As numbers where both are, else as days where both are. */
function inOrder(found: string, value: string, operator: 'greater_than' | 'less_than'): boolean {
  if (found === '' || value === '') return false;
  const numbers = [Number(found), Number(value)] as const;
  const [a, b] = numbers.some(Number.isNaN) ? ([Date.parse(found), Date.parse(value)] as const) : numbers;
  return operator === 'greater_than' ? a > b : a < b; // false where one is neither
}
