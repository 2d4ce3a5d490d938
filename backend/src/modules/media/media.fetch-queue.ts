import type { Clock } from '../../kernel/clock.ts';
import type { FileToFetch } from './media.repository.ts';
import { fetchDelayMs } from './media.rules.ts';

const BATCH = 20;
const CONCURRENCY = 2;
/** With so many files failing nothing else is begun: it is not the files that are broken. */
const WAITING_MAX = 100;
const RETRY_AFTER_FAILURE_MS = 5_000;

/** What the queue of one session works on. */
export interface FetchSource {
  readonly closed: AbortSignal;

  pending(except: readonly string[], limit: number): Promise<FileToFetch[]>;

  /**
   * Settles one file.
   * @param lastTry true when it has to be given up if it fails again
   * @returns false when it is to be tried again later. Rejects when it is not this file that failed.
   */
  fetch(file: FileToFetch, lastTry: boolean): Promise<boolean>;

  /** @returns true when there is sense in going on after a while */
  failed(error: unknown): boolean;
}

/**
 * When which file of one open session is fetched: oldest first, two at a time, a failed one again after ever longer waits
 * and meanwhile in nobody's way. It sleeps until it is woken or a wait is over; one timer for all.
 */
export class FetchQueue {
  /** Files that failed, by message. */
  private readonly waiting = new Map<string, { failedTries: number; dueMs: number }>();
  private running = false;
  private woken = false;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly source: FetchSource,
    private readonly clock: Clock,
  ) {
    source.closed.addEventListener('abort', () => this.cancelTimer?.(), { once: true });
  }

  /** There may be something to fetch. */
  wake(): void {
    this.woken = true;
    if (!this.running && !this.source.closed.aborted) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    this.cancelTimer?.();
    try {
      while (this.woken && !this.source.closed.aborted) {
        this.woken = false;
        await this.round();
      }
      this.sleep(this.nextDueMs());
    } catch (error) {
      if (this.source.failed(error)) this.sleep(RETRY_AFTER_FAILURE_MS);
    } finally {
      this.running = false;
    }
  }

  private async round(): Promise<void> {
    const resting = this.resting();
    if (resting.length >= WAITING_MAX) return;
    const files = await this.source.pending(resting, BATCH);
    if (files.length === 0) {
      // Whoever waited until now and is not among the pending was settled by somebody else.
      for (const id of this.waiting.keys()) if (!resting.includes(id)) this.waiting.delete(id);
      return;
    }
    const lanes = await Promise.allSettled(Array.from({ length: CONCURRENCY }, () => this.lane(files)));
    const broken = lanes.find((lane) => lane.status === 'rejected');
    if (broken) throw broken.reason;
    this.woken = true; // there may be more than one batch
  }

  private async lane(files: FileToFetch[]): Promise<void> {
    for (let file = files.shift(); file && !this.source.closed.aborted; file = files.shift()) {
      const failedTries = (this.waiting.get(file.id)?.failedTries ?? 0) + 1;
      const delayMs = fetchDelayMs(failedTries);
      if ((await this.source.fetch(file, delayMs === null)) || delayMs === null) this.waiting.delete(file.id);
      else this.waiting.set(file.id, { failedTries, dueMs: this.clock.monotonicMs() + delayMs });
    }
  }

  /** Messages whose wait is not over. */
  private resting(): string[] {
    const now = this.clock.monotonicMs();
    return [...this.waiting].filter(([, { dueMs }]) => dueMs > now).map(([id]) => id);
  }

  private nextDueMs(): number | undefined {
    if (this.waiting.size === 0) return undefined;
    const dueMs = Math.min(...[...this.waiting.values()].map((one) => one.dueMs));
    return Math.max(0, dueMs - this.clock.monotonicMs());
  }

  private sleep(ms: number | undefined): void {
    if (ms === undefined || this.source.closed.aborted) return;
    this.cancelTimer = this.clock.setTimeout(() => this.wake(), ms);
  }
}
