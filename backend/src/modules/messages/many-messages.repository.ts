import { Injectable } from '@nestjs/common';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Actor } from '../auth/caller.ts';
import { ConversationNotFound } from '../conversations/conversations.errors.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { tellStatuses } from './messages.events.ts';
import { holdChats, requeue, retrierOf } from './requeue.ts';
import { RETRYABLE } from './retryable.ts';

/** Which messages; null: of all. */
export type Which = Readonly<{ session: string | null; conversation: string | null }>;

/** What one batch changed, by number. */
export type Changed = readonly Readonly<{ session: string; messages: number }>[];

const COUNTED = 'select session_id as session, count(*)::int as messages from changed group by 1';

/** Rows are locked in the order in which they are claimed. What somebody claims meanwhile is left to him. */
const CANCEL = `with waiting as (
    select o.message_id from private.outbox o
     where o.claimed_epoch is null and ($1::uuid is null or o.session_id = $1)
       and ($2::uuid is null or o.message_id in (select id from messages where conversation_id = $2 and status in ('queued', 'pending')))
     order by o.session_id, o.new_chat, o.send_after, o.priority, o.sequence limit $3 for update of o
  ), gone as (
    delete from private.outbox o using waiting w where o.message_id = w.message_id and o.claimed_epoch is null returning o.message_id
  ), changed as (
    update messages m set status = 'cancelled' from gone where m.id = gone.message_id and m.status in ('queued', 'pending')
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  ${COUNTED}`;

/** `$3` to `$4`; a batch of `$5`. */
const FAILED = `select m.id from messages m
     where ${RETRYABLE} and coalesce(m.failed_at, m.created_at) < $3
       and ($4::timestamptz is null or coalesce(m.failed_at, m.created_at) >= $4)
       and ($1::uuid is null or m.session_id = $1) and ($2::uuid is null or m.conversation_id = $2)
     order by m.id limit $5`;

const FAILED_ONES = { beside: 'failed', which: 'm.id = failed.id' };

const HOLD_CHATS = `with failed as (${FAILED}) ${holdChats(FAILED_ONES)}`;

const RETRY = `with failed as (${FAILED} for update), ${requeue({ ...FAILED_ONES, user: '$6', key: '$7' })},
  changed as (select session_id from again)
  ${COUNTED}`;

/** Changes messages a batch at a time, so that no statement holds up those who send. */
@Injectable()
export class ManyMessagesRepository {
  async cancel(sql: TenantSql, { session, conversation }: Which, limit: number): Promise<Changed> {
    const { rows } = await sql.query<Changed[number]>({
      name: 'many_messages.cancel',
      text: CANCEL,
      values: [session, conversation, limit],
    });
    return rows;
  }

  /** @param before what fails from then on has been tried again @param since null: whenever it failed */
  async retry(
    sql: TenantSql,
    { session, conversation }: Which,
    { before, since, limit, by }: { before: Date; since: Date | null; limit: number; by: Actor },
  ): Promise<Changed> {
    const batch = [session, conversation, before, since, limit];
    await sql.query({ name: 'many_messages.hold_chats', text: HOLD_CHATS, values: batch });
    const { rows } = await sql.query<Changed[number]>({
      name: 'many_messages.retry',
      text: RETRY,
      values: [...batch, ...retrierOf(by)],
    });
    return rows;
  }

  /** What is named is there and of this organization. @throws SessionNotFound | ConversationNotFound */
  async assertThere(sql: TenantSql, { session, conversation }: Which): Promise<void> {
    const { rows } = await sql.query<{ session: boolean; conversation: boolean }>(
      `select $1::uuid is null or exists (select from sessions where id = $1 and deleted_at is null) as session,
              $2::uuid is null or exists (select from conversations where id = $2) as conversation`,
      [session, conversation],
    );
    if (session !== null && !rows[0]?.session) throw new SessionNotFound(session);
    if (conversation !== null && !rows[0]?.conversation) throw new ConversationNotFound(conversation);
  }

  async now(sql: TenantSql): Promise<Date> {
    const { rows } = await sql.query<{ now: Date }>('select now() as now');
    return rows[0]?.now ?? new Date();
  }
}
