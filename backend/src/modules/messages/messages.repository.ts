import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import type { Place } from '../contacts/conversation-places.ts';
import { conversationInGroup } from '../groups/group-chats.ts';
import { isGroupJid } from '../groups/groups.dto.ts';
import { PeopleMoved } from '../contacts/people-changed.ts';
import type { Actor } from '../auth/caller.ts';
import type { MessageTarget } from '../sessions/session-traffic.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { MessageNotFound, SessionNotLinked, SessionRequired } from './messages.errors.ts';
import type { Mention, MessageContent } from './message-content.dto.ts';
import {
  CHANGES,
  type ListMessages,
  type MessageDirection,
  type MessageTrigger,
  type MessageType,
  type QuotedMessage,
} from './messages.dto.ts';
import { ATTEMPTS_MAX, PRIORITY } from './send-message.dto.ts';
import { findMessages } from './message-finder.ts';
import { complete, type MessageRow, WITH_SENDER } from './messages.rows.ts';
import { newChatOf } from './outbox.claims.ts';
import { requeue, retrierOf } from './requeue.ts';

/** A message that somebody wants to answer, change or pass on. */
export type KnownMessage = Readonly<{
  id: string;
  session_id: string;
  conversation_id: string;
  /** Where it would lie if nobody were merged; null: there. */
  origin_conversation_id: string | null;
  direction: MessageDirection;
  type: MessageType;
  text: string | null;
  status: string;
  whatsapp_message_id: string;
  sent_at: Date | null;
  deleted_at: Date | null;
  media_id: string | null;
  content: MessageContent | null;
  /** Who wrote it, of what came in in a group. */
  sender: Mention | null;
}>;

/** What is accepted of a message, wherever it goes. */
export type Draft = Readonly<{
  type: MessageType;
  text?: string | null;
  media_id?: string | null;
  content?: MessageContent | null;
  reply_to?: QuotedMessage | null;
  /** Of a change. */
  target?: MessageTarget | null;
  expires_at?: string | undefined;
  scheduled_at?: string | undefined;
  priority?: number | undefined;
  max_attempts?: number | undefined;
  related_type?: string | undefined;
  related_id?: string | undefined;
}>;

/** What a message came of. */
export type Origin = Readonly<{
  trigger: MessageTrigger;
  template?: Readonly<{ id: string; parameters: Readonly<Record<string, string>> }> | undefined;
}>;

/**
 * What accepting writes, in one statement: message, queue, and the newest of the conversation that is shown. The home is locked
 * first, as everybody does.
 */
const ACCEPT = `with home as (
    select established from conversations where id = $24 for no key update
  ), newest as (
    update conversations set last_message_id = case when $17::text is null then greatest(last_message_id, $2) else last_message_id end,
           last_message_at = case when $17::text is null then greatest(last_message_at, now()) else last_message_at end
      from home where id = $4
  ), accepted as (
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, media_id, media_state, status,
      whatsapp_message_id, sent_by_user_id, sent_by_key_id, expires_at, priority, scheduled_at,
      content, reply_to, target_whatsapp_message_id, target_direction,
      trigger, template_id, template_parameters, related_type, related_id, origin_conversation_id)
    values ($1, $2, $3, $4, 'outbound', $5, $6, $7, case when $7::uuid is null then 'none' else 'stored' end,
      case when $13::timestamptz > now() then 'pending' else 'queued' end, $8, $9, $10, $11, $12, $13,
      $15, $16, $17, $18, $19, $20, $21, $22, $23, nullif($24::uuid, $4))
    returning status
  ), queued as (
    insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority, send_after, expires_at, max_attempts, new_chat)
    select $1, $2, $3, $24, $12, case when $13::timestamptz > now() then $13::timestamptz else '-infinity' end, $11, $14,
           ${newChatOf('home.established', '$4')} from home
  )
  select status from accepted`;

/**
 * By the number that WhatsApp has for what was typed. Locked, so that a merge which moves what lies there waits, or is over;
 * a message goes under the address that was typed, whatever is merged.
 */
const FIND_CONVERSATION = `select v.id as home, coalesce(v.merged_into, v.id) as shown
    from contacts c join conversations v on v.contact_id = c.id and v.session_id = $1
   where c.phone_number = coalesce((select canonical from private.number_checks where phone_number = $2), $2) for key share of v`;

@Injectable()
export class MessagesRepository {
  constructor(private readonly contacts: ContactsRepository) {}

  /** @throws SessionRequired | SessionNotFound | SessionNotLinked */
  async senderOf(sql: TenantSql, session: string | undefined): Promise<string> {
    const { rows } = await sql.query<{ id: string; linked: boolean }>({
      name: 'messages.sender_of',
      text: `select id, phone_number is not null as linked from sessions
              where deleted_at is null and case when $1::uuid is null then is_default else id = $1 end`,
      values: [session ?? null],
    });
    const [found] = rows;
    if (!found) throw session === undefined ? new SessionRequired() : new SessionNotFound(session);
    if (!found.linked) throw new SessionNotLinked(found.id);
    return found.id;
  }

  /**
   * The conversation with a number, or of a group, on a session; made when there is none. Run it by `settlingPeople`.
   * @throws PeopleMoved, and what `conversationInGroup` refuses
   */
  async conversationWith(sql: TenantSql, session: string, to: string): Promise<Place> {
    if (isGroupJid(to)) {
      const conversation = await conversationInGroup(sql, session, to);
      return { home: conversation, shown: conversation };
    }
    const found = await sql.query<Place>({
      name: 'messages.find_conversation',
      text: FIND_CONVERSATION,
      values: [session, to],
    });
    if (found.rows[0]) return found.rows[0];
    const [place] = await this.contacts.placesOfNumbers(sql, session, [to]);
    if (!place) throw new PeopleMoved();
    return place;
  }

