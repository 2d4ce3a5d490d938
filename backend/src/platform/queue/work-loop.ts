import type { Clock } from '../../kernel/clock.ts';
import type { Signals, SignalTopics } from '../signals/signals.ts';

/** Work that is done when somebody says so, and at every sweep for what was not heard; never twice at a time. */
export class WorkLoop {
  private running: Promise<void> | undefined;
  private woken = false;
  private ended = false;
  private cancelSweep: (() => void) | undefined;
  private unsubscribe: (() => void)[] = [];

  /**
   * @param when the signal that there is work, and how often it is looked for without one
   * @param work looks at everything that is due; it may look at `stopped` now and then
   * @param failed is told why it could not; the next sweep tries again
   */
  constructor(
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly when: Readonly<{ topic: keyof SignalTopics; sweepMs: number }>,
    private readonly work: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get stopped(): boolean {
    return this.ended;
  }

  start(): void {
    const wake = () => this.wake();
    this.unsubscribe.push(this.signals.on(this.when.topic, wake), this.signals.onConnected(wake));
    this.sweep();
  }

  private sweep(): void {
    this.wake();
    this.cancelSweep = this.clock.setTimeout(() => this.sweep(), this.when.sweepMs);
  }

  wake(): void {
    this.woken = true;
    if (this.ended || this.running) return;
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.woken) this.wake(); // between the last look and here
    });
  }

  /** Begins nothing new, and waits so long for what is under way. */
  async stop(waitMs: number): Promise<void> {
    this.ended = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.cancelSweep?.();
    if (this.running) await within(this.clock, this.running, waitMs, () => new Error('late')).catch(() => undefined);
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && !this.ended) {
        this.woken = false;
        await this.work();
      }
    } catch (error) {
      this.failed(error);
    }
  }
}

/** Rejects with `late` when `work` takes longer; whoever says a word every now and then would else hold it for ever. */
export async function within(clock: Clock, work: Promise<void>, ms: number, late: () => Error): Promise<void> {
  let cancel: (() => void) | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    cancel = clock.setTimeout(() => reject(late()), ms);
  });
  await Promise.race([work, tooLate]).finally(() => cancel?.());
}
