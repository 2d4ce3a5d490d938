import { Injectable } from '@nestjs/common';
import { SystemDb } from '../database/system-db.ts';
import { type FactCursor, toPlace } from './fact-cursor.ts';

/** A fact as it is read. */
export type StoredFact = Readonly<{
  cursor: FactCursor;
  organization: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
}>;

/** Facts in their order. `unsettled`: more are committed, but a transaction that began before them may still add some. */
export type FactBatch = Readonly<{ facts: readonly StoredFact[]; unsettled: boolean }>;

type Row = {
  xid: string;
  id: string;
  organization_id: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
};

const BATCH_MAX = 500;

/** Below this nothing can appear any more: every transaction with a smaller id has ended. */
const SETTLED = 'facts.xid < pg_snapshot_xmin(pg_current_snapshot())';
/** `facts.xid` in an order is the column; a bare `xid` would be the text of this list, which sorts 10 before 9. */
const COLUMNS = 'facts.xid::text as xid, id, organization_id, type, subject, payload';
/** The name under which `private.fact_cursors` keeps the last place that retention may have dropped. */
const FORGOTTEN = 'forgotten';

/** Reads the log in the order in which it became certain. */
@Injectable()
export class FactLog {
  constructor(private readonly system: SystemDb) {}

  /** The place after everything that is certain now. */
  async tip(): Promise<FactCursor> {
    const { rows } = await this.system.query<{ xid: string }>(
      'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
    );
    return `${rows[0]?.xid ?? '0'}-0`;
  }

  async after(cursor: FactCursor, limit = BATCH_MAX): Promise<FactBatch> {
    const { rows } = await this.system.query<Row & { settled: boolean }>({
      name: 'facts.after',
      text: `select ${COLUMNS}, ${SETTLED} as settled from private.facts
              where (facts.xid, id) > ($1::xid8, $2::bigint) order by facts.xid, id limit $3`,
      values: [...(toPlace(cursor) ?? []), limit],
    });
    const facts = rows.filter(({ settled }) => settled).map(toFact); // by the order, those come first
    return { facts, unsettled: facts.length < rows.length };
  }

  /**
   * What one organization missed, of the types it is shown.
   * @returns null when that cannot be told: it is more than `limit`, retention has dropped some, or the cursor is not of
   *   this log. Whoever asks reads everything again.
   */
  async ofOrganizationAfter(
    organization: string,
    cursor: string,
    types: readonly string[],
    limit: number,
  ): Promise<StoredFact[] | null> {
    const place = toPlace(cursor);
    if (!place) return null;
    const { rows } = await this.system.query<Row>({
      name: 'facts.of_organization_after',
      text: `select ${COLUMNS} from private.facts
              where organization_id = $3 and (facts.xid, id) > ($1::xid8, $2::bigint) and type = any ($4) and ${SETTLED}
              order by facts.xid, id limit $5`,
      values: [...place, organization, types, limit + 1],
    });
    // Asked second, so that what is dropped in between is noticed.
    return rows.length > limit || !(await this.reachesBackTo(place)) ? null : rows.map(toFact);
  }

  /** Makes the partitions of the next days and drops those that end before `keepFrom`, once it is known how far that reaches. */
  async maintain(keepFrom: Date): Promise<void> {
    await this.system.query(
      `insert into private.fact_cursors (name, xid, id)
       select '${FORGOTTEN}', facts.xid, id from private.facts where time < $1 order by facts.xid desc, id desc limit 1
       on conflict (name) do update set xid = excluded.xid, id = excluded.id, updated_at = now()
        where (fact_cursors.xid, fact_cursors.id) < (excluded.xid, excluded.id)`,
      [keepFrom],
    );
    await this.system.query('select private.maintain_facts($1)', [keepFrom]);
  }

  /** False before what was dropped, and for places that are still to come: those are of another database, or older than a restore. */
  private async reachesBackTo(place: readonly [bigint, bigint]): Promise<boolean> {
    const { rows } = await this.system.query<{ reaches: boolean }>({
      name: 'facts.reaches_back_to',
      text: `select $1::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) and not exists (
               select from private.fact_cursors where name = '${FORGOTTEN}' and (xid, id) > ($1::xid8, $2::bigint)) as reaches`,
      values: [...place],
    });
    return rows[0]?.reaches === true;
  }
}

const toFact = (row: Row): StoredFact => ({
  cursor: `${row.xid}-${row.id}`,
  organization: row.organization_id,
  type: row.type,
  subject: row.subject,
  payload: row.payload,
});
