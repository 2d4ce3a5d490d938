import type { Clock } from '../../../kernel/clock.ts';
import { StaleLease } from '../sessions.errors.ts';
import type { IncomingMessage, IncomingReceipt, Lease, ServerAck, SessionTraffic } from '../session-traffic.ts';

export type TrafficItem =
  | Readonly<{ kind: 'message'; item: IncomingMessage }>
  | Readonly<{ kind: 'receipt'; item: IncomingReceipt }>
  | Readonly<{ kind: 'ack'; item: ServerAck }>;

const BATCH_MAX = 100;
const RETRY_MS = 500;

/**
 * Hands what WhatsApp delivered to the messages module, in order, as many of a kind at once as wait. While the database is
 * away it tries again and again: nothing is skipped, and what is not handed over when the connection ends is in the inbox.
 */
export class TrafficQueue {
  private readonly queue: TrafficItem[] = [];
  private running: Promise<void> | undefined;
  private cancelRetry: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly lease: Lease,
    private readonly traffic: SessionTraffic,
    private readonly clock: Clock,
    private readonly listeners: Readonly<{
      /** These inbox rows are gone. */
      settled: (inboxIds: string[]) => void;
      failed: (error: unknown) => void;
    }>,
  ) {}

  push(item: TrafficItem): void {
    if (this.closed) return;
    this.queue.push(item);
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  /** Resolves when everything pushed so far is handed over, or the queue was closed. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  /** What is under way ends; nothing new begins. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelRetry?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const batch = this.nextBatch();
      if (batch.length === 0) return;
      try {
        await this.handOver(batch);
        this.queue.splice(0, batch.length);
      } catch (error) {
        this.listeners.failed(error);
        if (error instanceof StaleLease) return;
        await this.pause();
      }
    }
  }

  private nextBatch(): TrafficItem[] {
    const kind = this.queue[0]?.kind;
    const end = this.queue.findIndex((item) => item.kind !== kind);
    return this.queue.slice(0, Math.min(end < 0 ? this.queue.length : end, BATCH_MAX));
  }

  private async handOver(batch: TrafficItem[]): Promise<void> {
    const messages = batch.flatMap((one) => (one.kind === 'message' ? [one.item] : []));
    const receipts = batch.flatMap((one) => (one.kind === 'receipt' ? [one.item] : []));
    const acks = batch.flatMap((one) => (one.kind === 'ack' ? [one.item] : []));
    if (messages.length > 0) await this.traffic.messages(this.lease, messages);
    if (receipts.length > 0) await this.traffic.receipts(this.lease, receipts);
    if (acks.length > 0) await this.traffic.acked(this.lease, acks);
    this.listeners.settled([...messages, ...receipts].map(({ inboxId }) => inboxId));
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.setTimeout(resolve, RETRY_MS);
      this.cancelRetry = () => {
        cancel();
        resolve();
      };
    });
  }
}
