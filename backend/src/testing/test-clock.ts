import { Clock } from '../kernel/clock.ts';

type Timer = { dueMs: number; work: () => void };

/** Time that stands still until a test moves it. */
export class TestClock extends Clock {
  private elapsedMs = 0;
  private timers: Timer[] = [];

  /** @param startedAt what `now()` says at first */
  constructor(private readonly startedAt = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  now(): Date {
    return new Date(this.startedAt.getTime() + this.elapsedMs);
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  setTimeout(work: () => void, ms: number): () => void {
    const timer: Timer = { dueMs: this.elapsedMs + Math.max(0, ms), work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.timers.length;
  }

  /**
   * Moves time on by `ms`. Timers that fall due fire in the order of their time, and of their making where that is the same;
   * each sees the moment it was set for, and may set others, which fire too if they fall due on the way.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time does not go back: ${ms} ms`);
    const until = this.elapsedMs + ms;
    for (let next = this.dueBy(until); next; next = this.dueBy(until)) {
      const { dueMs, work } = next;
      this.timers = this.timers.filter((one) => one !== next);
      this.elapsedMs = dueMs;
      work();
    }
    this.elapsedMs = until;
  }

  private dueBy(ms: number): Timer | undefined {
    const [first] = this.timers.filter(({ dueMs }) => dueMs <= ms).toSorted((a, b) => a.dueMs - b.dueMs);
    return first;
  }
}
