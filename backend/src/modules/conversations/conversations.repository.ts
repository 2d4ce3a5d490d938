import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { digitsOf, literally } from '../contacts/contact-search.ts';
import { writersOf } from '../messages/messages.rows.ts';
import type { Contact, Conversation, Group, GroupPicture, Message, Prisma } from '../../generated/prisma/client.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import type { TenantSql, TenantTx } from '../../platform/database/tenant-db.ts';
import { cutPage, decodeCursor } from '../../platform/http/cursor.ts';
import type { ListConversations } from './conversations.dto.ts';
import { ConversationNotFound } from './conversations.errors.ts';

type Bare = Conversation & {
  contact: Contact | null;
  group: (Group & { picture: Pick<GroupPicture, 'state' | 'updatedAt'> | null }) | null;
};
/** `writer`: how whoever wrote the last message in a group is called. */
export type ConversationRow = Bare & { lastMessage: (Message & { writer: string | null }) | null };

const WITH_WHOM = {
  contact: true,
  group: { include: { picture: { select: { state: true, updatedAt: true } } } },
} as const satisfies Prisma.ConversationInclude;

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

@Injectable()
export class ConversationsRepository {
  /** The one with the newest message first. */
  async list(
    tx: TenantTx,
    organization: OrganizationId,
    query: ListConversations,
  ): Promise<{ rows: ConversationRow[]; next: string | null }> {
    const before = decodeCursor(organization, Cursor, query.cursor);
    const found = await tx.conversation.findMany({
      where: {
        mergedInto: null,
        ...(query.ids ? { id: { in: await shownFor(tx, query.ids) } } : {}),
        ...(query.session_id ? { sessionId: query.session_id } : {}),
        ...(query.unread ? { unreadCount: { gt: 0 } } : {}),
        ...(before
          ? { OR: [{ lastMessageAt: { lt: before[0] } }, { lastMessageAt: before[0], id: { lt: before[1] } }] }
          : {}),
        ...(query.search ? { AND: [isWith(query.search)] } : {}),
      },
      include: WITH_WHOM,
      orderBy: [{ lastMessageAt: 'desc' }, { id: 'desc' }],
      take: query.limit + 1,
    });
    const page = cutPage(organization, found, query.limit, ({ lastMessageAt, id }) => [
      lastMessageAt.toISOString(),
      id,
    ]);
    return { ...page, rows: await this.withLastMessage(tx, page.rows) };
  }

  /** @throws ConversationNotFound */
  async get(tx: TenantTx, id: string): Promise<ConversationRow> {
    const found = await tx.conversation.findFirst({
      where: { mergedInto: null, OR: [{ id }, { merged: { some: { id } } }] },
      include: WITH_WHOM,
    });
    const [row] = found ? await this.withLastMessage(tx, [found]) : [];
    if (!row) throw new ConversationNotFound(id);
    return row;
  }

  /** Nothing is unread any more; WhatsApp is told of it by the session's owner. @returns the session, or null when there is no such conversation */
  async markRead(sql: TenantSql, id: string): Promise<string | null> {
    const { rows } = await sql.query<{ session_id: string }>(
      `with asked as (
         select coalesce(merged_into, id) as shown from conversations where id = $1
       ), held as (
         select v.id from conversations v, asked where v.id = asked.shown or v.merged_into = asked.shown
          order by v.merged_into is null, v.id for no key update of v
       ), told as (
         insert into private.reads (organization_id, session_id, conversation_id, whatsapp_message_id)
         select organization_id, session_id, coalesce(origin_conversation_id, conversation_id), whatsapp_message_id from messages
          where conversation_id = (select shown from asked) and direction = 'inbound' and id in (
            select m.id from messages m where m.conversation_id = (select shown from asked) and m.direction = 'inbound'
               and m.target_whatsapp_message_id is null
             order by m.id desc limit (select unread_count from conversations v, asked where v.id = asked.shown))
         on conflict do nothing
       )
       update conversations v set unread_count = 0 from held where v.id = held.id returning v.session_id`,
      [id],
    );
    return rows[0]?.session_id ?? null;
  }

  private async withLastMessage(tx: TenantTx, rows: Bare[]): Promise<ConversationRow[]> {
    const ids = rows.flatMap((row) => (row.lastMessageId ? [row.lastMessageId] : []));
    const messages = await tx.message.findMany({ where: { id: { in: ids } } });
    const participants = messages.map(({ participantId }) => participantId);
    const writers = await writersOf(
      tx,
      [...new Set(messages.map(({ organizationId }) => organizationId))],
      participants,
    );
    const nameOf = new Map(writers.map(({ id, name, phone_number }) => [id, name ?? phone_number]));
    const byId = new Map(
      messages.map((message) => [message.id, { ...message, writer: nameOf.get(message.participantId ?? '') ?? null }]),
    );
    return rows.map((row) => ({ ...row, lastMessage: byId.get(row.lastMessageId ?? '') ?? null }));
  }
}

/** With people who have this in a name or in their number, or a group that has it in its subject. */
const isWith = (search: string): Prisma.ConversationWhereInput => ({
  OR: [{ contact: whoIs(search) }, { group: { subject: { contains: literally(search), mode: 'insensitive' } } }],
});

/** People who have this in a name or in their number. */
function whoIs(search: string): Prisma.ContactWhereInput {
  const named = { contains: literally(search), mode: 'insensitive' } as const;
  const digits = digitsOf(search);
  return { OR: [{ name: named }, { pushName: named }, ...(digits ? [{ phoneNumber: { contains: digits } }] : [])] };
}

/** Where these are shown: each where it is, or in the one that it is merged into. */
async function shownFor(tx: TenantTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.conversation.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, mergedInto: true },
  });
  return rows.map(({ id, mergedInto }) => mergedInto ?? id);
}
