import type { AuditEntryView } from '@wasel/backend/contract';

/** What is asked of the log, as the address of the page says it; all empty for everything. */
export type Filters = Readonly<{
  /** `user:<id>`, `key:<id>` or `system`. */
  actor: string;
  /** A type of target. */
  about: string;
  /** The first and the last day, as `2026-03-31`, in the zone of who looks. */
  from: string;
  to: string;
}>;

/** The same in the words of the API. A day that is only half typed asks for nothing. */
export function queryOf({ actor, about, from, to }: Filters): Record<string, string> {
  const [type, id] = actor.split(':');
  const asked = {
    actor_type: type,
    actor_id: id,
    target_type: about,
    since: startOf(from, 0),
    until: startOf(to, 1),
  };
  return Object.fromEntries(
    Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );
}

/** When a day begins, or one that is `later` days after it. */
export function startOf(day: string, later: number): string | undefined {
  const [, year, month, date] = /^(2\d{3})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  return year === undefined ? undefined : new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}

/** Entries by their day, both the newest first, as they are listed. */
export function entriesByDay<E extends Readonly<{ time: string }>>(
  entries: readonly E[],
): { day: Date; entries: E[] }[] {
  const days: { day: Date; entries: E[] }[] = [];
  for (const entry of entries) {
    const day = new Date(entry.time);
    const last = days.at(-1);
    if (last?.day.toDateString() === day.toDateString()) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** What the targets of entries were called last, by their ids: what is gone is found nowhere else. */
export function namesIn(entries: readonly AuditEntryView[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { target, changes } of entries) {
    const named = changes.name ?? changes.email;
    const name = named?.to ?? named?.from;
    if (typeof name === 'string' && !names.has(target.id)) names.set(target.id, name);
  }
  return names;
}
