import { Injectable } from '@nestjs/common';
import type { Session as Row } from '../../generated/prisma/client.ts';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { TenantDb, type TenantSql, type TenantTx } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { AlertRaiser } from '../alerts/alert-raiser.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { changesBetween } from '../audit/changes.ts';
import { systemIn } from '../auth/caller.ts';
import { RETRYABLE } from '../messages/retryable.ts';
import type {
  QuietHours,
  SessionLink,
  SessionReason,
  SessionState,
  SessionStatement,
  StatementDay,
  UpdateSession,
} from './sessions.dto.ts';
import { SessionNotFound } from './sessions.errors.ts';
import { sessionStatus } from './sessions.events.ts';
import { shownProxy } from './proxy-url.ts';
import type { HealthRow } from './sessions.views.ts';
import { holdLease } from './hold-lease.ts';
import type { Lease } from './session-traffic.ts';

export type Intent = 'connect' | 'stop' | 'log_out' | 'delete';

export type Session = Readonly<Omit<Row, 'id' | 'organizationId' | 'state' | 'reason' | 'intent'>> &
  Readonly<{
    id: SessionId;
    organizationId: OrganizationId;
    state: SessionState;
    reason: SessionReason | null;
    intent: Intent;
  }>;

type Status = Pick<Session, 'state' | 'reason'>;

/** What a person shows to the phone; `qr_image` is made from `qr` when it is asked for. */
export type StoredLink = Omit<SessionLink, 'qr_image'>;

/** What the owner writes of a session's state; null leaves a column as it is. */
export type StateChange = Readonly<{
  state: SessionState;
  reason: SessionReason | null;
  attempts: number;
  account?: Readonly<{ jid: string; lid: string | null; phone: string | null; pushName: string | null }>;
  connectedSince?: Date | null;
  /** When something was last heard from WhatsApp. */
  seenAt?: Date;
  /** The request that has come to rest with this state. */
  settledVersion?: bigint;
  forgetAccount?: boolean;
  deleted?: boolean;
  /** Its line was found dead time and again, and was a moment ago. */
  silent?: boolean;
}>;

const COUNT_RECONNECT = `insert into session_days (organization_id, session_id, day, reconnects)
  select id, $1, (now() at time zone time_zone)::date, 1 from organizations
  on conflict (organization_id, session_id, day) do update set reconnects = session_days.reconnects + 1`;

/** Reasons that people know of, or that are no fault. */
const NO_FAULT: ReadonlySet<SessionReason> = new Set(['not_linked', 'qr_expired', 'stopped', 'disabled']);
const isFault = (state: SessionState, reason: SessionReason | null): boolean =>
  reason !== null && !NO_FAULT.has(reason) && !(reason === 'logged_out' && state === 'disconnected'); // unlinked here

const quietColumns = (quiet: QuietHours | null) => ({
  quietFrom: quiet?.from ?? null,
  quietTo: quiet?.to ?? null,
  quietTimeZone: quiet?.time_zone ?? null,
});

/** Of one moment and in one statement, however many messages there are. */
const HEALTH = `select s.state, s.reason, s.state_since, s.last_seen_at, s.last_error, s.last_error_at,
    s.quiet_from, s.quiet_to, s.quiet_time_zone, s.quiet_hours_of, s.new_chats_per_day, coalesce(s.linked_at, s.created_at) as linked_at,
    coalesce(d.new_chats, 0) as new_chats,
    (select count(*)::int from messages m where m.session_id = s.id and ${RETRYABLE}) as failed,
    (select m.sent_at from messages m where m.session_id = s.id and m.direction = 'inbound' order by m.id desc limit 1) as last_received_at,
    (select m.sent_at from messages m where m.session_id = s.id and m.direction = 'outbound' and m.sent_at is not null
      order by m.id desc limit 1) as last_sent_at,
    (select count(*)::int from private.outbox o where o.session_id = s.id) as queued,
    coalesce(d.reconnects, 0) as reconnects, coalesce(d.stored, 0) as stored,
    coalesce(d.received, 0) + (select count(*)::int from private.session_inbox i
      where i.session_id = s.id and i.inbound and i.stored_at is null
        and (i.received_at at time zone o.time_zone)::date = (now() at time zone o.time_zone)::date) as received
  from sessions s join organizations o on o.id = s.organization_id
  left join session_days d on d.organization_id = s.organization_id and d.session_id = s.id
        and d.day = (now() at time zone o.time_zone)::date
 where s.id = $1 and s.deleted_at is null`;

