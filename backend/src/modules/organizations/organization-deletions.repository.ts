import { Injectable } from '@nestjs/common';
import { OrganizationId, UserId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { memberRemoved } from '../members/members.events.ts';

/** Rows in one statement: a few hundred milliseconds, so that nobody waits for it. */
const BATCH = 5_000;

/** Everything that may be many, in an order in which nothing refers to what is gone. The rest goes with the organization. */
const LARGE = [
  'broadcast_recipients',
  'private.outbox',
  'private.reads',
  'messages',
  'conversations',
  'contact_list_members',
  'contact_tags',
  'contact_days',
  'private.contact_evidence',
  'private.contact_merges',
  'private.number_checks',
  'contacts',
  'automation_runs',
  'notifications',
  'private.automation_events',
  'templates',
  'media',
  'private.session_inbox',
  'private.session_keys',
  'private.parked_receipts',
  'private.parked_group_receipts',
  'private.idempotency_keys',
  'private.import_rows',
  'private.mails',
  'private.webhook_events',
] as const;

/** `endedAt` is null while its members are still there. */
export type DueDeletion = Readonly<{
  organization: OrganizationId;
  ended: boolean;
  settled: boolean;
  overdue: boolean;
}>;

/** Deleting for good, as the system: members who could see the rows there are none any more. */
@Injectable()
export class OrganizationDeletionsRepository {
  constructor(
    private readonly system: SystemDb,
    private readonly facts: Facts,
  ) {}

  /** Those whose time has come and that are not done; whether they ended for so long (on the database's clock). */
  async due(settledAfterMs: number, overdueAfterMs: number): Promise<DueDeletion[]> {
    const { rows } = await this.system.query<{ id: string; ended: boolean; settled: boolean; overdue: boolean }>(
      `select organization_id as id, ended_at is not null as ended,
              coalesce(ended_at < now() - $1::float8 * interval '1 ms', false) as settled,
              coalesce(ended_at < now() - $2::float8 * interval '1 ms', false) as overdue
         from private.organization_deletions where completed_at is null and due_at <= now() order by due_at limit 20`,
      [settledAfterMs, overdueAfterMs],
    );
    return rows.map(({ id, ...row }) => ({ organization: OrganizationId.parse(id), ...row }));
  }

  /** Puts its members out: from now on nobody takes it back. @returns false when somebody just did */
  async end(organization: OrganizationId): Promise<boolean> {
    return this.system.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `with held as (select from organizations where id = $1 for no key update)
         update private.organization_deletions set ended_at = now()
          where organization_id = $1 and ended_at is null and due_at <= now() and (select count(*) from held) = 1`,
        [organization],
      );
      if (rowCount === 0) return false;
      const { rows } = await sql.query<{ user_id: string }>(
        'delete from memberships where organization_id = $1 returning user_id',
        [organization],
      );
      await this.facts.addSql(sql, ...rows.map((row) => memberRemoved(organization, UserId.parse(row.user_id))));
      return true;
    });
  }

  /** Asks for its numbers to be deleted, also for those that a request added that was under way. @returns who is to look again */
  async unlink(organization: OrganizationId): Promise<string[]> {
    const { rows } = await this.system.query<{ id: string }>(
      `update sessions set intent = 'delete', intent_version = intent_version + 1
        where organization_id = $1 and deleted_at is null and intent <> 'delete' returning id`,
      [organization],
    );
    return rows.map(({ id }) => id);
  }

  /** How many numbers are not unlinked yet. */
  async numbersLeft(organization: OrganizationId): Promise<number> {
    const { rows } = await this.system.query<{ left: number }>(
      'select count(*)::int as left from sessions where organization_id = $1 and deleted_at is null',
      [organization],
    );
    return rows[0]?.left ?? 0;
  }

  /** Whoever still runs a number of it writes nothing more, and nobody takes it over. */
  async endLeases(organization: OrganizationId): Promise<void> {
    await this.system.query(
      `update private.session_leases set owner_node = null, epoch = epoch + 1, expires_at = 'infinity'
        where organization_id = $1 and expires_at <> 'infinity'`,
      [organization],
    );
  }

  /** Takes everything away that may be much, a batch at a time; what is gone is not looked for again after a crash. */
  async empty(organization: OrganizationId): Promise<void> {
    for (const table of LARGE) {
      let gone: number | null;
      do {
        ({ rowCount: gone } = await this.system.query(
          `delete from ${table} where organization_id = $1
              and ctid = any (array(select ctid from ${table} where organization_id = $1 limit ${BATCH}))`,
          [organization],
        ));
      } while (gone === BATCH);
    }
  }

  /** The organization itself, with what was added to it in the last moment; there is nothing to undo afterwards. */
  async remove(organization: OrganizationId): Promise<void> {
    await this.system.transaction(async (sql) => {
      await sql.query(`set local statement_timeout = '10min'`); // a long audit log goes in one piece
      await sql.query('select from organizations where id = $1 for update', [organization]);
      await sql.query('delete from organizations where id = $1', [organization]);
      await sql.query('delete from private.facts where organization_id = $1', [organization]);
    });
  }

  async complete(organization: OrganizationId): Promise<void> {
    await this.system.query(
      'update private.organization_deletions set completed_at = now() where organization_id = $1 and completed_at is null',
      [organization],
    );
  }
}
