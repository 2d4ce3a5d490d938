import { setTimeout } from 'node:timers/promises';
import { House } from '../house/house.ts';
import { until } from '../until.ts';

export const PARTS = ['backend', 'postgres', 'sandbox'] as const;
export type Part = (typeof PARTS)[number];

export type Kills = Readonly<Record<Part, number>>;

/** Of the kills that hit a backend, how many come while it is still starting. */
const WHILE_STARTING_SHARE = 0.2;
const STARTING_MS = 1_500;
/** Work that does not move for so long has stopped; how long it takes is the machine's affair. */
const STANDSTILL_MS = 180_000;

/** Kills the parts of a house, each without a word of warning, at random moments of its work. */
export class Killer {
  /** What the phones could not read, and what they were shown twice and dropped: a sandbox forgets it when it is killed. */
  undecryptable = 0;
  dropped = 0;
  readonly done: Record<Part, number> = { backend: 0, postgres: 0, sandbox: 0 };

  /** @param whileStarting also kills a backend that is not up yet, after a moment that passes by the wall clock */
  constructor(
    private readonly house: House,
    private readonly whileStarting: boolean,
  ) {}

  /**
   * @param total what there is to do
   * @param progress how much of it is done
   */
  async spread(kills: Kills, total: number, progress: () => number): Promise<void> {
    const parts = shuffled(PARTS.flatMap((part) => Array.from({ length: kills[part] }, () => part)));
    // Spread over all of the work, and never in a pattern that the traffic could have.
    const moments = parts.map(() => Math.random() * total * 0.98).toSorted((a, b) => a - b);
    for (const [n, part] of parts.entries()) {
      const moment = moments[n] ?? 0;
      for (let seen = progress(); seen < moment; seen = progress())
        await until(`more than ${seen} of ${total}, before kill ${n}`, () => progress() > seen, {
          timeoutMs: STANDSTILL_MS,
          everyMs: 5,
        });
      await this.kill(part);
      this.done[part] += 1;
    }
  }

  /** Adds what the phones have counted until now. */
  async count(): Promise<void> {
    const { undecryptable, duplicates } = await this.house.phones.stats();
    this.undecryptable += undecryptable;
    this.dropped += duplicates;
  }

  private async kill(part: Part): Promise<void> {
    const { house } = this;
    if (part === 'postgres') return house.crashPostgres();
    if (part === 'sandbox') {
      await this.count();
      return house.crash(house.sandbox);
    }
    await house.node.kill('SIGKILL');
    if (this.whileStarting && Math.random() < WHILE_STARTING_SHARE) {
      house.node.launch();
      await setTimeout(Math.random() * STARTING_MS);
      await house.node.kill('SIGKILL');
    }
    await house.node.start();
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(Math.random() * rest.length), 1));
}
