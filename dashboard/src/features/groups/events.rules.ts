import type { GroupEventView } from '@wasel/backend/contract';

/** Somebody in a group, as an event names him. */
export type Somebody = Pick<GroupEventView, 'phone_number' | 'lid' | 'contact'>;

/** One thing that happened to some people at once. */
export type Happening = Readonly<{
  type: GroupEventView['type'];
  at: string;
  noticed: boolean;
  /** Null: nobody knows, or he did it himself. */
  actor: Somebody | null;
  people: readonly Somebody[];
  /** How many were in the group then. */
  size: number;
}>;

/** What is told within it is one thing. */
const AT_ONCE_MS = 60_000;

const idOf = (one: Somebody | null): string => (one === null ? '' : (one.lid ?? one.phone_number ?? ''));

/** Whoever did it to himself is not said to have had it done. */
const actorOf = (event: GroupEventView): Somebody | null =>
  event.actor === null || idOf(event.actor) === idOf(event) ? null : event.actor;

/** Events, the newest first; what one did to many people at once is one. */
export function happeningsIn(events: readonly GroupEventView[]): Happening[] {
  const found: { -readonly [K in keyof Happening]: Happening[K] }[] = [];
  for (const event of events) {
    const { type, at, noticed, size, phone_number, lid, contact } = event;
    const [last, actor, person] = [found.at(-1), actorOf(event), { phone_number, lid, contact }];
    const same =
      last?.type === type &&
      last.noticed === noticed &&
      idOf(last.actor) === idOf(actor) &&
      Date.parse(last.at) - Date.parse(at) < AT_ONCE_MS;
    if (same) last.people = [...last.people, person];
    else found.push({ type, at, noticed, actor, people: [person], size });
  }
  return found;
}

/** The same day by day, by the clock of whoever looks. */
export function byDay(happenings: readonly Happening[]): { day: Date; items: Happening[] }[] {
  const days: { day: Date; items: Happening[] }[] = [];
  for (const one of happenings) {
    const day = new Date(one.at);
    const last = days.at(-1);
    if (last?.day.toDateString() === day.toDateString()) last.items.push(one);
    else days.push({ day, items: [one] });
  }
  return days;
}
