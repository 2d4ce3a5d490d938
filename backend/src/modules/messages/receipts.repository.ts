import { Injectable } from '@nestjs/common';
import { GroupCommit } from '../../platform/database/group-commit.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import type { IncomingReceipt, Lease } from '../sessions/session-traffic.ts';
import { tellStatuses } from './messages.events.ts';

type Receipts = Readonly<{ lease: Lease; receipts: readonly IncomingReceipt[] }>;

/** Sessions whose receipts are written by one statement; each hands over a hundred at most. */
const SESSIONS_MAX = 50;

/**
 * Applies `held` (organization_id, session_id, whatsapp_message_id, status, at). A later status never gives way to an earlier
 * one; every time is kept. Messages are locked in one order, as everywhere.
 */
const APPLY = `said as (
    select organization_id, session_id, whatsapp_message_id, max(private.status_rank(status)) as rank, min(at) as delivered_at,
           min(at) filter (where status in ('read', 'played')) as read_at, min(at) filter (where status = 'played') as played_at
      from held group by organization_id, session_id, whatsapp_message_id
  ), known as (
    select m.id, m.status as before, said.* from said join messages m using (organization_id, session_id, whatsapp_message_id)
     where m.direction = 'outbound' order by m.id for update of m
  ), changed as (
    update messages m
       set status = case when private.status_rank(m.status) < known.rank then (array['sent', 'delivered', 'read', 'played'])[known.rank - private.status_rank('sent') + 1] else m.status end,
           delivered_at = coalesce(m.delivered_at, known.delivered_at), read_at = coalesce(m.read_at, known.read_at),
           played_at = coalesce(m.played_at, known.played_at), error_code = null, failed_at = null
      from known where m.organization_id = known.organization_id and m.id = known.id
    returning m.organization_id, m.id, m.conversation_id, coalesce(m.origin_conversation_id, m.conversation_id) as home, m.session_id, m.status, known.before
  ), arrived as (
    delete from private.outbox o using changed
     where o.organization_id = changed.organization_id and o.message_id = changed.id
  ), fresh as (
    select v.organization_id, v.id from conversations v join (select distinct organization_id, home as id from changed) c
     using (organization_id, id) where not v.established order by v.id for no key update of v
  ), established as (
    update conversations v set established = true from fresh where v.organization_id = fresh.organization_id and v.id = fresh.id
  ), told as (${tellStatuses('changed where status <> before')})`;

/** Receipts of many sessions, each fenced. Those of messages that are not known yet are parked; their inbox rows go. */
const STORE = `with asked as (
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as a (organization_id, session_id, epoch, n)
  ), lease as (
    select asked.* from asked join private.session_leases l on l.session_id = asked.session_id and l.epoch = asked.epoch
     order by l.session_id for key share of l
  ), held as (
    select lease.organization_id, lease.session_id, r.whatsapp_message_id, r.status, r.at
      from unnest($4::int[], $5::text[], $6::text[], $7::timestamptz[]) as r (n, whatsapp_message_id, status, at) join lease using (n)
  ), ${APPLY}, parked as (
    insert into private.parked_receipts (organization_id, session_id, whatsapp_message_id, status, at)
    select organization_id, session_id, whatsapp_message_id, status, at from held
     where not exists (select from known where known.organization_id = held.organization_id and known.session_id = held.session_id
                          and known.whatsapp_message_id = held.whatsapp_message_id)
    on conflict do nothing
  ), settled as (
    delete from private.session_inbox i using lease, unnest($8::int[], $9::text[]) as gone (n, id)
     where gone.n = lease.n and i.organization_id = lease.organization_id and i.session_id = lease.session_id and i.id = gone.id
  )
  select n::int as n from lease`;

const APPLY_PARKED = `with held as (
    select private.current_organization() as organization_id, $1::uuid as session_id, *
      from unnest($2::text[], $3::text[], $4::timestamptz[]) as r (whatsapp_message_id, status, at)
  ), ${APPLY} select from changed`;

/** What somebody's device said became of our messages. */
@Injectable()
export class ReceiptsRepository {
  private readonly receipts = new GroupCommit((batch: readonly Receipts[]) => this.storeAll(batch), SESSIONS_MAX);

  constructor(private readonly system: SystemDb) {}

  /** @throws StaleLease */
  async store(lease: Lease, receipts: readonly IncomingReceipt[]): Promise<void> {
    if (!(await this.receipts.submit({ lease, receipts }))) throw new StaleLease(lease.session);
  }

  private async storeAll(batch: readonly Receipts[]): Promise<boolean[]> {
    const said = batch.flatMap(({ receipts }, index) =>
      receipts.flatMap(({ whatsappMessageIds, status, at }) =>
        whatsappMessageIds.map((id) => ({ n: index + 1, id, status, at })),
      ),
    );
    const inbox = batch.flatMap(({ receipts }, index) => receipts.map(({ inboxId }) => ({ n: index + 1, inboxId })));
    const { rows } = await this.system.query<{ n: number }>({
      name: 'receipts.store',
      text: STORE,
      values: [
        batch.map(({ lease }) => lease.organization),
        batch.map(({ lease }) => lease.session),
        batch.map(({ lease }) => lease.epoch),
        said.map(({ n }) => n),
        said.map(({ id }) => id),
        said.map(({ status }) => status),
        said.map(({ at }) => at),
        inbox.map(({ n }) => n),
        inbox.map(({ inboxId }) => inboxId),
      ],
    });
    const held = new Set(rows.map(({ n }) => n));
    return batch.map((_, index) => held.has(index + 1));
  }
}

/** Receipts that waited for a message which the tenant's transaction has just stored. */
export async function applyReceipts(
  sql: TenantSql,
  lease: Lease,
  said: readonly { id: string; status: string; at: Date }[],
): Promise<void> {
  await sql.query({
    name: 'receipts.apply_parked',
    text: APPLY_PARKED,
    values: [lease.session, said.map((r) => r.id), said.map((r) => r.status), said.map((r) => r.at)],
  });
}
