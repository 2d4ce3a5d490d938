import type { Actor } from '../auth/caller.ts';
import { tellStatuses } from './messages.events.ts';
import { newChatOf } from './outbox.claims.ts';
import { RETRYABLE } from './retryable.ts';

type Requeue = Readonly<{ beside?: string; which: string; user: string; key: string }>;

/** Who has something sent again, as the statement takes him: the person, or the key. */
export const retrierOf = ({ type, id }: Actor): [user: string | null, key: string | null] => [
  type === 'user' ? id : null,
  type === 'key' ? id : null,
];

/**
 * Holds the chats of what failed, for a statement before that of `requeue`: whoever begins one of them waits, so that nothing is
 * queued as if it were to begin a chat that is begun already. Those of `which`, as there.
 */
export const holdChats = ({ beside, which }: Pick<Requeue, 'beside' | 'which'>): string =>
  `select from conversations v
    where v.id in (select coalesce(m.origin_conversation_id, m.conversation_id) from messages m${beside ? `, ${beside}` : ''}
                    where ${RETRYABLE} and ${which})
    order by v.merged_into is null, v.id for key share of v`;

/**
 * Puts what failed back at the end of the queue, as common table expressions; `again` has the messages. Each goes under the id
 * that it had, in the order in which it was accepted, as a part of its chat like any other: what begins one waits for what
 * WhatsApp and the budget allow. What is of a paused job waits with the others of it. Who had it sent again is kept, with what
 * it was given up for.
 * @param which which messages of `messages m`, as SQL; with `beside`, the tables that this needs
 * @param user, key whoever has them sent again, as SQL
 */
export const requeue = ({ beside, which, user, key }: Requeue): string => `again as (
    update messages m set status = 'queued', error_code = null, failed_at = null,
           expires_at = case when m.target_whatsapp_message_id is not null then m.expires_at end
      from messages given_up${beside ? `, ${beside}` : ''}
     where given_up.organization_id = m.organization_id and given_up.id = m.id and ${RETRYABLE} and ${which}
    returning m.organization_id, m.id, m.session_id, m.conversation_id, coalesce(m.origin_conversation_id, m.conversation_id) as home,
              m.priority, m.status, m.expires_at, m.job_id, given_up.failed_at, given_up.error_code
  ), noted as (
    insert into message_retries (organization_id, message_id, number, retried_by_user_id, retried_by_key_id, failed_at, error_code)
    select a.organization_id, a.id, 1 + (select count(*) from message_retries r where r.organization_id = a.organization_id and r.message_id = a.id),
           ${user}::uuid, ${key}::uuid, a.failed_at, a.error_code from again a
  ), requeued as (
    insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority, expires_at, send_after, new_chat)
    select a.organization_id, a.id, a.session_id, a.home, a.priority, a.expires_at,
           case when j.state = 'paused' then 'infinity' else '-infinity' end::timestamptz, ${newChatOf('v.established', 'a.conversation_id')}
      from again a join conversations v on v.organization_id = a.organization_id and v.id = a.home
      left join jobs j on j.organization_id = a.organization_id and j.id = a.job_id
     order by a.id on conflict do nothing
  ), told as (${tellStatuses('again')})`;
