import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../kernel/clock.ts';
import {
  AuditEntryId,
  ConversationId,
  firstIdAt,
  MessageId,
  OrganizationId,
  SessionId,
  UserId,
} from '../../kernel/ids.ts';
import type { PageQuery } from '../../kernel/page.ts';
import { maskPhone } from '../../kernel/phone.ts';
import type { Sql } from '../../platform/database/sql.ts';
import type { SystemDb, SystemSql } from '../../platform/database/system-db.ts';
import { cutPage, decodeCursor, pageOf } from '../../platform/http/cursor.ts';
import type { AuditActorType, AuditEntryView } from '../audit/audit.dto.ts';
import { OrganizationNotFound } from '../auth/auth.errors.ts';
import type {
  ListOperatorOrganizations,
  OperatorConversationPage,
  OperatorMessage,
  OperatorMessagePage,
  OperatorNumber,
  OperatorOrganization,
  OperatorOrganizationDetail,
  OperatorOrganizationPage,
} from './operator.dto.ts';

const DAY_MS = 86_400_000;
/** Members, and numbers, that are shown of one organization. */
const SHOWN_MAX = 100;
const ENTRIES_MAX = 20;
/** What cursors of the list of all organizations are good for. */
const ALL = 'organizations';

type Row = {
  id: string;
  name: string;
  country: string;
  language: string;
  time_zone: string;
  created_at: Date;
  owner_email: string | null;
  members: number;
  numbers: Record<string, number>;
  messages: number;
  reason: string | null;
  suspended_at: Date | null;
};

/**
 * What is known of the organizations in `page`. Each count goes by an index that begins with the organization; messages by
 * their ids, which are in the order of time ($1 is the first that could be of the last day).
 */
const SUMMARY = `select o.id, o.name, o.country, o.language, o.time_zone, o.created_at, s.reason, s.suspended_at,
       (select u.email from memberships m join users u on u.id = m.user_id
         where m.organization_id = o.id and m.role = 'owner' order by m.created_at, m.user_id limit 1) as owner_email,
       (select count(*)::int from memberships m where m.organization_id = o.id) as members,
       (select coalesce(jsonb_object_agg(state, n), '{}') from (
          select state, count(*) as n from sessions where organization_id = o.id and deleted_at is null group by state) b) as numbers,
       (select count(*)::int from messages m where m.organization_id = o.id and m.id >= $1) as messages
  from page o left join private.organization_suspensions s on s.organization_id = o.id`;

const LIST = `with page as materialized (
    select o.* from organizations o
     where ($2::uuid is null or o.id < $2)
       and ($3::text is null or o.id::text = lower($3) or position(lower($3) in lower(o.name)) > 0
            or o.id in (select m.organization_id from memberships m join users u on u.id = m.user_id
                         where m.role = 'owner' and position(lower($3) in lower(u.email)) > 0))
       and (not $4::boolean or exists (select from private.organization_suspensions s where s.organization_id = o.id))
     order by o.id desc limit $5
  ) ${SUMMARY} order by o.id desc`;

const GET = `with page as (select * from organizations where id = $2) ${SUMMARY}`;

type NumberRow = Omit<OperatorNumber, 'state_since' | 'last_seen_at' | 'oldest_queued_at'> & {
  state_since: Date;
  last_seen_at: Date | null;
  oldest_queued_at: Date | null;
};

const NUMBERS = `select s.id, s.name, s.phone_number, s.state, s.reason, s.state_since, s.last_seen_at,
       coalesce(q.n, 0) as queued, q.oldest as oldest_queued_at
  from sessions s left join (
    select o.session_id, count(*)::int as n, min(m.created_at) as oldest
      from private.outbox o join messages m on m.organization_id = o.organization_id and m.id = o.message_id
     where o.organization_id = $1 group by o.session_id) q on q.session_id = s.id
 where s.organization_id = $1 and s.deleted_at is null order by s.id limit ${SHOWN_MAX}`;

type EntryRow = {
  id: string;
  time: Date;
  actor_type: AuditActorType;
  actor_id: string | null;
  actor_name: string;
  action: string;
  target_type: string;
  target_id: string;
  changes: AuditEntryView['changes'];
  address: string | null;
};

/** All SQL of whoever runs the installation that is about organizations; it sees every one, so each statement names which. */
@Injectable()
export class OperatorRepository {
  constructor(private readonly clock: Clock) {}