  async accept(
    sql: TenantSql,
    organization: OrganizationId,
    message: {
      id: string;
      session: string;
      place: Place;
      whatsappMessageId: string;
      sentBy: Actor;
      content: Draft;
      origin: Origin;
    },
  ): Promise<'pending' | 'queued'> {
    const { content, sentBy, origin } = message;
    const { rows } = await sql.query<{ status: 'pending' | 'queued' }>({
      name: 'messages.accept',
      text: ACCEPT,
      values: [
        organization,
        message.id,
        message.session,
        message.place.shown,
        content.type,
        content.text ?? null,
        content.media_id ?? null,
        message.whatsappMessageId,
        sentBy.type === 'user' ? sentBy.id : null,
        sentBy.type === 'key' ? sentBy.id : null,
        content.expires_at ?? null,
        content.priority ?? PRIORITY,
        content.scheduled_at ?? null,
        content.max_attempts ?? ATTEMPTS_MAX,
        content.content ? JSON.stringify(content.content) : null,
        content.reply_to ? JSON.stringify(content.reply_to) : null,
        content.target?.whatsappMessageId ?? null,
        content.target?.direction ?? null,
        origin.trigger,
        origin.template?.id ?? null,
        origin.template ? JSON.stringify(origin.template.parameters) : null,
        content.related_type ?? null,
        content.related_id ?? null,
        message.place.home,
      ],
    });
    return rows[0]?.status ?? 'queued';
  }

  /** Whether a message of ours has this id already. */
  async isAccepted(
    sql: TenantSql,
    message: { session: string; conversation: string; whatsappMessageId: string },
  ): Promise<boolean> {
    const { rowCount } = await sql.query(
      `select from messages where session_id = $1 and whatsapp_message_id = $2 and direction = 'outbound' and conversation_id = $3`,
      [message.session, message.whatsappMessageId, message.conversation],
    );
    return (rowCount ?? 0) > 0;
  }

  /** @throws MessageNotFound */
  async get(tx: TenantTx, id: string): Promise<MessageRow> {
    const found = await tx.message.findFirst({ where: { id }, include: WITH_SENDER });
    const [row] = found ? await complete(tx, [found]) : [];
    if (!row) throw new MessageNotFound(id);
    return row;
  }

  /** Those that are there, of any organization. */
  async ofAll(tx: SystemTx, of: readonly { organization: string; id: string }[]): Promise<MessageRow[]> {
    const rows = await tx.message.findMany({
      where: { OR: of.map(({ organization: organizationId, id }) => ({ organizationId, id })) },
      include: WITH_SENDER,
    });
    return complete(tx, rows);
  }

  /** One that is no change itself. @throws MessageNotFound */
  async known(sql: TenantSql, id: string): Promise<KnownMessage> {
    const { rows } = await sql.query<KnownMessage>(
      `select m.id, m.session_id, m.conversation_id, m.origin_conversation_id, m.direction, m.type, m.text, m.status, m.whatsapp_message_id, m.sent_at,
              m.deleted_at, m.media_id, m.content, case when p.id is not null then jsonb_build_object('phone_number', p.phone_number, 'lid', p.lid) end as sender
         from messages m left join group_participants p on p.id = m.participant_id
        where m.id = $1 and m.type <> all ($2)`,
      [id, CHANGES],
    );
    if (!rows[0]) throw new MessageNotFound(id);
    return rows[0];
  }

  /** As `known`, and where it lies, for as long as the transaction takes. @throws MessageNotFound | PeopleMoved */
  async held(sql: TenantSql, id: string): Promise<{ message: KnownMessage; place: Place }> {
    const placeOf = ({ conversation_id: shown, origin_conversation_id: home }: KnownMessage) => ({
      home: home ?? shown,
      shown,
    });
    const place = placeOf(await this.known(sql, id));
    await sql.query(
      'select from conversations where id = any ($1) order by merged_into is null, id for no key update',
      [[place.home, place.shown]],
    );
    const message = await this.known(sql, id);
    if (placeOf(message).shown !== place.shown) throw new PeopleMoved();
    return { message, place };
  }

  /** Every text that a message had, the oldest first; none of one that was never edited. */
  versions(tx: TenantTx, id: string): Promise<{ text: string | null; writtenAt: Date }[]> {
    return tx.messageVersion.findMany({
      where: { messageId: id },
      select: { text: true, writtenAt: true },
      orderBy: [{ writtenAt: 'asc' }, { whatsappMessageId: 'asc' }],
    });
  }

  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListMessages,
  ): Promise<{ rows: MessageRow[]; next: string | null }> {
    const { ids, next } = await findMessages(tx, organization, query, query);
    const found = await tx.message.findMany({
      where: { id: { in: ids } },
      include: WITH_SENDER,
      orderBy: { id: 'desc' },
    });
    return { rows: await complete(tx, found), next };
  }

  /** Puts a failed message back at the end of the queue, and tells of it. @returns false when it has not failed, or is a change whose time is over */
  async retry(sql: TenantSql, id: string, by: Actor): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with ${requeue({ which: 'm.id = $1', user: '$2', key: '$3' })} select from again`,
      [id, ...retrierOf(by)],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Takes a message back that no node has claimed. @returns false when it is too late */
  async cancel(sql: TenantSql, id: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with taken as (delete from private.outbox where message_id = $1 and claimed_epoch is null returning message_id)
       update messages set status = 'cancelled' from taken where id = taken.message_id and status in ('queued', 'pending')`,
      [id],
    );
    return (rowCount ?? 0) > 0;
  }
}
