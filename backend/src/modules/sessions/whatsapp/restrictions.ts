import type { NewChatMessageCapInfo, ReachoutTimelockState, WASocket } from '@whiskeysockets/baileys';
import { type NewChatQuota, UNTIMED_LOCK_MS } from '../new-chats.ts';

/** What WhatsApp says of the chats that an account may begin. What is missing it did not speak of; null means no limit. */
export type Restrictions = Readonly<{ reachOutUntil?: Date | null; newChatQuota?: NewChatQuota | null }>;

/** `error` of an acknowledgement: the account may not begin this chat now. */
export const REACH_OUT_REFUSED = '463';

/**
 * Listens to what WhatsApp lays on an account that writes to strangers, and asks for it where it does not tell: when the
 * connection opens, and when a message was refused, which Baileys does not do by itself.
 */
export class RestrictionWatch {
  /** An answer is awaited after a refusal. That there is no lock then lifts none: the refusal has shown that there is something. */
  private afterRefusal: Promise<void> | undefined;

  constructor(
    private readonly socket: Pick<WASocket, 'ev' | 'fetchAccountReachoutTimelock' | 'fetchNewChatMessageCap'>,
    private readonly told: (restrictions: Restrictions) => void,
    private readonly warn: (error: unknown) => void,
    private readonly now: () => Date,
  ) {
    socket.ev.on('connection.update', ({ reachoutTimeLock: lock }) => lock && this.onLock(lock));
    socket.ev.on('message-capping.update', (cap) => this.told({ newChatQuota: quotaOf(cap) }));
  }

  /** Not waited for: a number does its work also when nobody answers. */
  opened(): void {
    this.socket.fetchNewChatMessageCap().then((cap) => this.told({ newChatQuota: quotaOf(cap) }), this.warn);
    this.socket.fetchAccountReachoutTimelock().catch(this.warn); // tells by an event
  }

  refused(): void {
    this.afterRefusal ??= this.socket
      .fetchAccountReachoutTimelock()
      .then(() => undefined, this.warn)
      .finally(() => (this.afterRefusal = undefined));
  }

  private onLock({ isActive, timeEnforcementEnds: end }: ReachoutTimelockState): void {
    if (isActive) this.told({ reachOutUntil: timeOf(end) ?? new Date(this.now().getTime() + UNTIMED_LOCK_MS) });
    else if (!this.afterRefusal) this.told({ reachOutUntil: null });
  }
}

/** Null when it does not count: there is no quota, or nothing that can be understood as one. */
export function quotaOf(cap: NewChatMessageCapInfo | null | undefined): NewChatQuota | null {
  const { total_quota: total, used_quota: used, cycle_end_timestamp: end } = cap ?? {};
  const endsAt = timeOf(new Date(Number(end) * 1000));
  if (!isCount(total) || !isCount(used) || !endsAt) return null;
  return { total, used, endsAt };
}

const COUNT_MAX = 1_000_000_000;
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= COUNT_MAX;

/** Of this century: the database takes it. */
const YEAR_2100 = Date.UTC(2100, 0, 1);
const timeOf = (time: Date | undefined): Date | null =>
  time && time.getTime() > 0 && time.getTime() < YEAR_2100 ? time : null;
