import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { SessionRequired } from '../messages/messages.errors.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import type { CheckNumbers, NumberCheckResult } from './contacts.dto.ts';
import { IS_FRESH } from './number-checks.ts';

/** How long a request waits for WhatsApp's answer; the session's node asks on without it. */
const WAIT_MS = 3_000;
/** Covers a signal that was lost. */
const LOOK_AGAIN_MS = 1_000;

type Answer = NumberCheckResult['items'][number];

/** Whether numbers are on WhatsApp: what is known, and what is not is asked by the node that runs the session. */
@Injectable()
export class NumberCheckService {
  constructor(
    private readonly db: TenantDb,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** @throws SessionRequired | SessionNotFound */
  async check(organization: OrganizationId, { session_id, phone_numbers }: CheckNumbers): Promise<NumberCheckResult> {
    const phones = [...new Set<string>(phone_numbers)];
    const session = await this.senderOf(organization, session_id);
    let known = await this.known(organization, phones);
    const missing = phones.filter((phone) => !known.has(phone));
    if (missing.length > 0) {
      await this.request(organization, session.id, missing);
      if (session.isConnected) known = await this.wait(organization, session.id, phones);
    }
    const items = phones.map(
      (phone): Answer => known.get(phone) ?? { phone_number: phone, on_whatsapp: 'unknown', canonical: null },
    );
    return { items };
  }

  private async wait(
    organization: OrganizationId,
    session: string,
    phones: readonly string[],
  ): Promise<Map<string, Answer>> {
    const deadlineMs = this.clock.monotonicMs() + WAIT_MS;
    for (;;) {
      const pause = this.clock.pause(LOOK_AGAIN_MS);
      const leave = this.signals.on('numbers_checked', ({ session: checked }) => {
        if (checked === session) pause.end();
      });
      const known = await this.known(organization, phones);
      const isOver = known.size === phones.length || this.clock.monotonicMs() >= deadlineMs;
      if (!isOver) await pause.over;
      leave();
      pause.end();
      if (isOver) return known;
    }
  }

  private async senderOf(
    organization: OrganizationId,
    session: string | undefined,
  ): Promise<{ id: string; isConnected: boolean }> {
    const { rows } = await this.db.asTenantSql(organization, (sql) =>
      sql.query<{ id: string; is_connected: boolean }>(
        `select id, state = 'connected' as is_connected from sessions
          where deleted_at is null and case when $1::uuid is null then is_default else id = $1 end`,
        [session ?? null],
      ),
    );
    if (!rows[0]) throw session === undefined ? new SessionRequired() : new SessionNotFound(session);
    return { id: rows[0].id, isConnected: rows[0].is_connected };
  }

  private async known(organization: OrganizationId, phones: readonly string[]): Promise<Map<string, Answer>> {
    const { rows } = await this.db.asTenantSql(organization, (sql) =>
      sql.query<{ phone_number: string; canonical: string | null }>(
        `select k.phone_number, k.canonical from private.number_checks k where k.phone_number = any ($1) and ${IS_FRESH}`,
        [phones],
      ),
    );
    return new Map(
      rows.map(({ phone_number, canonical }) => [
        phone_number,
        { phone_number, canonical, on_whatsapp: canonical === null ? 'false' : 'true' },
      ]),
    );
  }

  private async request(organization: OrganizationId, session: string, phones: readonly string[]): Promise<void> {
    await this.db.asTenantSql(organization, (sql) =>
      sql.query(
        `insert into private.number_check_requests (organization_id, session_id, phone_number)
         select private.current_organization(), $1, phone from unnest($2::text[]) as phone on conflict do nothing`,
        [session, phones],
      ),
    );
    this.signals.send('number_checks', { session });
  }
}
