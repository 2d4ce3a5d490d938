import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { NotificationMaker } from './notification-maker.ts';
import { type ClaimedNotification, NotificationsQueue } from './notifications.queue.ts';
import { ATTEMPTS_MAX, verdictOf } from './notifications.rules.ts';

/** Finds what is due: one timer for all of it. */
const SWEEP_MS = 2_000;
/** Taken at once; they are made one after the other. */
const BATCH = 50;
const SHUTDOWN_WAIT_MS = 5_000;

/**
 * Tells what is due. Any node does it, each notification one of them. One that dies on the way leaves what it took to the next:
 * either the message is there and the notification says so, or neither is.
 */
@Injectable()
export class NotificationsWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(NotificationsWorker.name);
  private readonly loop: WorkLoop;

  constructor(
    private readonly clock: Clock,
    signals: Signals,
    private readonly queue: NotificationsQueue,
    private readonly maker: NotificationMaker,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'notifications', sweepMs: SWEEP_MS },
      () => this.run(),
      (error) => this.log.warn({ error: String(error) }, 'notifications not looked at; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async run(): Promise<void> {
    let claimed: ClaimedNotification[];
    do {
      claimed = await this.queue.claim(this.clock.now(), BATCH);
      for (const one of claimed) await this.tell(one);
    } while (claimed.length === BATCH && !this.loop.stopped);
  }

  private async tell(claimed: ClaimedNotification): Promise<void> {
    const { organization, id, attempts } = claimed;
    const say = (outcome: string, code: string | null) =>
      this.log.log({ organization, notification: id, attempts, outcome, code }, 'notification');
    if (attempts > ATTEMPTS_MAX) {
      await this.queue.failed(claimed, { code: 'interrupted', detail: null, againInMs: null }, this.clock.now());
      say('failed', 'interrupted');
      return;
    }
    try {
      say(await this.maker.make(claimed), null);
    } catch (error) {
      const verdict = verdictOf(error, attempts);
      if (verdict.code === 'internal_error')
        this.log.warn({ notification: id, error: String(error) }, 'notification not made');
      await this.queue.failed(claimed, verdict, this.clock.now());
      say(verdict.againInMs === null ? 'failed' : 'later', verdict.code);
    }
  }
}
