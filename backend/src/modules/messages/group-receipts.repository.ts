import { Injectable } from '@nestjs/common';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { writersIn } from '../groups/group-chats.ts';
import { holdLease } from '../sessions/hold-lease.ts';
import type { IncomingReceipt, Lease } from '../sessions/session-traffic.ts';
import { tellStatuses } from './messages.events.ts';

/** A receipt of a group's person. */
export type GroupReceipt = IncomingReceipt & Readonly<{ reader: NonNullable<IncomingReceipt['reader']> }>;

/** What each person's devices said of each message in `said` (whatsapp_message_id, participant_id, status, at); none of our own. */
const KEEP = `told as (
    select whatsapp_message_id, participant_id, min(at) as delivered_at, min(at) filter (where status in ('read', 'played')) as read_at,
           min(at) filter (where status = 'played') as played_at
      from said where participant_id not in (select participant_id from group_sessions where session_id = $1 and participant_id is not null)
     group by 1, 2
  ), known as (
    select m.id, told.* from told join messages m on m.session_id = $1 and m.whatsapp_message_id = told.whatsapp_message_id
     where m.direction = 'outbound'
  ), kept as (
    insert into message_receipts as r (organization_id, message_id, participant_id, delivered_at, read_at, played_at)
    select private.current_organization(), id, participant_id, delivered_at, read_at, played_at from known order by id, participant_id
    on conflict (organization_id, message_id, participant_id) do update
       set delivered_at = least(r.delivered_at, excluded.delivered_at), read_at = least(r.read_at, excluded.read_at),
           played_at = least(r.played_at, excluded.played_at)
  )`;

const STORE = `with said as (
    select * from unnest($2::text[], $3::uuid[], $4::text[], $5::timestamptz[]) as r (whatsapp_message_id, participant_id, status, at)
  ), ${KEEP}, parked as (
    insert into private.parked_group_receipts (organization_id, session_id, whatsapp_message_id, participant_id, status, at)
    select distinct on (whatsapp_message_id, participant_id, status) private.current_organization(), $1, whatsapp_message_id, participant_id, status, at
      from said where not exists (select from known where known.whatsapp_message_id = said.whatsapp_message_id)
       and participant_id in (select participant_id from told)
     order by whatsapp_message_id, participant_id, status, at
    on conflict do nothing
  ), settled as (
    delete from private.session_inbox where session_id = $1 and id = any ($6)
  )
  select distinct id from known`;

const UNPARK = `with said as (
    delete from private.parked_group_receipts where session_id = $1 and (whatsapp_message_id = any ($2) or created_at < now() - make_interval(mins => $3))
    returning whatsapp_message_id, participant_id, status, at
  ), ${KEEP} select distinct id from known`;

/**
 * A message is as far as it is with the last of those it went to: delivered when all have it, read when all have read it. That
 * anybody has it says that it has left.
 */
const SETTLE = `with held as (
    select id, status as before, recipients from messages where id = any ($1) order by id for update
  ), counted as (
    select r.message_id as id, count(*) as delivered, count(read_at) as read, count(played_at) as played,
           max(delivered_at) as delivered_at, max(read_at) as read_at, max(played_at) as played_at
      from message_receipts r where r.message_id = any ($1) group by 1
  ), reached as (
    select held.id, held.before, c.delivered_at, c.read_at, c.played_at,
           case when held.recipients > 0 and c.played >= held.recipients then 'played' when held.recipients > 0 and c.read >= held.recipients then 'read'
                when held.recipients > 0 and c.delivered >= held.recipients then 'delivered' else 'sent' end as status
      from held join counted c using (id)
  ), changed as (
    update messages m
       set status = case when private.status_rank(m.status) < private.status_rank(r.status) then r.status else m.status end,
           delivered_at = coalesce(m.delivered_at, case when r.status <> 'sent' then r.delivered_at end),
           read_at = coalesce(m.read_at, case when r.status in ('read', 'played') then r.read_at end),
           played_at = coalesce(m.played_at, case when r.status = 'played' then r.played_at end), error_code = null, failed_at = null
      from reached r where m.id = r.id
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status, r.before
  ), arrived as (
    delete from private.outbox o using changed where o.message_id = changed.id
  ), told as (${tellStatuses('changed where status <> before')})
  select from changed`;

/** What devices of a group's people said became of our messages. */
@Injectable()
export class GroupReceiptsRepository {
  constructor(private readonly db: TenantDb) {}

  /** @throws StaleLease */
  async store(lease: Lease, receipts: readonly GroupReceipt[]): Promise<void> {
    await this.db.asTenantSql(lease.organization, async (sql) => {
      await holdLease(sql, lease);
      const { participants } = await writersIn(
        sql,
        receipts.map(({ reader }) => reader),
      );
      const said = receipts.flatMap(({ whatsappMessageIds, status, at }, n) =>
        whatsappMessageIds.map((id) => ({ id, participant: participants[n], status, at })),
      );
      const { rows } = await sql.query<{ id: string }>({
        name: 'receipts.store_group',
        text: STORE,
        values: [
          lease.session,
          said.map(({ id }) => id),
          said.map(({ participant }) => participant),
          said.map(({ status }) => status),
          said.map(({ at }) => at),
          receipts.map(({ inboxId }) => inboxId),
        ],
      });
      await settle(sql, rows);
    });
  }
}

/** Receipts that waited for messages which the tenant's transaction has just stored, and those that wait too long. */
export async function applyParkedGroupReceipts(
  sql: TenantSql,
  lease: Lease,
  whatsappMessageIds: readonly string[],
  parkedMinutes: number,
): Promise<void> {
  const { rows } = await sql.query<{ id: string }>(UNPARK, [lease.session, whatsappMessageIds, parkedMinutes]);
  await settle(sql, rows);
}

async function settle(sql: TenantSql, messages: readonly { id: string }[]): Promise<void> {
  if (messages.length === 0) return;
  await sql.query({ name: 'receipts.settle_group', text: SETTLE, values: [messages.map(({ id }) => id)] });
}
