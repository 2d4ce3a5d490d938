import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { PublicFetch } from '../../platform/http/public-fetch.ts';
import { WorkLoop } from '../../platform/queue/work-loop.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AlertDeliveriesRepository, type ClaimedDelivery } from './alert-deliveries.repository.ts';
import { type Outcome, outcomeOf, outcomeOfFault } from './webhook-outcome.ts';
import { payloadOf } from './webhook-payload.ts';

/** Covers a signal that was lost, and finds what is due again. */
const SWEEP_MS = 10_000;
/** Deliveries at a time; each may take its whole time before a claim runs out. */
const CLAIM_MAX = 4;
/** Longest that one may take. */
const ANSWER_MAX_MS = 10_000;
/** Nobody reads what the other side answers. */
const ANSWER_MAX_BYTES = 64 * 1024;
const SHUTDOWN_WAIT_MS = 5_000;

/**
 * Tells alerts to incoming webhooks. Any node does it, each delivery with one of them; at least once, for one that dies
 * between the answer and its writing down is followed by another that cannot know.
 */
@Injectable()
export class AlertDeliveriesWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(AlertDeliveriesWorker.name);
  private readonly loop: WorkLoop;
  /** A redirect is not followed: what was posted would arrive as a question for a page. */
  private readonly web: PublicFetch;

  constructor(
    config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly deliveries: AlertDeliveriesRepository,
  ) {
    const { allowedNetworks } = config.outgoing;
    this.web = new PublicFetch({
      timeoutMs: ANSWER_MAX_MS,
      bytesMax: ANSWER_MAX_BYTES,
      redirectsMax: 0,
      allowedNetworks,
    });
    this.loop = new WorkLoop(
      clock,
      signals,
      { topic: 'alert_deliveries', sweepMs: SWEEP_MS },
      () => this.drain(),
      (error) => this.log.warn({ error: String(error) }, 'alerts not told; the sweep tries again'),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop(SHUTDOWN_WAIT_MS);
  }

  private async drain(): Promise<void> {
    while (!this.loop.stopped) {
      const claimed = await this.deliveries.claim(CLAIM_MAX);
      if (claimed.length === 0) break;
      await Promise.all(claimed.map((one) => this.deliver(one)));
    }
    await this.deliveries.keepHouse();
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const { id, organization, attempts } = delivery;
    const outcome = await this.tell(delivery);
    await this.deliveries.settle(delivery, outcome);
    const line = { delivery: id, organization, attempts, ...outcome };
    if (outcome.state === 'sent') this.log.log(line, 'alert told');
    else this.log.warn(line, 'alert not told');
    if (outcome.state !== 'waiting') this.signals.send('facts', { organization });
  }

  private async tell({ url, format, text, attempts, isTest }: ClaimedDelivery): Promise<Outcome> {
    if (url === null) return { state: 'failed', error: 'key_missing' };
    try {
      const answer = await this.web.fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'Wasel' },
        body: payloadOf(format, text),
      });
      return outcomeOf(answer, attempts, isTest, this.clock.now());
    } catch (error) {
      return outcomeOfFault(error, attempts, isTest);
    }
  }
}
