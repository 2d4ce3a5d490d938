import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import type { Signals } from '../signals/signals.ts';
import type { FactCursor } from './fact-cursor.ts';
import type { FactLog, StoredFact } from './fact-log.ts';

/** Covers a signal that was lost. */
const SWEEP_MS = 2_000;
/** How soon to look again for facts that wait for an older transaction: its end may be a rollback, which nobody signals. */
const SETTLE_MS = 50;

/** Hands every fact from a cursor on to `handle`, in order, one batch at a time. A batch whose `handle` fails is handed on again. */
export class FactsFollower {
  private readonly log = new Logger(FactsFollower.name);
  private running: Promise<void> | undefined;
  private woken = false;
  private stopped = false;
  private cancelSweep: (() => void) | undefined;
  private cancelRecheck: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly facts: FactLog,
    private readonly signals: Signals,
    private readonly clock: Clock,
    private cursor: FactCursor,
    private readonly handle: (facts: readonly StoredFact[]) => Promise<void> | void,
  ) {}

  start(): void {
    this.unsubscribe = this.signals.on('facts', () => this.wake());
    this.sweep();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe?.();
    this.cancelSweep?.();
    await this.running;
    this.cancelRecheck?.();
  }

  private sweep(): void {
    this.wake();
    this.cancelSweep = this.clock.setTimeout(() => this.sweep(), SWEEP_MS);
  }

  private wake(): void {
    this.woken = true;
    if (this.stopped || this.running) return;
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.woken) this.wake(); // between the last look and here
    });
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && !this.stopped) {
        this.woken = false;
        await this.catchUp();
      }
    } catch (error) {
      this.log.warn({ error: String(error) }, 'facts not read; the sweep tries again');
    }
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const { facts, unsettled } = await this.facts.after(this.cursor);
      if (unsettled) this.recheck();
      const last = facts.at(-1);
      if (!last || this.stopped) return;
      await this.handle(facts);
      this.cursor = last.cursor;
    }
  }

  private recheck(): void {
    this.cancelRecheck ??= this.clock.setTimeout(() => {
      this.cancelRecheck = undefined;
      this.wake();
    }, SETTLE_MS);
  }
}
