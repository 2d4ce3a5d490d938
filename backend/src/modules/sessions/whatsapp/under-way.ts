import type { Clock } from '../../../kernel/clock.ts';
import { SessionOffline } from '../sessions.errors.ts';
import { speaksOfConnection } from './connection-error.ts';

/** Who closes a connection waits for its last answer for so long. */
const CLOSE_TIMEOUT_MS = 1_500;

/** What a connection is doing for others: closing waits for it, and nobody waits for what a connection that went would have done. */
export class UnderWay {
  private count = 0;
  private done: (() => void) | undefined;

  /** @param isGoing the socket is told of the end before the connection is */
  constructor(
    private readonly clock: Clock,
    private readonly closed: AbortSignal,
    private readonly isGoing: () => boolean,
  ) {}

  /** @throws SessionOffline when the connection goes, or what went wrong says that it did */
  async during<T>(work: () => Promise<T>, isConnectionError = speaksOfConnection): Promise<T> {
    this.count += 1;
    const over = new AbortController();
    try {
      return await Promise.race([work(), this.failing(over.signal)]);
    } catch (cause) {
      throw this.closed.aborted || this.isGoing() || isConnectionError(cause) ? new SessionOffline({ cause }) : cause;
    } finally {
      over.abort();
      this.count -= 1;
      if (this.count === 0) this.done?.();
    }
  }

  /** Until everything has ended, or the time for that is over. */
  async ended(): Promise<void> {
    if (this.count === 0) return;
    const pause = this.clock.pause(CLOSE_TIMEOUT_MS);
    this.done = pause.end;
    await pause.over;
  }

  /** Rejects when the connection goes, unless what it watches is over first. */
  private failing(over: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.closed.addEventListener('abort', () => reject(new SessionOffline()), { once: true, signal: over });
    });
  }
}
