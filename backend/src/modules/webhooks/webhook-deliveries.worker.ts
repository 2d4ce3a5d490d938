import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import { within, WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { WebhookKeeper } from './webhook-keeper.ts';
import { type ClaimedDelivery, WebhookQueueRepository } from './webhook-queue.repository.ts';
import { ANSWER_MAX_MS, WebhookSender } from './webhook-sender.ts';

/** Covers a signal that was lost, and finds what is due again: one timer for all of it. */
const SWEEP_MS = 2_000;
/** Tries of this node at a time. */
const CONCURRENCY = 64;
const HOUSEKEEPING_MS = 60_000;
const SHUTDOWN_WAIT_MS = ANSWER_MAX_MS + 2_000;

/**
 * Tells events to customers' servers. Any node does it, each try with one of them; at least once, for one that dies between
 * the answer and its writing down is followed by another that cannot know. Whoever answers slowly keeps nobody else waiting.
 */
@Injectable()
export class WebhookDeliveriesWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(WebhookDeliveriesWorker.name);
  private readonly loop: WorkLoop;
  private readonly underWay = new Set<Promise<void>>();
  private keptHouseAtMs = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly queue: WebhookQueueRepository,
    private readonly sender: WebhookSender,
    private readonly keeper: WebhookKeeper,
    private readonly metrics: Metrics,
  ) {
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'webhook_deliveries', sweepMs: SWEEP_MS },
      () => this.drain(),
      (error) => this.log.warn({ error: String(error) }, 'deliveries not looked at; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop(SHUTDOWN_WAIT_MS);
    const ended = Promise.all(this.underWay).then(() => undefined);
    await within(this.clock, ended, SHUTDOWN_WAIT_MS, () => new Error('late')).catch(() => undefined);
  }

  private async drain(): Promise<void> {
    while (!this.loop.stopped && this.underWay.size < CONCURRENCY) {
      const claimedAtMs = this.clock.monotonicMs();
      const claimed = await this.queue.claim(CONCURRENCY - this.underWay.size);
      if (claimed.length === 0) break;
      for (const one of claimed) this.begin(one, claimedAtMs);
    }
    if (this.loop.stopped || this.clock.monotonicMs() - this.keptHouseAtMs < HOUSEKEEPING_MS) return;
    this.keptHouseAtMs = this.clock.monotonicMs();
    await this.keeper.keepHouse();
  }

  private begin(delivery: ClaimedDelivery, claimedAtMs: number): void {
    const work = this.deliver(delivery, claimedAtMs)
      .catch((error: unknown) =>
        this.log.warn({ delivery: delivery.id, error: String(error) }, 'a try was not written down; it is made again'),
      )
      .finally(() => {
        this.underWay.delete(work);
        this.loop.wake(); // there is room again
      });
    this.underWay.add(work);
  }

  private async deliver(delivery: ClaimedDelivery, claimedAtMs: number): Promise<void> {
    const tried = await this.sender.send(delivery, claimedAtMs);
    if (tried === null) return; // another node has it by now
    const { organization, id, endpoint, attempts, type } = delivery;
    const seen = await this.queue.settle(delivery, tried, Math.random());
    const { status, error, durationMs } = tried;
    this.metrics.webhookTries.inc({ outcome: error === null ? 'taken' : status === null ? 'no_answer' : 'refused' });
    this.log.log(
      { organization, endpoint, delivery: id, type, attempts, status, error, tookMs: durationMs },
      'webhook told',
    );
    if (seen) this.signals.send('facts', { organization });
  }
}
