import { Injectable } from '@nestjs/common';
import { SystemDb } from '../../platform/database/system-db.ts';
import { tellStatuses } from './messages.events.ts';

/** Times that have come, of all numbers: a scheduled message is queued, one that is tried again is due. */
const COME = `with come as (
    select organization_id, message_id from private.outbox where send_after > '-infinity' and send_after <= now()
     order by send_after limit $1 for update skip locked
  ), due as (
    update private.outbox o set send_after = '-infinity', asleep = false, due_since = now() from come
     where o.organization_id = come.organization_id and o.message_id = come.message_id
    returning o.organization_id, o.message_id, o.session_id
  ), changed as (
    update messages m set status = 'queued' from due
     where m.organization_id = due.organization_id and m.id = due.message_id and m.status = 'pending'
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  select organization_id, session_id, count(*)::int as n from due group by 1, 2`;

/** What was not claimed before it expired, of all numbers. */
const EXPIRED = `with late as (
    select organization_id, message_id from private.outbox where expires_at < now() and claimed_epoch is null
     order by expires_at limit $1 for update skip locked
  ), gone as (
    delete from private.outbox o using late
     where o.organization_id = late.organization_id and o.message_id = late.message_id returning o.organization_id, o.message_id
  ), changed as (
    update messages m set status = 'failed', error_code = 'expired', failed_at = now() from gone
     where m.organization_id = gone.organization_id and m.id = gone.message_id
       and private.status_rank(m.status) < private.status_rank('failed')
    returning m.organization_id, m.id, m.conversation_id, m.session_id, m.status
  ), told as (${tellStatuses('changed')})
  select organization_id, count(*)::int as n from gone group by 1`;

/** What of the queue has its time, of all numbers, also of those that no node runs: any node sees that it has come. */
@Injectable()
export class OutboxTimesRepository {
  constructor(private readonly system: SystemDb) {}

  /** Lets leave what waited for a time that has come, some of it. @returns whose numbers have something to do */
  async come(limit: number): Promise<{ organization: string; session: string; messages: number }[]> {
    const { rows } = await this.system.query<{ organization_id: string; session_id: string; n: number }>({
      name: 'outbox.come',
      text: COME,
      values: [limit],
    });
    return rows.map((row) => ({ organization: row.organization_id, session: row.session_id, messages: row.n }));
  }

  /** Gives up what did not leave in time, some of it. @returns whose messages */
  async expire(limit: number): Promise<{ organization: string; messages: number }[]> {
    const { rows } = await this.system.query<{ organization_id: string; n: number }>({
      name: 'outbox.expire',
      text: EXPIRED,
      values: [limit],
    });
    return rows.map((row) => ({ organization: row.organization_id, messages: row.n }));
  }
}
