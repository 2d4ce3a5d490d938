import type { Clock } from '../../kernel/clock.ts';
import type { Failure } from './failure.ts';

/** A place outside of the house that hears of failures. */
export type FailureSink = {
  /** @param repeated how often the same failed since it was told last, and was not told */
  send(failure: Failure, repeated: number): Promise<void>;
};

/** The same failure is told once in this time. */
const REPEAT_AFTER_MS = 3_600_000;
/** At most so many different ones in this time: whoever hears of a hundred at once reads none. */
const BURST_MAX = 10;
const BURST_MS = 600_000;
/** Failures that are remembered; beyond it the oldest is forgotten. */
const KNOWN_MAX = 1000;

/**
 * Tells sinks of failures, each once an hour and few at a time. Whatever a sink does, nobody who reports waits for it, and
 * nothing that goes wrong here is reported.
 */
export class FailureReports {
  private readonly known = new Map<string, { toldAtMs: number; repeated: number }>();
  private readonly sending = new Set<Promise<unknown>>();
  private burstFromMs = -Infinity;
  private burst = 0;

  constructor(
    private readonly sinks: readonly FailureSink[],
    private readonly clock: Clock,
  ) {}

  note(failure: Failure): void {
    const key = keyOf(failure);
    const nowMs = this.clock.monotonicMs();
    const before = this.known.get(key);
    if ((before && nowMs - before.toldAtMs < REPEAT_AFTER_MS) || !this.mayTell(nowMs)) {
      this.remember(key, { toldAtMs: before?.toldAtMs ?? -Infinity, repeated: (before?.repeated ?? 0) + 1 });
      return;
    }
    this.remember(key, { toldAtMs: nowMs, repeated: 0 });
    for (const sink of this.sinks) this.send(sink, failure, before?.repeated ?? 0);
  }

  /** Resolves when all that is on its way has arrived or failed. */
  async flush(): Promise<void> {
    await Promise.all(this.sending);
  }

  private send(sink: FailureSink, failure: Failure, repeated: number): void {
    const sent: Promise<unknown> = sink
      .send(failure, repeated)
      .catch(() => undefined)
      .finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }

  private mayTell(nowMs: number): boolean {
    if (nowMs - this.burstFromMs >= BURST_MS) {
      this.burstFromMs = nowMs;
      this.burst = 0;
    }
    this.burst += 1;
    return this.burst <= BURST_MAX;
  }

  private remember(key: string, told: { toldAtMs: number; repeated: number }): void {
    this.known.delete(key);
    this.known.set(key, told);
    const [oldest] = this.known.keys();
    if (this.known.size > KNOWN_MAX && oldest !== undefined) this.known.delete(oldest);
  }
}

const keyOf = ({ message, type, code, frames: [at] }: Failure): string =>
  JSON.stringify([message, type, code, at?.file, at?.line]);