  /** The newest first; one statement, however many there are. */
  async list(sql: SystemDb, query: ListOperatorOrganizations): Promise<OperatorOrganizationPage> {
    const { search, suspended, cursor, limit } = query;
    const before = decodeCursor(ALL, z.tuple([z.uuid()]), cursor);
    const { rows } = await sql.query<Row>({
      name: 'operator.organizations',
      text: LIST,
      values: [this.dayAgo(), before?.[0] ?? null, search || null, suspended === 'true', limit + 1],
    });
    return pageOf(ALL, rows, limit, toSummary);
  }

  /** @throws OrganizationNotFound */
  async get(sql: SystemSql, organization: OrganizationId): Promise<OperatorOrganizationDetail> {
    const { rows } = await sql.query<Row>(GET, [this.dayAgo(), organization]);
    const [row] = rows;
    if (!row) throw notFound();
    return {
      ...toSummary(row),
      language: row.language,
      time_zone: row.time_zone,
      members: await this.members(sql, organization),
      numbers: await this.numbers(sql, organization),
      activity: await this.entries(sql, organization),
    };
  }

  /** @throws OrganizationNotFound */
  async nameOf(sql: Sql, organization: OrganizationId): Promise<string> {
    const { rows } = await sql.query<{ name: string }>('select name from organizations where id = $1', [organization]);
    if (!rows[0]) throw notFound();
    return rows[0].name;
  }

  /** Two who suspend at once come one after the other. @returns its name @throws OrganizationNotFound */
  async hold(sql: SystemSql, organization: OrganizationId): Promise<string> {
    await sql.query('select from organizations where id = $1 for no key update', [organization]);
    return this.nameOf(sql, organization);
  }

  /** @returns the reason that it was suspended for before; null when it was not */
  async suspend(sql: SystemSql, organization: OrganizationId, reason: string): Promise<string | null> {
    const { rows } = await sql.query<{ reason: string }>(
      'select reason from private.organization_suspensions where organization_id = $1',
      [organization],
    );
    await sql.query(
      `insert into private.organization_suspensions (organization_id, reason) values ($1, $2)
       on conflict (organization_id) do update set reason = excluded.reason`,
      [organization, reason],
    );
    return rows[0]?.reason ?? null;
  }

  /** @returns false when it was not suspended */
  async unsuspend(sql: SystemSql, organization: OrganizationId): Promise<boolean> {
    const { rowCount } = await sql.query('delete from private.organization_suspensions where organization_id = $1', [
      organization,
    ]);
    return (rowCount ?? 0) > 0;
  }

  /** Whether somebody's last look at it was a moment ago. */
  async hasLooked(sql: SystemSql, organization: OrganizationId, actor: string | null): Promise<boolean> {
    const { rowCount } = await sql.query(
      `select from private.audit_logs where organization_id = $1 and time > now() - interval '10 minutes'
         and actor_id = $2 and action = 'organization.looked_at' limit 1`,
      [organization, actor],
    );
    return (rowCount ?? 0) > 0;
  }

  async conversations(
    sql: SystemSql,
    organization: OrganizationId,
    page: PageQuery,
  ): Promise<OperatorConversationPage> {
    const before = decodeCursor(organization, z.tuple([z.iso.datetime(), z.uuid()]), page.cursor);
    const { rows } = await sql.query<{
      id: string;
      session: string;
      phone: string | null;
      is_group: boolean;
      last_message_at: Date;
    }>(
      `select v.id, s.name as session, c.phone_number as phone, v.group_id is not null as is_group, v.last_message_at
         from conversations v
         join sessions s on s.organization_id = $1 and s.id = v.session_id
         left join contacts c on c.organization_id = $1 and c.id = v.contact_id
        where v.organization_id = $1 and v.merged_into is null and ($2::timestamptz is null or (v.last_message_at, v.id) < ($2, $3::uuid))
        order by v.last_message_at desc, v.id desc limit $4`,
      [organization, before?.[0] ?? null, before?.[1] ?? null, page.limit + 1],
    );
    const { rows: shown, next } = cutPage(organization, rows, page.limit, (row) => [
      row.last_message_at.toISOString(),
      row.id,
    ]);
    return {
      items: shown.map(({ id, session, phone, is_group, last_message_at: at }) => ({
        id: ConversationId.parse(id),
        session_name: session,
        phone_number_masked: phone && maskPhone(phone),
        is_group,
        last_message_at: at.toISOString(),
      })),
      next_cursor: next,
    };
  }

