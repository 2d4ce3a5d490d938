import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { HouseReader } from './house-reader.ts';
import { Metrics } from './metrics.ts';

const STATES = ['disconnected', 'connecting', 'qr_pending', 'connected', 'error'];

/** How the installation is as a whole, read from the database at each scrape; the same on every node. */
@Injectable()
export class HouseGauges {
  private readonly up: Gauge;
  private readonly sessions: Gauge<'state'>;
  private readonly silent: Gauge;
  private readonly unowned: Gauge;
  private readonly outbox: Gauge<'number'>;
  private readonly outboxAge: Gauge<'number'>;
  private readonly inbox: Gauge;
  private readonly inboxAge: Gauge;
  private readonly factsUnsettled: Gauge;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly reader: HouseReader,
    metrics: Metrics,
  ) {
    this.up = metrics.gauge('wasel_database_up', 'Whether the database answered this scrape', []);
    this.sessions = metrics.gauge('wasel_sessions', 'Numbers by state', ['state']);
    this.silent = metrics.gauge('wasel_sessions_silent', 'Connected numbers that heard nothing for two minutes', []);
    this.unowned = metrics.gauge('wasel_sessions_unowned', 'Numbers that should run and that no node runs', []);
    this.outbox = metrics.gauge('wasel_outbox_messages', 'Messages that WhatsApp has not acknowledged', ['number']);
    this.outboxAge = metrics.gauge('wasel_outbox_oldest_seconds', 'Age of the oldest of them that is due', ['number']);
    this.inbox = metrics.gauge('wasel_inbox_rows', 'What was delivered and is not stored as a message yet', []);
    this.inboxAge = metrics.gauge('wasel_inbox_oldest_seconds', 'Age of the oldest of it', []);
    this.factsUnsettled = metrics.gauge(
      'wasel_facts_unsettled_seconds',
      'How far followers of facts are held back',
      [],
    );
  }

  /** Two that scrape at once share one reading. Never fails: that the database is away is what a scrape has to tell. */
  read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const house = await this.reader.read().catch(() => undefined);
    this.up.set(house ? 1 : 0);
    if (!house) {
      for (const stale of [this.sessions, this.outbox, this.outboxAge]) stale.reset();
      return;
    }
    for (const state of STATES) this.sessions.set({ state }, house.sessions[state] ?? 0);
    for (const number of ['connected', 'away'] as const) {
      const waiting = house.outbox.find((one) => one.number === number);
      this.outbox.set({ number }, waiting?.messages ?? 0);
      this.outboxAge.set({ number }, waiting?.oldest ?? 0);
    }
    this.silent.set(house.silent);
    this.unowned.set(house.unowned);
    this.inbox.set(house.inbox.rows);
    this.inboxAge.set(house.inbox.oldest);
    this.factsUnsettled.set(house.facts_unsettled);
  }
}
