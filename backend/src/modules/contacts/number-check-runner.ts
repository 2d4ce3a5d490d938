import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { dueOf, SessionLines } from '../sessions/session-lines.ts';
import { LOOK_UP_MAX, type OpenSession } from '../sessions/session-traffic.ts';
import { NumberChecks } from './number-checks.ts';

/** Who asked so long ago does not wait any more. */
const STALE_HOURS = 24;

const DUE =
  'select distinct session_id from mine join private.number_check_requests using (organization_id, session_id)';

/**
 * Asks WhatsApp what people and programs want to know of numbers, from the sessions that are open here, some at a time and at
 * the pace of their messages. What is asked for stands in rows, so it is answered whichever node runs the session, and when.
 */
@Injectable()
export class NumberCheckRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(NumberCheckRunner.name);
  private readonly lines: SessionLines<OpenSession>;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly db: TenantDb,
    private readonly checks: NumberChecks,
    system: SystemDb,
  ) {
    this.lines = new SessionLines(clock, {
      work: (session) => this.ask(session),
      due: (leases) => dueOf(system, DUE, leases),
      failed: (session, error) => this.log.warn({ session, error: String(error) }, 'numbers not checked'),
    });
  }

  onApplicationBootstrap(): void {
    this.signals.on('number_checks', ({ session }) => this.lines.wake(session));
    this.lines.start();
  }

  onApplicationShutdown(): void {
    this.lines.stop();
  }

  /** A connection is up: what waits for it is asked, until it is over. */
  opened(session: OpenSession): void {
    this.lines.opened(session);
  }

  private async ask(session: OpenSession): Promise<void> {
    while (session.mayAct()) {
      const phones = await this.next(session);
      if (phones.length === 0) return;
      await this.checks.ask(session, phones);
      await this.answered(session, phones);
      await this.clock.pause(this.config.outbox.minGapMs).over;
    }
  }

  private async next({ lease }: OpenSession): Promise<string[]> {
    return this.db.asTenantSql(lease.organization, async (sql) => {
      await sql.query(
        `delete from private.number_check_requests where session_id = $1 and requested_at < now() - interval '${STALE_HOURS} hours'`,
        [lease.session],
      );
      const { rows } = await sql.query<{ phone_number: string }>(
        'select phone_number from private.number_check_requests where session_id = $1 order by requested_at, phone_number limit $2',
        [lease.session, LOOK_UP_MAX],
      );
      return rows.map((row) => row.phone_number);
    });
  }

  private async answered({ lease }: OpenSession, phones: readonly string[]): Promise<void> {
    await this.db.asTenantSql(lease.organization, (sql) =>
      sql.query('delete from private.number_check_requests where session_id = $1 and phone_number = any ($2)', [
        lease.session,
        phones,
      ]),
    );
    this.signals.send('numbers_checked', { session: lease.session });
  }
}
