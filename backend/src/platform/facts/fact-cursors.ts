import { Injectable } from '@nestjs/common';
import { SystemDb, type SystemTx } from '../database/system-db.ts';
import type { StoredFact } from './fact-log.ts';

/** A fact for those who tell of it elsewhere: `uid` is the same for ever, also in a restored database. */
export type FollowedFact = Omit<StoredFact, 'cursor'> & Readonly<{ uid: string; time: Date }>;

/**
 * How far a step came: `more` may follow, `done` for now, `unsettled` when more is committed that an older transaction holds
 * back, `elsewhere` while another node works at it.
 */
export type Advance = 'more' | 'done' | 'unsettled' | 'elsewhere';

/** Who follows, and what of: a condition on `batch`, a row of `private.facts`, as SQL. It is no user's word. */
export type Follower = Readonly<{ name: string; interest: string }>;

/** Facts in one step, those that nobody is interested in included. */
const BATCH = 500;

const SETTLED = 'facts.xid < pg_snapshot_xmin(pg_current_snapshot())';

type Row = {
  xid: string;
  id: string;
  settled: boolean;
  interesting: boolean;
  uid: string;
  organization_id: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
  time: Date;
};

/** The facts after a place; of those that do not matter only the place. */
const READ = (interest: string): string => `
  with batch as materialized (
    select facts.xid, facts.id, uid, organization_id, type, subject, payload, time, ${SETTLED} as settled
      from private.facts where (facts.xid, facts.id) > ($1::xid8, $2::bigint) order by facts.xid, facts.id limit ${BATCH}
  ), told as (select *, settled and (${interest}) as interesting from batch)
  select told.xid::text as xid, told.id::text as id, settled, interesting, organization_id, type, subject, time,
         coalesce(uid, md5(told.xid::text || '-' || told.id)::uuid)::text as uid, case when interesting then payload end as payload
    from told order by told.xid, told.id`;

/**
 * Followers whose place is in the database, one for all nodes: what they make of facts and the place behind these are one
 * transaction, so that each fact is dealt with exactly once, whoever dies when.
 */
@Injectable()
export class FactCursors {
  constructor(private readonly system: SystemDb) {}

  /** Gives a follower that has no place yet that after everything which is certain now. */
  async begin({ name }: Follower): Promise<void> {
    await this.system.query(
      `insert into private.fact_cursors (name, xid, id) values ($1, pg_snapshot_xmin(pg_current_snapshot()), 0)
       on conflict (name) do nothing`,
      [name],
    );
  }

  /** Facts that retention dropped before this follower saw them: until when, and none. Its place is then behind them. */
  async skipForgotten({ name }: Follower): Promise<boolean> {
    const { rowCount } = await this.system.query(
      `update private.fact_cursors c set xid = f.xid, id = f.id, updated_at = now() from private.fact_cursors f
        where c.name = $1 and f.name = 'forgotten' and (c.xid, c.id) < (f.xid, f.id)`,
      [name],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Hands the next facts on, in their order, and moves the place behind them when `handle` is done. */
  advance(follower: Follower, handle: (tx: SystemTx, facts: FollowedFact[]) => Promise<void>): Promise<Advance> {
    return this.system.asSystem(async (tx) => {
      // A lock on the row would take a transaction id, behind which every follower waits until this is over.
      const [place] = await tx.$queryRawUnsafe<{ mine: boolean; xid: string; id: string }[]>(
        `select pg_try_advisory_xact_lock(hashtext('follower of facts'), hashtext(name)) as mine, c.xid::text as xid, c.id::text as id
           from private.fact_cursors c where name = $1`,
        follower.name,
      );
      if (!place?.mine) return 'elsewhere';
      const rows = await tx.$queryRawUnsafe<Row[]>(READ(follower.interest), place.xid, place.id);
      const settled = rows.filter((row) => row.settled); // by the order, those come first
      const last = settled.at(-1);
      if (!last) return rows.length > 0 ? 'unsettled' : 'done';
      const facts = settled.filter(({ interesting }) => interesting).map(toFact);
      if (facts.length > 0) await handle(tx, facts);
      const moved = await tx.$executeRawUnsafe(
        `update private.fact_cursors c set xid = $2::xid8, id = $3::bigint, updated_at = now()
          where name = $1 and c.xid = $4::xid8 and c.id = $5::bigint`,
        follower.name,
        last.xid,
        last.id,
        place.xid,
        place.id,
      );
      if (moved === 0) throw new Error(`the place of ${follower.name} was moved while it was followed`); // between look and lock
      return settled.length < rows.length ? 'unsettled' : 'more';
    });
  }
}

const toFact = (row: Row): FollowedFact => ({
  uid: row.uid,
  organization: row.organization_id,
  type: row.type,
  subject: row.subject,
  payload: row.payload,
  time: row.time,
});
