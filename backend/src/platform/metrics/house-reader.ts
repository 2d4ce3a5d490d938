import { Injectable } from '@nestjs/common';
import { SystemDb } from '../database/system-db.ts';

/** Outbox rows of numbers that are connected should go within their pace; those of others, and of suspended organizations, wait. */
type Waiting = { number: 'connected' | 'away'; messages: number; oldest: number };
/** How the installation is as a whole. Ages in seconds, 0 where there is nothing. */
export type House = {
  sessions: Record<string, number>;
  silent: number;
  unowned: number;
  outbox: Waiting[];
  inbox: { rows: number; oldest: number };
  facts_unsettled: number;
};

/**
 * One statement for all of it. What is scheduled for later, or waits to be tried again, is no part of the queue. Outbox and inbox are empty at rest, leases and sessions have a row for each number, and facts are
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
            select case when s.state = 'connected' and h.organization_id is null then 'connected' else 'away' end as number, count(*) as messages,
                   coalesce(extract(epoch from now() - min(o.due_since)), 0) as oldest
              from private.outbox o join sessions s on s.organization_id = o.organization_id and s.id = o.session_id
              left join private.organization_suspensions h on h.organization_id = o.organization_id
             where o.send_after = '-infinity' group by 1) w) as outbox,
         (select jsonb_build_object('rows', count(*), 'oldest', coalesce(extract(epoch from now() - min(received_at)), 0))
            from private.session_inbox where stored_at is null) as inbox,
         (select coalesce(extract(epoch from now() - min(time)), 0)::float from private.facts
           where xid >= pg_snapshot_xmin(pg_current_snapshot())) as facts_unsettled`;

/** Reads it from the database, for the metrics and for whoever runs the installation: the same on every node. */
@Injectable()
export class HouseReader {
  constructor(private readonly system: SystemDb) {}

  async read(): Promise<House> {
    const { rows } = await this.system.query<House>({ name: 'metrics.house', text: READ });
    const [house] = rows;
    if (!house) throw new Error('a statement without a table answered no row');
    return house;
  }
}
