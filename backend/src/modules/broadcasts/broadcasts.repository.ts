import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import { digitsOf, literally } from '../contacts/contact-search.ts';
import type { JobCounts } from '../jobs/jobs.dto.ts';
import type { Recipient } from './audience.rules.ts';
import type { ListBroadcasts, ListRecipients } from './broadcasts.dto.ts';
import { BroadcastNotFound } from './broadcasts.errors.ts';
import type { BroadcastRow, RecipientRow } from './broadcasts.views.ts';

export type NewBroadcast = Readonly<{
  id: string;
  sessions: readonly string[];
  audience: unknown;
  content: unknown;
  variables: unknown;
  scheduledAt: string | null;
  expiresAt: string | null;
  duplicates: number;
}>;

const CREATE = `insert into broadcasts (organization_id, id, session_ids, audience, content, variables, scheduled_at, expires_at, duplicates)
  values (private.current_organization(), $1, $2, $3, $4, $5, $6, $7, $8)`;

const ADD = `insert into broadcast_recipients (organization_id, broadcast_id, id, contact_id, group_id, phone_number, lid, name, exclusion, detail, message_id)
  select private.current_organization(), $1, r.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[]) as r`;

const BROADCAST = `select b.id, j.name, j.state, j.total, j.counts, j.result, j.created_by, j.created_at, j.finished_at, b.session_ids, b.audience,
       b.content, b.variables, b.scheduled_at, b.expires_at, b.duplicates, coalesce(b.scheduled_at > now(), false) as is_ahead
  from broadcasts b join jobs j on j.id = b.id`;

const NUMBERS = `select m.session_id, m.status, count(*)::int as n, count(r.replied_at)::int as replied
    from broadcast_recipients r join messages m on m.organization_id = r.organization_id and m.id = r.message_id
   where r.broadcast_id = $1 group by 1, 2 order by 1`;

const EXCLUDED = `select exclusion, count(*)::int as count from broadcast_recipients
   where broadcast_id = $1 and exclusion is not null group by 1 order by 2 desc, 1`;

const RECIPIENTS = `select r.id, r.contact_id, g.jid as group_jid, r.name, r.phone_number, r.exclusion, r.detail, r.message_id, r.replied_at,
       m.session_id, m.status, m.error_code, m.text, m.sent_at, m.delivered_at, m.read_at, m.failed_at
  from broadcast_recipients r left join messages m on m.organization_id = r.organization_id and m.id = r.message_id
  left join groups g on g.id = r.group_id
 where r.broadcast_id = $1 and ($3::uuid is null or r.id > $3)
   and ($4::text is null or case $4 when 'excluded' then r.exclusion is not null when 'replied' then r.replied_at is not null else m.status = $4 end)
   and ($5::text is null or r.exclusion = $5) and ($6::uuid is null or m.session_id = $6)
   and ($7::text is null or r.name ilike '%' || $7 || '%' or $8::text <> '' and r.phone_number like '%' || $8 || '%')
 order by r.id limit $2`;

/** How many messages of a number are how far, and how many of their people wrote since. */
export type NumberRow = Readonly<{ session_id: string; status: keyof JobCounts; n: number; replied: number }>;

/** Broadcasts, and who is meant by them. How far they are is asked of their jobs and messages. */
@Injectable()
export class BroadcastsRepository {
  async create(sql: TenantSql, broadcast: NewBroadcast): Promise<void> {
    await sql.query(CREATE, [
      broadcast.id,
      broadcast.sessions,
      JSON.stringify(broadcast.audience),
      JSON.stringify(broadcast.content),
      JSON.stringify(broadcast.variables),
      broadcast.scheduledAt,
      broadcast.expiresAt,
      broadcast.duplicates,
    ]);
  }

  /** @param messages of those who are written to, in their order; of the rest none */
  async addRecipients(
    sql: TenantSql,
    broadcast: string,
    recipients: readonly Omit<Recipient, 'given' | 'chat' | 'group'>[],
    messages: readonly (string | null)[],
  ): Promise<void> {
    await sql.query(ADD, [
      broadcast,
      recipients.map(() => newId()),
      recipients.map(({ contact }) => contact?.root ?? null),
      recipients.map(({ into }) => into),
      recipients.map(({ phone }) => phone),
      recipients.map(({ lid }) => lid),
      recipients.map(({ name }) => name),
      recipients.map(({ exclusion }) => exclusion),
      recipients.map(({ detail }) => detail),
      messages,
    ]);
  }

  /** The newest first. */
  async list(sql: TenantSql, organization: OrganizationId, { cursor, limit }: ListBroadcasts) {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), cursor)?.[0] ?? null;
    const { rows } = await sql.query<BroadcastRow>(
      `${BROADCAST} where ($1::uuid is null or b.id < $1) order by b.id desc limit $2`,
      [before, limit + 1],
    );
    return cutPage(organization, rows, limit, ({ id }) => [id]);
  }

  /** @throws BroadcastNotFound */
  async get(sql: TenantSql, id: string): Promise<BroadcastRow> {
    const { rows } = await sql.query<BroadcastRow>(`${BROADCAST} where b.id = $1`, [id]);
    if (!rows[0]) throw new BroadcastNotFound(id);
    return rows[0];
  }

  /** As it is at this moment. */
  async numbers(sql: TenantSql, id: string): Promise<NumberRow[]> {
    return (await sql.query<NumberRow>(NUMBERS, [id])).rows;
  }

  async excluded(sql: TenantSql, id: string): Promise<{ exclusion: string; count: number }[]> {
    return (await sql.query<{ exclusion: string; count: number }>(EXCLUDED, [id])).rows;
  }

  /** In the order in which they are written to, and then those who are not. */
  async recipients(sql: TenantSql, id: string, { cursor, limit, ...filter }: ListRecipients) {
    const after = decodeCursor(id, z.tuple([z.uuid()]), cursor)?.[0] ?? null;
    const { state = null, exclusion = null, session_id: session = null, search } = filter;
    const { rows } = await sql.query<RecipientRow>({
      name: 'broadcasts.recipients',
      text: RECIPIENTS,
      values: [
        id,
        limit + 1,
        after,
        state,
        exclusion,
        session,
        search ? literally(search) : null,
        search ? digitsOf(search) : null,
      ],
    });
    return cutPage(id, rows, limit, (row) => [row.id]);
  }
}