/** Days are counted as they happen, so that no message is looked at; what waits is in the inbox, which is empty at rest. */
const STATEMENT = `with zone as (select time_zone, (now() at time zone time_zone)::date as today from organizations),
  unstored as (
    select (received_at at time zone zone.time_zone)::date as day, count(*) filter (where set_aside_at is null)::int as waiting,
           count(*) filter (where set_aside_at is not null)::int as set_aside
      from private.session_inbox cross join zone where session_id = $1 and inbound and stored_at is null group by 1
  ),
  days as (select today - n as day from zone cross join generate_series(0, $2::int - 1) as n),
  counted as (select day, received, stored, reconnects from session_days where session_id = $1 and day > (select today from zone) - $2::int)
  select days.day::text, coalesce(received, 0) + coalesce(waiting, 0) + coalesce(set_aside, 0) as received, coalesce(stored, 0) as stored,
         coalesce(waiting, 0) as waiting, coalesce(set_aside, 0) as set_aside, coalesce(received - stored, 0) as repeated,
         coalesce(reconnects, 0) as reconnects
    from days left join counted using (day) left join unstored using (day) order by days.day desc`;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly facts: Facts,
    private readonly audit: AuditTrail,
    private readonly alerts: AlertRaiser,
  ) {}

  async list(tx: TenantTx): Promise<Session[]> {
    return (await tx.session.findMany({ where: { deletedAt: null }, orderBy: { id: 'asc' } })) as Session[];
  }

  /** @throws SessionNotFound */
  async get(tx: TenantTx, id: SessionId): Promise<Session> {
    const row = await tx.session.findFirst({ where: { id, deletedAt: null } });
    if (!row) throw new SessionNotFound(id);
    return row as Session;
  }

  /** Those of any organization, deleted ones too. */
  async ofAll(tx: SystemTx, of: readonly { organization: string; id: string }[]): Promise<Session[]> {
    const where = { OR: of.map(({ organization: organizationId, id }) => ({ organizationId, id })) };
    return (await tx.session.findMany({ where })) as Session[];
  }

  /** The number that sends which name none leave from. */
  async getDefault(tx: TenantTx): Promise<Session | null> {
    return (await tx.session.findFirst({ where: { isDefault: true, deletedAt: null } })) as Session | null;
  }

  /** Until the transaction ends, no other adds a number to the organization or chooses its default. */
  async holdOrganization(tx: TenantTx): Promise<void> {
    await tx.$queryRaw`select from organizations for no key update`;
  }

  /** Under `holdOrganization`: the first number is the default. */
  async create(
    tx: TenantTx,
    organization: OrganizationId,
    session: { id: SessionId; name: string; phoneNumber: string | null },
  ): Promise<Session> {
    const { id, name } = session;
    const isDefault = (await this.getDefault(tx)) === null;
    const row = await tx.session.create({
      data: { organizationId: organization, id, name, isDefault, intent: 'connect', intentVersion: 2n, reason: null },
    });
    await tx.sessionLease.create({ data: { organizationId: organization, sessionId: id } });
    await tx.sessionLink.create({
      data: { organizationId: organization, sessionId: id, phoneNumber: session.phoneNumber },
    });
    await this.facts.add(tx, sessionStatus(organization, id, { state: 'disconnected', reason: null }));
    return row as Session;
  }

  /** What waited for the day is looked at anew when other hours are decided. */
  async update(
    tx: TenantTx,
    session: Session,
    {
      name,
      enabled,
      auto_reconnect,
      is_default,
      reject_calls,
      reject_calls_text,
      quiet_hours,
      proxy_url,
      color,
      max_per_minute,
      mark_online,
      read_receipts,
      import_history,
      new_chats_per_day,
      quiet_hours_of,
    }: UpdateSession,
  ): Promise<Session> {
    if (is_default) {
      await this.holdOrganization(tx);
      await tx.session.updateMany({ where: { isDefault: true }, data: { isDefault: false } });
    }
    const row = await tx.session.update({
      where: { organizationId_id: { organizationId: session.organizationId, id: session.id } },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(auto_reconnect === undefined ? {} : { autoReconnect: auto_reconnect }),
        ...(is_default ? { isDefault: true } : {}),
        ...(reject_calls === undefined ? {} : { rejectCalls: reject_calls }),
        ...(reject_calls_text === undefined ? {} : { rejectCallsText: reject_calls_text }),
        ...(quiet_hours === undefined ? {} : quietColumns(quiet_hours)),
        ...(proxy_url === undefined
          ? {}
          : { proxy: proxy_url && shownProxy(proxy_url), proxyVersion: { increment: 1 } }),
        ...(color === undefined ? {} : { color }),
        ...(max_per_minute === undefined ? {} : { maxPerMinute: max_per_minute }),
        ...(mark_online === undefined ? {} : { markOnline: mark_online }),
        ...(read_receipts === undefined ? {} : { readReceipts: read_receipts }),
        ...(import_history === undefined ? {} : { importHistory: import_history }),
        ...(new_chats_per_day === undefined ? {} : { newChatsPerDay: new_chats_per_day }),
        ...(quiet_hours_of === undefined ? {} : { quietHoursOf: quiet_hours_of }),
        ...(enabled === undefined ? {} : { enabled, intentVersion: { increment: 1 } }),
      },
    });
    if (quiet_hours !== undefined || quiet_hours_of !== undefined)
      await tx.$executeRaw`update private.outbox set send_after = now() where session_id = ${session.id}::uuid and asleep`;
    return row as Session;
  }

  /** Writes down what a person wants; the owner works towards it. */
  async ask(tx: TenantTx, session: Session, intent: Intent, pairingPhone: string | null = null): Promise<Session> {
    const key = { organizationId: session.organizationId, id: session.id };
    const row = await tx.session.update({
      where: { organizationId_id: key },
      data: { intent, intentVersion: { increment: 1 } },
    });
    await tx.sessionLink.updateMany({
      where: { sessionId: session.id },
      data: { phoneNumber: pairingPhone, qr: null, qrExpiresAt: null, pairingCode: null },
    });
    return row as Session;
  }

  async link(tx: TenantTx, session: SessionId): Promise<StoredLink & { phone_number: string | null }> {
    const row = await tx.sessionLink.findFirst({ where: { sessionId: session } });
    return {
      qr: row?.qr ?? null,
      qr_expires_at: row?.qrExpiresAt?.toISOString() ?? null,
      pairing_code: row?.pairingCode ?? null,
      phone_number: row?.phoneNumber ?? null,
    };
  }

  /** @throws SessionNotFound */
  async health(sql: TenantSql, id: SessionId): Promise<HealthRow> {
    const { rows } = await sql.query<HealthRow>({ name: 'sessions.health', text: HEALTH, values: [id] });
    if (!rows[0]) throw new SessionNotFound(id);
    return rows[0];
  }

  /** The newest day first. @throws SessionNotFound */
  async statement(sql: TenantSql, id: SessionId, days: number): Promise<SessionStatement> {
    const { rows: found } = await sql.query<{ time_zone: string }>(
      'select time_zone from sessions s join organizations o on o.id = s.organization_id where s.id = $1 and deleted_at is null',
      [id],
    );
    if (!found[0]) throw new SessionNotFound(id);
    const { rows } = await sql.query<StatementDay>({ name: 'sessions.statement', text: STATEMENT, values: [id, days] });
    return { time_zone: found[0].time_zone, days: rows };
  }

  // What the owner writes: each statement holds the lease, so that a stale owner changes nothing.

  /** @throws SessionNotFound */
  async load(lease: Lease): Promise<Session & { pairingPhone: string | null }> {
    return this.db.asTenant(lease.organization, async (tx) => ({
      ...(await this.get(tx, lease.session)),
      pairingPhone: (await this.link(tx, lease.session)).phone_number,
    }));
  }

  /** Saves a state, and in the same transaction that it changed, and whom it alerts. @throws StaleLease */
  async saveState(lease: Lease, change: StateChange): Promise<void> {
    const alerted = await this.db.asTenantSql(lease.organization, async (sql) => {
      await holdLease(sql, lease);
      const {
        state,
        reason,
        attempts,
        account,
        connectedSince,
        settledVersion,
        forgetAccount = false,
        deleted = false,
        silent = false,
        seenAt,
      } = change;
      const { rows } = await sql.query<Status>(
        `with before as (select state, reason from sessions where id = $1)
         update sessions s set state = $2, reason = $3, attempts = $4, updated_at = now(),
            whatsapp_jid = case when $12 then null else coalesce($5, whatsapp_jid) end,
            whatsapp_lid = case when $12 then null else coalesce($6, whatsapp_lid) end,
            phone_number = case when $12 and $14 then null else coalesce($7, phone_number) end,
            linked_at = case when $7 is distinct from phone_number and $7 is not null then now() else linked_at end,
            push_name = coalesce($8, push_name),
            connected_since = case when $9 then $10::timestamptz else connected_since end,
            settled_version = coalesce($11, settled_version), last_seen_at = greatest($15, last_seen_at),
            is_default = is_default and not $13, deleted_at = case when $13 then now() end,
            state_since = case when (before.state, before.reason) is distinct from ($2, $3) then now() else state_since end,
            last_error = case when $16 then $3 else last_error end, last_error_at = case when $16 then now() else last_error_at end
         from before where s.id = $1
         returning before.state, before.reason`,
        [
          lease.session,
          state,
          reason,
          attempts,
          account?.jid ?? null,
          account?.lid ?? null,
          account?.phone ?? null,
          account?.pushName ?? null,
          connectedSince !== undefined,
          connectedSince ?? null,
          settledVersion ?? null,
          forgetAccount,
          deleted,
          deleted,
          seenAt ?? null,
          isFault(state, reason),
        ],
      );
      const [before] = rows;
      if (!before) return false;
      if (before.state !== 'connected' && state === 'connected' && attempts > 0)
        await sql.query(COUNT_RECONNECT, [lease.session]);
      const changed = before.state !== state || before.reason !== reason;
      if (changed) await this.tell(sql, lease, { state: before.state, reason: before.reason }, { state, reason });
      return (changed || deleted || silent) && this.alerts.follow(sql, lease, { state, reason, silent, deleted });
    });
    if (alerted) this.alerts.wake();
  }

  /** Resolves the alerts of numbers that are well again: few have any. */
  async settleAlerts(connected: readonly { lease: Lease; forMs: number }[]): Promise<void> {
    const alerted = await this.alerts.withAlerts(connected.map(({ lease }) => lease));
    for (const { lease, forMs } of connected.filter((one) => alerted.has(one.lease.session))) {
      const resolved = await this.db.asTenantSql(lease.organization, async (sql) => {
        await holdLease(sql, lease);
        return this.alerts.stayed(sql, lease, forMs);
      });
      if (resolved) this.alerts.wake();
    }
  }

  private async tell(sql: TenantSql, { organization, session }: Lease, before: Status, now: Status): Promise<void> {
    await this.facts.addSql(sql, sessionStatus(organization, session, now));
    await this.audit.addSql(sql, systemIn(organization), {
      action: 'session.status_changed',
      target: { type: 'session', id: session },
      changes: changesBetween(before, now),
    });
  }

  /** @throws StaleLease */
  async saveLink(lease: Lease, link: Partial<StoredLink>): Promise<void> {
    await this.db.asTenantSql(lease.organization, async (sql) => {
      await holdLease(sql, lease);
      await sql.query(
        'update private.session_links set qr = $2, qr_expires_at = $3, pairing_code = $4, updated_at = now() where session_id = $1',
        [lease.session, link.qr ?? null, link.qr_expires_at ?? null, link.pairing_code ?? null],
      );
    });
  }
}
