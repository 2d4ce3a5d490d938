import { Injectable } from '@nestjs/common';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts';
import { z } from 'zod';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { type Place, placesOf } from '../contacts/conversation-places.ts';
import { PeopleMoved } from '../contacts/people-changed.ts';
import type { Media, Prisma } from '../../generated/prisma/client.ts';
import type { Actor } from '../auth/caller.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { MessageNotFound, SessionNotLinked, SessionRequired } from './messages.errors.ts';
import { ATTEMPTS_MAX, type ListMessages, PRIORITY, type SendMessage } from './messages.dto.ts';

/** Of a message's number: what says whether it may leave now. One relation after the other: a connection asks one thing at a time. */
const WITH_SENDER = {
  session: {
    select: {
      state: true,
      quietFrom: true,
      quietTo: true,
      quietTimeZone: true,
      organization: { select: { suspension: { select: { organizationId: true } } } },
    },
  },
} as const satisfies Prisma.MessageInclude;

export type MessageRow = Prisma.MessageGetPayload<{ include: typeof WITH_SENDER }> & { media: Media | null };

/** What is sent, wherever it goes. */
type Unaddressed<Sent> = Sent extends unknown ? Omit<Sent, 'to' | 'session_id'> : never;

/** What accepting writes, in one statement: message, queue, and the conversation's newest. */
const ACCEPT = `with accepted as (
    insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, media_id, media_state, status,
      whatsapp_message_id, sent_by_user_id, sent_by_key_id, expires_at, priority, scheduled_at, origin_conversation_id)
    values ($1, $2, $3, $4, 'outbound', $5, $6, $7, case when $7::uuid is null then 'none' else 'stored' end,
      case when $13::timestamptz > now() then 'pending' else 'queued' end, $8, $9, $10, $11, $12, $13, nullif($15::uuid, $4))
    returning status
  ), queued as (
    insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority, send_after, expires_at, max_attempts)
    values ($1, $2, $3, $15, $12, case when $13::timestamptz > now() then $13::timestamptz else '-infinity' end, $11, $14)
  ), newest as (
    update conversations set last_message_id = greatest(last_message_id, $2), last_message_at = greatest(last_message_at, now()) where id = $4
  )
  select status from accepted`;

/**
 * By the number that WhatsApp has for what was typed. Locked, so that a merge which moves what lies there waits, or is over;
 * a message goes under the address that was typed, whatever is merged.
 */
const FIND_CONVERSATION = `select v.id as home, coalesce(v.merged_into, v.id) as shown
    from contacts c join conversations v on v.contact_id = c.id and v.session_id = $1
   where c.phone_number = coalesce((select canonical from private.number_checks where phone_number = $2), $2) for key share of v`;

const CANONICAL = `select coalesce((select canonical from private.number_checks where phone_number = $1), $1) as phone`;

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

  /** The conversation with a number on a session; made when there is none. Run it by `settlingPeople`. @throws PeopleMoved */
  async conversationWith(sql: TenantSql, session: string, phone: string): Promise<Place> {
    const found = await sql.query<Place>({
      name: 'messages.find_conversation',
      text: FIND_CONVERSATION,
      values: [session, phone],
    });
    if (found.rows[0]) return found.rows[0];
    const { rows } = await sql.query<{ phone: string }>(CANONICAL, [phone]);
    const evidence = { source: 'person', session: null } as const;
    const { id: home, root } = await this.contacts.ofNumber(sql, rows[0]?.phone ?? phone, evidence);
    const place = (await placesOf(sql, session, [{ home, root }])).get(home);
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
      content: Unaddressed<SendMessage>;
    },
  ): Promise<'pending' | 'queued'> {
    const { content, sentBy } = message;
    const { rows } = await sql.query<{ status: 'pending' | 'queued' }>({
      name: 'messages.accept',
      text: ACCEPT,
      values: [
        organization,
        message.id,
        message.session,
        message.place.shown,
        content.type,
        content.type === 'text' ? content.text : (content.caption ?? null),
        content.type === 'text' ? null : content.media_id,
        message.whatsappMessageId,
        sentBy.type === 'user' ? sentBy.id : null,
        sentBy.type === 'key' ? sentBy.id : null,
        content.expires_at ?? null,
        content.priority ?? PRIORITY,
        content.scheduled_at ?? null,
        content.max_attempts ?? ATTEMPTS_MAX,
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
    const [row] = found ? await this.withMedia(tx, [found]) : [];
    if (!row) throw new MessageNotFound(id);
    return row;
  }

  private async withMedia(tx: TenantTx, rows: readonly Omit<MessageRow, 'media'>[]): Promise<MessageRow[]> {
    const ids = rows.flatMap(({ mediaId }) => (mediaId === null ? [] : [mediaId]));
    const files = ids.length > 0 ? await tx.media.findMany({ where: { id: { in: ids } } }) : [];
    const byId = new Map(files.map((file) => [file.id, file]));
    return rows.map((row) => ({ ...row, media: byId.get(row.mediaId ?? '') ?? null }));
  }

  /** The newest first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListMessages,
  ): Promise<{ rows: MessageRow[]; next: string | null }> {
    const before = decodeCursor(organization, z.tuple([z.uuid()]), query.cursor);
    const conversation = query.conversation_id ? await shownConversation(tx, query.conversation_id) : null;
    const rows = await tx.message.findMany({
      where: {
        ...(query.session_id ? { sessionId: query.session_id } : {}),
        ...(conversation ? { conversationId: conversation } : {}),
        ...(query.direction ? { direction: query.direction } : {}),
        ...(query.status ? { status: query.status } : {}),
        ...(query.type ? { type: query.type } : {}),
        ...(before ? { id: { lt: before[0] } } : {}),
      },
      include: WITH_SENDER,
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      rows: await this.withMedia(tx, page),
      next: rows.length > query.limit && last ? encodeCursor(organization, [last.id]) : null,
    };
  }

  /** Puts a failed message back at the end of the queue. @returns false when it has not failed */
  async retry(sql: TenantSql, id: string): Promise<boolean> {
    const { rowCount } = await sql.query(
      `with again as (
         update messages set status = 'queued', error_code = null, failed_at = null, expires_at = null where id = $1 and direction = 'outbound' and status = 'failed'
         returning organization_id, id, session_id, coalesce(origin_conversation_id, conversation_id), priority
       )
       insert into private.outbox (organization_id, message_id, session_id, conversation_id, priority) select * from again on conflict do nothing`,
      [id],
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

/** A conversation that is merged is shown in another one. */
async function shownConversation(tx: TenantTx, id: string): Promise<string> {
  const found = await tx.conversation.findFirst({ where: { id }, select: { mergedInto: true } });
  return found?.mergedInto ?? id;
}
