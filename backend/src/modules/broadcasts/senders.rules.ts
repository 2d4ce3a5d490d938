import { newChatAllowance } from '../sessions/new-chats.ts';
import { quietUntil } from '../sessions/quiet-hours.ts';
import type { QuietHours } from '../sessions/sessions.dto.ts';
import { MINUTE_MS, type Pace, paceOf } from '../messages/pace.ts';

/** What the node lets numbers do. */
export type NodePace = Pace & Readonly<{ newChatsPerDay: number | null }>;

/** A number that shares a broadcast, and what it has to do already. */
export type Sender = Readonly<{
  session: string;
  linked: boolean;
  quiet: QuietHours | null;
  maxPerMinute: number | null;
  newChatsPerDay: number | null;
  linkedAt: Date;
  /** WhatsApp lets it begin no chat before. */
  newChatsFrom: Date | null;
  begunToday: number;
  /** When its organization's day ends. */
  tomorrow: Date;
  /** Messages that are to leave before, of chats that go on and of those that are to be begun. */
  waiting: number;
  waitingNew: number;
}>;

/** How many chats it may begin on a day; null: any number. */
export function chatsOn(node: NodePace, { newChatsPerDay: setting, linkedAt }: Sender, day: Date): number | null {
  return newChatAllowance(node.newChatsPerDay, { setting, linkedAt }, day)?.perDay ?? null;
}

/** How many more it may begin today, what waits to be begun not counted; null: any number. */
export function chatsLeft(node: NodePace, sender: Sender, now: Date): number | null {
  const allowed = chatsOn(node, sender, now);
  return allowed === null ? null : Math.max(0, allowed - sender.begunToday - sender.waitingNew);
}

/**
 * Which number begins each of `count` chats: always the one that would come to it first, by what it may still begin today and
 * on each day after. So all are done at about the same time.
 * @returns for each chat the place of its number in `senders`
 */
export function spread(node: NodePace, senders: readonly Sender[], count: number, now: Date): number[] {
  const begun = senders.map(() => 0);
  const left = senders.map((sender) => chatsLeft(node, sender, now));
  const perDay = senders.map((sender) => chatsOn(node, sender, now));
  const dayOf = (n: number): number => {
    const [rest, most, chats] = [left[n] ?? null, perDay[n] ?? null, begun[n] ?? 0];
    if (rest === null || most === null || chats < rest) return 0;
    return most === 0 ? Infinity : 1 + Math.floor((chats - rest) / most);
  };
  return Array.from({ length: count }, () => {
    let best = 0;
    for (let n = 1; n < senders.length; n += 1) {
      const sooner = dayOf(n) - dayOf(best);
      if (sooner < 0 || (dayOf(n) === dayOf(best) && (begun[n] ?? 0) < (begun[best] ?? 0))) best = n;
    }
    begun[best] = (begun[best] ?? 0) + 1;
    return best;
  });
}

const DAY_MS = 24 * 60 * MINUTE_MS;
/** How closely quiet hours are looked at. */
const STEP_MS = 15 * MINUTE_MS;
const LOOK_AHEAD_MS = 366 * DAY_MS;
/** Of the gap between two messages; jitter makes it so much longer, on average. */
const MEAN_JITTER = 1.25;
/** Parts of a message that are none. */
const NOTHING = 1e-6;

/**
 * When a number is done with `old` messages into chats that go on and `fresh` that begin one, after what waits already; null
 * when it is not within a year. By its own quiet hours, also where people's count: where they live is not looked at.
 */
export function doneAt(
  node: NodePace,
  sender: Sender,
  { old, fresh }: Readonly<{ old: number; fresh: number }>,
  from: Date,
): Date | null {
  const pace = paceOf(node, sender.maxPerMinute);
  const perMs = Math.min(pace.maxPerMinute, MINUTE_MS / (pace.minGapMs * MEAN_JITTER)) / MINUTE_MS;
  const rest = { old: old + sender.waiting, fresh: fresh + sender.waitingNew };
  const newFrom = sender.newChatsFrom?.getTime() ?? 0;
  let at = from.getTime();
  let midnight = sender.tomorrow.getTime();
  let left = allowedToday(node, sender, from);
  while (rest.old + rest.fresh > NOTHING) {
    if (at >= from.getTime() + LOOK_AHEAD_MS) return null;
    for (; at >= midnight; midnight += DAY_MS) left = chatsOn(node, sender, new Date(midnight)) ?? Infinity;
    const quiet = quietUntil(new Date(at), sender.quiet)?.getTime();
    const beginning = at < newFrom ? 0 : Math.min(rest.fresh, left);
    if (quiet !== undefined) at = quiet;
    else if (rest.old + beginning <= NOTHING) at = at < newFrom && newFrom < midnight ? newFrom : midnight;
    else {
      const sent = Math.min(rest.old + beginning, (Math.min(at + STEP_MS, midnight) - at) * perMs);
      const begun = Math.min(beginning, sent);
      rest.fresh -= begun;
      rest.old -= sent - begun;
      left -= begun;
      at += Math.max(1, sent / perMs);
    }
  }
  return new Date(Math.ceil(at));
}

/** What waits to be begun is among what is to be begun here. */
function allowedToday(node: NodePace, sender: Sender, now: Date): number {
  const allowed = chatsOn(node, sender, now);
  return allowed === null ? Infinity : Math.max(0, allowed - sender.begunToday);
}
