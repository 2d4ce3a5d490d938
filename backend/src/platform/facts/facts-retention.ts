import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { FactLog } from './fact-log.ts';

/** A client or follower that was away for longer reads everything again. */
const RETENTION_DAYS = 7;
const DAY_MS = 86_400_000;
/** Partitions are made two days ahead, so that several runs may fail. */
const INTERVAL_MS = DAY_MS / 4;

/** Keeps the log's partitions: those of the next days are there, those of long ago are gone. Any node does it for all. */
@Injectable()
export class FactsRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(FactsRetention.name);
  private cancel: (() => void) | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly facts: FactLog,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.maintain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.cancel?.();
    await this.running;
  }

  private maintain(): void {
    this.running = this.facts
      .maintain(new Date(this.clock.now().getTime() - RETENTION_DAYS * DAY_MS))
      .catch((error: unknown) => this.log.warn({ error: String(error) }, 'partitions of facts not kept'));
    this.cancel = this.clock.setTimeout(() => this.maintain(), INTERVAL_MS);
  }
}
