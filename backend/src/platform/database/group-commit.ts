import { setImmediate, setTimeout } from 'node:timers/promises';

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (reason: unknown) => void };

/**
 * Writes of many sessions as one. While a statement is under way, what else is asked for waits and goes together in the
 * next: a node of a thousand busy sessions makes as many commits, over one connection, as a node of ten.
 *
 * @param write one statement for all of it, applied as a whole; writing the same items again must change nothing. Answers in
 * the order of the items.
 * @param gatherMs how long a statement waits for more, when nobody waits for it
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private writing = false;

  constructor(
    private readonly write: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly maxItems: number,
    private readonly gatherMs = 0,
  ) {}

  /** Resolves when the item is committed. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.writing) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      if (this.gatherMs > 0) await setTimeout(this.gatherMs);
      else await setImmediate(); // whoever is about to ask goes along: what has arrived on other sockets is handled first
      const batch = this.waiting.splice(0, this.maxItems);
      await this.writeBatch(batch).catch(() => this.writeEach(batch));
    }
    this.writing = false;
  }

  private async writeBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const results = await this.write(batch.map(({ item }) => item));
    for (const [n, { resolve }] of batch.entries()) resolve(results[n] as Result);
  }

  /** Nobody fails for what another one asked for. */
  private async writeEach(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    await Promise.all(batch.map((one) => this.writeBatch([one]).catch((error: unknown) => one.reject(error))));
  }
}
