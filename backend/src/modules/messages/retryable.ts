/**
 * Which messages of `messages m` can be sent again, as SQL. An edit or a deletion keeps the time until which WhatsApp takes
 * it: afterwards it stays what it is. So does a change that somebody let be, or that a later one of its kind has taken the
 * place of: it would undo that.
 */
export const RETRYABLE = `m.direction = 'outbound' and m.status = 'failed' and m.failed_at is not null
       and (m.target_whatsapp_message_id is null or m.dismissed_at is null and coalesce(m.expires_at > now(), true)
            and not exists (select from messages later
                 where later.organization_id = m.organization_id and later.session_id = m.session_id
                   and later.target_whatsapp_message_id = m.target_whatsapp_message_id and later.target_direction = m.target_direction
                   and later.conversation_id = m.conversation_id and later.direction = 'outbound' and later.type = m.type
                   and later.status <> 'cancelled' and later.id > m.id))`;