  async hasConversation(sql: SystemSql, organization: OrganizationId, conversation: ConversationId): Promise<boolean> {
    const { rowCount } = await sql.query('select from conversations where organization_id = $1 and id = $2', [
      organization,
      conversation,
    ]);
    return (rowCount ?? 0) > 0;
  }

  async messages(
    sql: SystemSql,
    { organization, conversation }: { organization: OrganizationId; conversation: ConversationId },
    { cursor, limit }: PageQuery,
  ): Promise<OperatorMessagePage> {
    const before = decodeCursor(conversation, z.tuple([z.uuid()]), cursor);
    const { rows } = await sql.query<Omit<OperatorMessage, 'created_at'> & { created_at: Date }>(
      `select m.id, m.direction, m.type, m.text, d.file_name, m.status, m.created_at
         from messages m left join media d on d.organization_id = $1 and d.id = m.media_id
        where m.organization_id = $1 and m.conversation_id = $2 and ($3::uuid is null or m.id < $3)
        order by m.id desc limit $4`,
      [organization, conversation, before?.[0] ?? null, limit + 1],
    );
    return pageOf(conversation, rows, limit, (row) => ({
      ...row,
      id: MessageId.parse(row.id),
      created_at: row.created_at.toISOString(),
    }));
  }

  private async members(sql: SystemSql, organization: OrganizationId): Promise<OperatorOrganizationDetail['members']> {
    const { rows } = await sql.query<OperatorOrganizationDetail['members'][number]>(
      `select u.id, u.name, u.email, m.role from memberships m join users u on u.id = m.user_id
        where m.organization_id = $1 order by m.created_at, u.id limit ${SHOWN_MAX}`,
      [organization],
    );
    return rows.map((row) => ({ ...row, id: UserId.parse(row.id) }));
  }

  private async numbers(sql: SystemSql, organization: OrganizationId): Promise<OperatorNumber[]> {
    const { rows } = await sql.query<NumberRow>(NUMBERS, [organization]);
    return rows.map((row) => ({
      ...row,
      id: SessionId.parse(row.id),
      state_since: row.state_since.toISOString(),
      last_seen_at: row.last_seen_at?.toISOString() ?? null,
      oldest_queued_at: row.oldest_queued_at?.toISOString() ?? null,
    }));
  }

  private async entries(sql: SystemSql, organization: OrganizationId): Promise<AuditEntryView[]> {
    const { rows } = await sql.query<EntryRow>(
      `select id, time, actor_type, actor_id, actor_name, action, target_type, target_id, changes, host(address) as address
         from private.audit_logs where organization_id = $1 order by time desc, id desc limit ${ENTRIES_MAX}`,
      [organization],
    );
    return rows.map(toEntry);
  }

  private dayAgo(): string {
    return firstIdAt(new Date(this.clock.now().getTime() - DAY_MS));
  }
}

/** An entry of a log as the API shows it. */
export const toEntry = (row: EntryRow): AuditEntryView => ({
  id: AuditEntryId.parse(row.id),
  time: row.time.toISOString(),
  actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target: { type: row.target_type, id: row.target_id },
  changes: row.changes,
  address: row.address,
});

const notFound = () =>
  new OrganizationNotFound('Use the id of one of those that GET /api/operator/organizations lists.');

/** Every state, those that no number is in too. */
export const byState = (counts: Readonly<Record<string, number>>): OperatorOrganization['numbers_by_state'] => ({
  connected: counts['connected'] ?? 0,
  connecting: counts['connecting'] ?? 0,
  qr_pending: counts['qr_pending'] ?? 0,
  disconnected: counts['disconnected'] ?? 0,
  error: counts['error'] ?? 0,
});

const toSummary = (row: Row): OperatorOrganization => ({
  id: OrganizationId.parse(row.id),
  name: row.name,
  country: row.country,
  created_at: row.created_at.toISOString(),
  owner_email: row.owner_email,
  member_count: row.members,
  numbers_by_state: byState(row.numbers),
  messages_24h: row.messages,
  suspension:
    row.reason !== null && row.suspended_at
      ? { reason: row.reason, suspended_at: row.suspended_at.toISOString() }
      : null,
});
