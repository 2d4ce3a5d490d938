import { setTimeout as delay } from 'node:timers/promises';
import type { Console } from './console.ts';
import type { RunningService, Service } from './service.ts';

/** The delay before a start doubles, up to `maxMs`, as long as the service does not stay up for `healthyAfterMs`. */
export type Backoff = { firstMs: number; maxMs: number; healthyAfterMs: number };

const BACKOFF: Backoff = { firstMs: 250, maxMs: 10_000, healthyAfterMs: 5_000 };

/** Keeps services running: one that ends is started again, and again later each time that it does not stay up. */
export class Supervisor {
  private readonly watched: { name: string; current: RunningService | undefined; ended: Promise<void> }[] = [];

  /** @param stopping aborted by whoever decides to stop, so that nothing is started any more. */
  constructor(
    private readonly console: Console,
    private readonly stopping: AbortSignal,
    private readonly backoff: Backoff = BACKOFF,
  ) {}

  /** Resolves when the service is ready. @throws what the service throws at its first start; later ones are retried. */
  async run(service: Service): Promise<void> {
    const first = await service.start(this.stopping);
    const entry = { name: service.name, current: first as RunningService | undefined, ended: Promise.resolve() };
    this.watched.push(entry);
    entry.ended = this.keepUp(service, first, (running) => {
      entry.current = running;
    });
  }

  /** Stops the services one after the other, the last of `order` when all others have ended. */
  async stop(order: string[]): Promise<void> {
    const position = ({ name }: { name: string }) => order.indexOf(name);
    for (const entry of this.watched.toSorted((a, b) => position(a) - position(b))) {
      await entry.current?.stop();
      await entry.ended;
    }
  }

  /** Ends everything at once, without asking. */
  kill(): void {
    for (const { current } of this.watched) current?.kill();
  }

  private async keepUp(service: Service, first: RunningService, follow: (running?: RunningService) => void) {
    let running: RunningService | undefined = first;
    let delayMs = this.backoff.firstMs;
    while (running !== undefined) {
      const startedAt = performance.now();
      const outcome: string = await running.exited;
      follow(undefined);
      if (this.stopping.aborted) return;
      if (performance.now() - startedAt > this.backoff.healthyAfterMs) delayMs = this.backoff.firstMs;
      this.console.warn(service.name, `ended (${outcome}); starting it again`);
      running = await this.startAgain(service, () => {
        const current = delayMs;
        delayMs = Math.min(delayMs * 2, this.backoff.maxMs);
        return current;
      });
      follow(running);
    }
  }

  /** @returns undefined when everything is being stopped. */
  private async startAgain(service: Service, nextDelayMs: () => number): Promise<RunningService | undefined> {
    const signal = this.stopping;
    for (;;) {
      await delay(nextDelayMs(), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      try {
        const running = await service.start(signal);
        if (signal.aborted) {
          await running.stop();
          return undefined;
        }
        this.console.note(service.name, 'is up again');
        return running;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!signal.aborted) this.console.warn(service.name, `${reason.split('\n')[0]}; trying again`);
      }
    }
  }
}
