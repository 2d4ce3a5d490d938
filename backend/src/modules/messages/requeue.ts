import { tellStatuses } from './messages.events.ts';
import { newChatOf } from './outbox.claims.ts';
import { RETRYABLE } from './retryable.ts';

/**
 * Puts what failed back at the end of the queue, as common table expressions; `again` has the messages. Each goes under the id
 * that it had, in the order in which it was accepted, as a part of its chat like any other: what begins one waits for what
 * WhatsApp and the budget allow. What is of a paused job waits with the others of it.
 * @param which which messages of `messages m`, as SQL; with `from` before it where that needs other tables
 */
export const requeue = ({ from = '', which }: { from?: string; which: string }): string => `again as (
    update messages m set status = 'queued', error_code = null, failed_at = null,
           expires_at = case when m.target_whatsapp_message_id is not null then m.expires_at end
      ${from} where ${RETRYABLE} and ${which}
    returning m.organization_id, m.id, m.session_id, m.conversation_id, coalesce(m.origin_conversation_id, m.conversation_id) as home,
              m.priority, m.status, m.expires_at, m.job_id
  ), requeued as (
    insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority, expires_at, send_after, new_chat)
    select a.organization_id, a.id, a.session_id, a.home, a.priority, a.expires_at,
           case when j.state = 'paused' then 'infinity' else '-infinity' end::timestamptz, ${newChatOf('v.established', 'a.conversation_id')}
      from again a join conversations v on v.organization_id = a.organization_id and v.id = a.home
      left join jobs j on j.organization_id = a.organization_id and j.id = a.job_id
     order by a.id on conflict do nothing
  ), told as (${tellStatuses('again')})`;
