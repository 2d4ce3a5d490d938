import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import type { Actor } from '../auth/caller.ts';
import { tellStatuses } from '../messages/messages.events.ts';
import { holdChats, requeue, retrierOf } from '../messages/requeue.ts';
import type { JobState } from './jobs.dto.ts';

/** Messages in one statement. */
export const BATCH = 1_000;

/**
 * Some messages of a job that nobody has claimed, while the job is in the state that is asked for: whoever changes it waits
 * for this batch, and the next one finds another state.
 */
const next = (state: JobState, which: string) => `with job as (
    select from jobs where organization_id = $1 and id = $2 and state = '${state}' for share
  ), next as (
    select o.organization_id, o.message_id, m.scheduled_at, m.status from job, messages m
      join private.outbox o on o.organization_id = $1 and o.message_id = m.id
     where m.organization_id = $1 and m.job_id = $2 and o.claimed_epoch is null and ${which}
     order by m.id limit ${BATCH} for update of o skip locked
  )`;

const PAUSE = `${next('paused', `o.send_after < 'infinity'`)}
  update private.outbox o set send_after = 'infinity' from next
   where o.organization_id = next.organization_id and o.message_id = next.message_id`;

/** What was to leave at a time leaves then, or now when it has passed. */
const RESUME = `${next('running', `o.send_after = 'infinity'`)}, due as (
    update private.outbox o set due_since = now(), asleep = false,
           send_after = case when next.scheduled_at > now() then next.scheduled_at else '-infinity' end from next
     where o.organization_id = next.organization_id and o.message_id = next.message_id
    returning o.organization_id, o.message_id, o.send_after
  ), changed as (
    update messages m set status = 'queued' from due
     where m.organization_id = due.organization_id and m.id = due.message_id and m.status = 'pending' and due.send_after = '-infinity'
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  select from due`;

const CANCEL = `${next('cancelled', 'true')}, gone as (
    delete from private.outbox o using next
     where o.organization_id = next.organization_id and o.message_id = next.message_id
    returning o.organization_id, o.message_id
  ), changed as (
    update messages m set status = 'cancelled' from gone
     where m.organization_id = gone.organization_id and m.id = gone.message_id and m.status in ('queued', 'pending')
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  select from gone`;

const APPLY: Partial<Record<JobState, string>> = { paused: PAUSE, running: RESUME, cancelled: CANCEL };

const HOLD_CHATS = holdChats({ which: 'm.job_id = $1' });

/** Whoever changes the job's state waits meanwhile. */
const RETRY = `with job as (
    select id from jobs where id = $1 for update
  ), ${requeue({ beside: 'job', which: 'm.job_id = job.id', user: '$2', key: '$3' })}
  select count(*)::int as n from again`;

/** A message of a job, as its report says it. */
export type ReportRow = Readonly<{
  id: string;
  phone: string | null;
  name: string | null;
  text: string | null;
  status: string;
  error_code: string | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  failed_at: Date | null;
}>;

/** One row of conversations after the other: of what `coalesce` gives the planner knows nothing, and would read all of them. */
const REPORT = `select m.id, c.phone_number as phone, coalesce(c.name, c.push_name, g.subject) as name, m.text, m.status, m.error_code,
       m.sent_at, m.delivered_at, m.read_at, m.failed_at
  from messages m
  cross join lateral (
    select contact_id, group_id from conversations where organization_id = m.organization_id and id = coalesce(m.origin_conversation_id, m.conversation_id) limit 1) v
  left join contacts c on c.organization_id = m.organization_id and c.id = v.contact_id
  left join groups g on g.organization_id = m.organization_id and g.id = v.group_id
 where m.job_id = $1::uuid and m.job_id is not null and ($2::uuid is null or m.id > $2::uuid) order by m.id limit $3`;

/** The messages of a job, all at once. */
@Injectable()
export class JobMessagesRepository {
  constructor(private readonly system: SystemDb) {}

  /** Has a batch follow the state of its job. @returns how many; fewer than BATCH when there are no more */
  async apply(organization: OrganizationId, job: string, state: JobState): Promise<number> {
    const statement = APPLY[state];
    if (!statement) return 0;
    return (await this.system.query(statement, [organization, job])).rowCount ?? 0;
  }

  /** Of all that failed, at once: both the job and its messages go on, or neither does. @returns how many */
  async retryFailed(sql: TenantSql, job: string, by: Actor): Promise<number> {
    await sql.query(HOLD_CHATS, [job]);
    const { rows } = await sql.query<{ n: number }>(RETRY, [job, ...retrierOf(by)]);
    return rows[0]?.n ?? 0;
  }

  /** The numbers that something of it is to leave from. */
  async sessionsOf(sql: TenantSql, job: string): Promise<string[]> {
    const { rows } = await sql.query<{ session: string }>(
      `select distinct o.session_id as session from messages m
         join private.outbox o on o.organization_id = m.organization_id and o.message_id = m.id where m.job_id = $1`,
      [job],
    );
    return rows.map(({ session }) => session);
  }

  /** In the order in which they were given, after `after`. */
  report(tx: TenantTx, job: string, after: string | null, limit: number): Promise<ReportRow[]> {
    return tx.$queryRawUnsafe<ReportRow[]>(REPORT, job, after, limit);
  }
}
