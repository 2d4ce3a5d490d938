import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { SystemDb } from '../database/system-db.ts';
import { Metrics } from './metrics.ts';

/** Outbox rows of numbers that are connected should go within their pace; those of others wait, and may. */
type Waiting = { number: 'connected' | 'away'; messages: number; oldest: number };
type House = {
  sessions: Record<string, number>;
  silent: number;
  unowned: number;
  outbox: Waiting[];
  inbox: { rows: number; oldest: number };
  facts_unsettled: number;
};

/**
 * One statement for all of it. Outbox and inbox are empty at rest, leases and sessions have a row for each number, and facts are
 * read from their newest end only.
 */
const READ = `
  select (select coalesce(jsonb_object_agg(state, n), '{}') from (
            select state, count(*) as n from sessions where deleted_at is null group by state) by_state) as sessions,
         (select count(*)::int from sessions
           where state = 'connected' and deleted_at is null and last_seen_at < now() - interval '2 minutes') as silent,
         (select count(*)::int from private.session_leases l join sessions s on s.organization_id = l.organization_id and s.id = l.session_id
           where l.expires_at <= now() and s.intent_version <> s.settled_version and s.deleted_at is null) as unowned,
         (select coalesce(jsonb_agg(w), '[]') from (
            select case when s.state = 'connected' then 'connected' else 'away' end as number, count(*) as messages,
                   coalesce(extract(epoch from now() - min(o.send_after) filter (where o.send_after <= now())), 0) as oldest
              from private.outbox o join sessions s on s.organization_id = o.organization_id and s.id = o.session_id
             group by 1) w) as outbox,
         (select jsonb_build_object('rows', count(*), 'oldest', coalesce(extract(epoch from now() - min(received_at)), 0))
            from private.session_inbox where stored_at is null) as inbox,
         (select coalesce(extract(epoch from now() - min(time)), 0)::float from private.facts
           where xid >= pg_snapshot_xmin(pg_current_snapshot())) as facts_unsettled`;

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
    private readonly system: SystemDb,
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
    const { rows } = await this.system.query<House>({ name: 'metrics.house', text: READ }).catch(() => ({ rows: [] }));
    const [house] = rows;
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
