import { Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.ts';
import { SystemDb } from '../database/system-db.ts';
import type { Signals } from '../signals/signals.ts';

/** A place in the log of facts. Opaque outside of this folder: a transaction id and a number, `<xid>-<id>`. */
export type FactCursor = string;

/** A fact as it is read. */
export type StoredFact = Readonly<{
  cursor: FactCursor;
  organization: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
}>;

type Row = {
  xid: string;
  id: string;
  organization_id: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
};

const BATCH_MAX = 500;
const CURSOR = /^(\d{1,20})-(\d{1,19})$/;

/** Below this nothing can appear any more: every transaction with a smaller id has ended. */
const SETTLED = 'facts.xid < pg_snapshot_xmin(pg_current_snapshot())';
const COLUMNS = 'facts.xid::text as xid, id, organization_id, type, subject, payload';

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

  async after(cursor: FactCursor, limit = BATCH_MAX): Promise<StoredFact[]> {
    const { rows } = await this.system.query<Row>({
      name: 'facts.after',
      text: `select ${COLUMNS} from private.facts where (facts.xid, id) > ($1::xid8, $2::bigint) and ${SETTLED}
              order by facts.xid, id limit $3`,
      values: [...parse(cursor), limit],
    });
    return rows.map(toFact);
  }

  /** @returns null when there is more than `limit`, or the cursor is none: whoever asks reads everything again */
  async ofOrganizationAfter(organization: string, cursor: FactCursor, limit: number): Promise<StoredFact[] | null> {
    if (!CURSOR.test(cursor)) return null;
    const { rows } = await this.system.query<Row>({
      name: 'facts.of_organization',
      text: `select ${COLUMNS} from private.facts where (facts.xid, id) > ($1::xid8, $2::bigint) and organization_id = $3 and ${SETTLED}
              order by facts.xid, id limit $4`,
      values: [...parse(cursor), organization, limit + 1],
    });
    return rows.length > limit ? null : rows.map(toFact);
  }

  /** Makes the partitions of the next days and drops those that end before `keepFrom`. */
  async maintain(keepFrom: Date): Promise<void> {
    await this.system.query('select private.maintain_facts($1)', [keepFrom]);
  }
}

const parse = (cursor: FactCursor): [string, string] => {
  const [, xid = '0', id = '0'] = CURSOR.exec(cursor) ?? [];
  return [xid, id];
};

/** True when `a` is a later place than `b`. */
export function isAfter(a: FactCursor, b: FactCursor): boolean {
  const [[xidA, idA], [xidB, idB]] = [parse(a), parse(b)];
  return BigInt(xidA) === BigInt(xidB) ? BigInt(idA) > BigInt(idB) : BigInt(xidA) > BigInt(xidB);
}

const toFact = (row: Row): StoredFact => ({
  cursor: `${row.xid}-${row.id}`,
  organization: row.organization_id,
  type: row.type,
  subject: row.subject,
  payload: row.payload,
});

/** Covers a signal that was lost. */
const SWEEP_MS = 2_000;

/** Hands every fact from a cursor on to `handle`, in order, one batch at a time. */
export class FactsFollower {
  private readonly log = new Logger(FactsFollower.name);
  private running: Promise<void> | undefined;
  private woken = false;
  private stopped = false;
  private cancelSweep: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly facts: FactLog,
    private readonly signals: Signals,
    private readonly clock: Clock,
    private cursor: FactCursor,
    private readonly handle: (facts: readonly StoredFact[]) => Promise<void> | void,
  ) {}

  start(): void {
    this.unsubscribe = this.signals.on('facts', () => this.wake());
    this.sweep();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe?.();
    this.cancelSweep?.();
    await this.running;
  }

  private sweep(): void {
    if (this.stopped) return;
    this.wake();
    this.cancelSweep = this.clock.setTimeout(() => this.sweep(), SWEEP_MS);
  }

  private wake(): void {
    this.woken = true;
    if (!this.stopped) this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && !this.stopped) {
        this.woken = false;
        for (
          let batch = await this.facts.after(this.cursor);
          batch.length > 0;
          batch = await this.facts.after(this.cursor)
        ) {
          await this.handle(batch);
          this.cursor = batch.at(-1)?.cursor ?? this.cursor;
        }
      }
    } catch (error) {
      this.log.warn({ error: String(error) }, 'facts not read; the sweep tries again');
    }
  }
}
