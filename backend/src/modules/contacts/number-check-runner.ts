import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { LOOK_UP_MAX, type OpenSession } from '../sessions/session-traffic.ts';
import { NumberChecks } from './number-checks.ts';

/** Covers a signal that was lost. */
const SWEEP_MS = 15_000;
/** Who asked so long ago does not wait any more. */
const STALE_HOURS = 24;

/**
 * Asks WhatsApp what people and programs want to know of numbers, from the sessions that are open here, some at a time and at
 * the pace of their messages. What is asked for stands in rows, so it is answered whichever node runs the session, and when.
 */
@Injectable()
export class NumberCheckRunner implements OnApplicationBootstrap {
  private readonly log = new Logger(NumberCheckRunner.name);
  private readonly open = new Map<string, { session: OpenSession; running: boolean; woken: boolean }>();

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly signals: Signals,
    private readonly db: TenantDb,
    private readonly checks: NumberChecks,
  ) {}

  onApplicationBootstrap(): void {
    this.signals.on('number_checks', ({ session }) => this.wake(session));
  }

  /** A connection is up: what waits for it is asked, until it is over. */
  opened(session: OpenSession): void {
    const { lease, closed } = session;
    this.open.set(lease.session, { session, running: false, woken: false });
    let cancel = (): void => undefined;
    const sweep = () => {
      this.wake(lease.session);
      cancel = this.clock.setTimeout(sweep, SWEEP_MS);
    };
    closed.addEventListener('abort', () => {
      cancel();
      if (this.open.get(lease.session)?.session === session) this.open.delete(lease.session);
    });
    if (!closed.aborted) sweep();
  }

  private wake(id: string): void {
    const one = this.open.get(id);
    if (!one) return;
    one.woken = true;
    if (one.running) return;
    one.running = true;
    void this.run(one)
      .catch((error: unknown) => {
        if (!one.session.closed.aborted) this.log.warn({ session: id, error: String(error) }, 'numbers not checked');
      })
      .finally(() => (one.running = false));
  }

  private async run(one: { session: OpenSession; woken: boolean }): Promise<void> {
    while (one.woken && one.session.mayAct()) {
      one.woken = false;
      for (let phones = await this.next(one.session); phones.length > 0; phones = await this.next(one.session)) {
        await this.checks.ask(one.session, phones);
        await this.answered(one.session, phones);
        await this.clock.pause(this.config.outbox.minGapMs).over;
      }
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
