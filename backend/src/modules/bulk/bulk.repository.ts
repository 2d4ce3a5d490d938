import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql } from '../../platform/database/tenant-db.ts';
import type { Actor } from '../auth/caller.ts';
import type { Place } from '../contacts/conversation-places.ts';
import { ATTEMPTS_MAX, PRIORITY } from '../messages/send-message.dto.ts';
import { newWhatsAppMessageId } from '../messages/message-id.ts';
import type { MessageTrigger } from '../messages/messages.dto.ts';
import { newChatOf } from '../messages/outbox.claims.ts';

/** A message as it is kept: its words are made, and it lies where it is to lie. */
export type BulkRow = Readonly<{
  id: string;
  /** On the number that it leaves from. */
  place: Place;
  type: 'text' | 'image' | 'video' | 'gif' | 'document';
  text: string | null;
  mediaId: string | null;
  template: Readonly<{ id: string; parameters: Readonly<Record<string, string>> }> | undefined;
  relatedType: string | null;
  relatedId: string | null;
}>;

export type BulkDelivery = Readonly<{
  job: string;
  trigger: MessageTrigger;
  sentBy: Actor;
  scheduled_at?: string | undefined;
  expires_at?: string | undefined;
  priority?: number | undefined;
  max_attempts?: number | undefined;
}>;

/** What accepting writes of all of them, as of one (`messages.repository.ts`). Places in the queue are given in the order of `n`. */
const MESSAGES = `with given as (
    select g.*, v.session_id, v.established
      from unnest($3::uuid[], $4::uuid[], $20::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::uuid[], $10::jsonb[], $11::text[], $12::text[])
           with ordinality as g (id, conversation_id, home, type, text, media_id, whatsapp_message_id, template_id, parameters, related_type, related_id, n)
      join conversations v on v.organization_id = $1 and v.id = g.home
  ), accepted as (
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, media_id, media_state, status,
      whatsapp_message_id, sent_by_user_id, sent_by_key_id, expires_at, priority, scheduled_at,
      trigger, template_id, template_parameters, related_type, related_id, job_id, origin_conversation_id)
    select $1, id, session_id, conversation_id, 'outbound', type, text, media_id, case when media_id is null then 'none' else 'stored' end,
           case when $13::timestamptz > now() then 'pending' else 'queued' end, whatsapp_message_id, $14, $15, $16, $17, $13,
           $2, template_id, parameters, related_type, related_id, $18, nullif(home, conversation_id)
      from given order by n
    returning id
  ), queued as (
    insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority, send_after, expires_at, max_attempts, new_chat)
    select $1, id, session_id, home, $17, case when $13::timestamptz > now() then $13::timestamptz else '-infinity' end, $16, $19,
           ${newChatOf('given.established', 'given.conversation_id')}
      from given order by n
  ), newest as (
    update conversations v set last_message_id = greatest(v.last_message_id, l.id), last_message_at = greatest(v.last_message_at, now())
      from (select distinct on (conversation_id) conversation_id, id from given order by conversation_id, n desc) l
     where v.organization_id = $1 and v.id = l.conversation_id and v.last_message_id is distinct from l.id
  ), told as (
    insert into private.facts (organization_id, type, subject, payload)
    select $1, 'message.created', id, jsonb_build_object('message_id', id, 'conversation_id', conversation_id, 'session_id', session_id,
             'direction', 'outbound') from given order by n
  )
  select count(*)::int as n from accepted`;

/** Many messages in as many statements as one takes, however many they are. */
@Injectable()
export class BulkRepository {
  /** Their ids have to ascend. */
  async accept(
    sql: TenantSql,
    organization: OrganizationId,
    delivery: BulkDelivery,
    rows: readonly BulkRow[],
  ): Promise<void> {
    const { sentBy } = delivery;
    const { rows: accepted } = await sql.query<{ n: number }>(MESSAGES, [
      organization,
      delivery.trigger,
      rows.map(({ id }) => id),
      rows.map(({ place }) => place.shown),
      rows.map(({ type }) => type),
      rows.map(({ text }) => text),
      rows.map(({ mediaId }) => mediaId),
      rows.map(() => newWhatsAppMessageId()),
      rows.map(({ template }) => template?.id ?? null),
      rows.map(({ template }) => (template ? JSON.stringify(template.parameters) : null)),
      rows.map(({ relatedType }) => relatedType),
      rows.map(({ relatedId }) => relatedId),
      delivery.scheduled_at ?? null,
      sentBy.type === 'user' ? sentBy.id : null,
      sentBy.type === 'key' ? sentBy.id : null,
      delivery.expires_at ?? null,
      delivery.priority ?? PRIORITY,
      delivery.job,
      delivery.max_attempts ?? ATTEMPTS_MAX,
      rows.map(({ place }) => place.home),
    ]);
    if (accepted[0]?.n !== rows.length) throw new Error('some of the messages found no conversation');
  }
}
