/** A line that is found dead so often within the time has something that no new connection cures. */
const DEAD_UNTIL_ALERT = 3;
const WITHIN_MS = 60 * 60_000;

/** Remembers when a number's line was found open and dead. */
export class DeadLines {
  private foundAtMs: readonly number[] = [];

  /** @param atMs on the monotonic clock @returns whether that is often by now */
  found(atMs: number): boolean {
    this.foundAtMs = [...this.foundAtMs.filter((before) => atMs - before < WITHIN_MS), atMs];
    return this.foundAtMs.length >= DEAD_UNTIL_ALERT;
  }
}
