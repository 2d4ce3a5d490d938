import type { Clock, Pause } from '../../../kernel/clock.ts';
import { StaleLease } from '../sessions.errors.ts';
import type { GroupChange, GroupTraffic } from '../session-groups.ts';
import type { IncomingMessage, IncomingReceipt, Lease, Peer, ServerAck, SessionTraffic } from '../session-traffic.ts';

export type TrafficItem =
  | Readonly<{ kind: 'message'; item: IncomingMessage }>
  | Readonly<{ kind: 'receipt'; item: IncomingReceipt }>
  | Readonly<{ kind: 'ack'; item: ServerAck }>
  | Readonly<{ kind: 'group'; item: GroupChange }>;

const BATCH_MAX = 100;
const RETRY_MS = 500;

/** What Postgres refuses because of what it is, not of how Postgres is (SQLSTATE classes: data, constraint, limit). */
const REFUSED = /^(22|23|54)[0-9A-Z]{3}$/;
/** So often by itself, one after the other: a constraint may also be that of a row which is about to change. */
const REFUSALS_MAX = 3;

/**
 * Hands what WhatsApp delivered to the modules that keep it, in order, as many of a kind at once as wait. While the database is
 * away it tries again and again: nothing is skipped, and what is not handed over when the connection ends is in the inbox.
 * Only what the database refuses by itself is set aside, so that nobody's message holds up those of others; it stays in the
 * inbox, too.
 */
export class TrafficQueue {
  private readonly queue: TrafficItem[] = [];
  private running: Promise<void> | undefined;
  private pause: Pause | undefined;
  /** How many of the next go alone: one of them was refused. */
  private alone = 0;
  /** How often the next one was refused by itself. */
  private refusals = 0;
  private closed = false;

  constructor(
    private readonly lease: Lease,
    private readonly to: Readonly<{ traffic: SessionTraffic; groups: GroupTraffic; self: () => Peer }>,
    private readonly clock: Clock,
    private readonly listeners: Readonly<{
      /** These inbox rows are gone. */
      settled: (inboxIds: string[]) => void;
      failed: (error: unknown) => void;
      /** What happened in groups does not say all. */
      unclear: () => void;
      /** @param code SQLSTATE; what Postgres says beside it may quote what somebody wrote */
      setAside: (code: string, inboxIds: string[]) => void;
    }>,
  ) {}

  push(item: TrafficItem): void {
    if (this.closed) return;
    this.queue.push(item);
    this.running ??= this.run();
  }

  /** Resolves when everything pushed so far is handed over, or the queue was closed. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  /** What is under way ends; nothing new begins. */
  async close(): Promise<void> {
    this.closed = true;
    this.pause?.end();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (!this.closed) {
        const batch = this.nextBatch();
        if (batch.length === 0) return;
        await this.handOver(batch).then(
          () => this.done(batch),
          (error: unknown) => this.failed(batch, error),
        );
      }
    } catch (error) {
      this.listeners.failed(error); // the lease is another's
    } finally {
      this.running = undefined; // in the turn in which nothing was left: whoever pushes next begins anew
    }
  }

  private done(batch: readonly TrafficItem[]): void {
    this.queue.splice(0, batch.length);
    this.alone = Math.max(0, this.alone - batch.length);
    this.refusals = 0;
  }

  /** @throws StaleLease */
  private async failed(batch: readonly TrafficItem[], error: unknown): Promise<void> {
    if (error instanceof StaleLease) throw error;
    const code = String((error as { code?: unknown }).code);
    if (REFUSED.test(code)) {
      if (batch.length > 1) return void (this.alone = batch.length);
      this.refusals += 1;
      if (this.refusals === REFUSALS_MAX) {
        this.listeners.setAside(code, batch.flatMap(inboxIdOf));
        return this.done(batch);
      }
    } else this.listeners.failed(error);
    if (this.closed) return;
    this.pause = this.clock.pause(RETRY_MS);
    await this.pause.over;
  }

  private nextBatch(): TrafficItem[] {
    const kind = this.queue[0]?.kind;
    const end = this.queue.findIndex((item) => item.kind !== kind);
    return this.queue.slice(0, Math.min(end < 0 ? this.queue.length : end, this.alone > 0 ? 1 : BATCH_MAX));
  }

  private async handOver(batch: TrafficItem[]): Promise<void> {
    const messages = batch.flatMap((one) => (one.kind === 'message' ? [one.item] : []));
    const receipts = batch.flatMap((one) => (one.kind === 'receipt' ? [one.item] : []));
    const acks = batch.flatMap((one) => (one.kind === 'ack' ? [one.item] : []));
    const changes = batch.flatMap((one) => (one.kind === 'group' ? [one.item] : []));
    const { traffic, groups, self } = this.to;
    if (messages.length > 0) await traffic.messages(this.lease, messages);
    if (receipts.length > 0) await traffic.receipts(this.lease, receipts);
    if (acks.length > 0) await traffic.acked(this.lease, acks);
    if (changes.length > 0 && (await groups.groupsChanged(this.lease, self(), changes))) this.listeners.unclear();
    this.listeners.settled([...messages, ...receipts, ...changes].map(({ inboxId }) => inboxId));
  }
}

/** Acknowledgements have none, and what was told as history neither. */
const inboxIdOf = ({ item }: TrafficItem): string[] => ('inboxId' in item && item.inboxId !== '' ? [item.inboxId] : []);
