import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Config } from '../../config/config.ts';
import { VERSION } from '../version.ts';

/** From what a commit on the same machine takes to what nobody should wait for. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What this process counts, in Prometheus' terms; docs/operating/metrics.md says what each means and what to do. No label names
 * an organization, a number or a person: their values would be without bound, and are nobody else's business.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** Of the whole installation: each node sees all of it, so take the greatest and not the sum. */
  readonly messages = this.counter('wasel_messages_total', 'Messages by what happened to them', [
    'direction',
    'status',
  ]);
  readonly sessionChanges = this.counter('wasel_session_changes_total', 'Numbers that came into a state, and why', [
    'state',
    'reason',
  ]);

  /** Of this process. */
  readonly leaseLosses = this.counter(
    'wasel_lease_losses_total',
    'Numbers that this node lost to another one or to a stall',
    [],
  );
  readonly webhookTries = this.counter(
    'wasel_webhook_tries_total',
    "Requests to customers' servers by how they ended",
    ['outcome'],
  );
  readonly httpRequests = this.histogram(
    'wasel_http_request_seconds',
    'Requests from arrival to the end of the answer',
    ['method', 'status'],
  );
  readonly statements = this.histogram(
    'wasel_db_statement_seconds',
    'Named statements, the wait for a connection included',
    ['name'],
  );
  readonly poolWaits = this.histogram('wasel_db_pool_wait_seconds', 'Waits for a connection of a pool', ['pool']);

  constructor(config: Config) {
    this.gauge('wasel_build_info', 'Always 1', ['version']).set({ version: VERSION }, 1);
    // These watch the event loop and the garbage collector, which costs something; so only where somebody reads them.
    if (config.metrics.token) collectDefaultMetrics({ register: this.registry });
  }

  /** A gauge of this process that is asked for at each scrape. */
  watch(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      collect() {
        this.set(read());
      },
      registers: [],
    });
    this.registry.registerMetric(gauge);
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.registry] });
  }
}
