import { Injectable } from '@nestjs/common';
import { ContactId, ConversationId, GroupId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { pictureInfo } from '../groups/group-picture-info.ts';
import type { MessageDirection, MessageStatus, MessageType } from '../messages/messages.dto.ts';
import { MessagesRepository } from '../messages/messages.repository.ts';
import type { ConversationPage, ConversationView, ListConversations, OpenConversation } from './conversations.dto.ts';
import { ConversationNotFound } from './conversations.errors.ts';
import { conversationRead } from './conversations.events.ts';
import { type ConversationRow, ConversationsRepository } from './conversations.repository.ts';

const PREVIEW_LENGTH = 120;

@Injectable()
export class ConversationsService {
  constructor(
    private readonly db: TenantDb,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly facts: Facts,
    private readonly signals: Signals,
  ) {}

  async list(organization: OrganizationId, query: ListConversations): Promise<ConversationPage> {
    const { rows, next } = await this.db.asTenant(organization, (tx) =>
      this.conversations.list(tx, organization, query),
    );
    return { items: rows.map(toView), next_cursor: next };
  }

  async get(organization: OrganizationId, id: ConversationId): Promise<ConversationView> {
    return toView(await this.db.asTenant(organization, (tx) => this.conversations.get(tx, id)));
  }

  /** The conversation with a number, made when there is none. @throws SessionRequired | SessionNotFound | SessionNotLinked */
  async open(organization: OrganizationId, { session_id, to }: OpenConversation): Promise<ConversationView> {
    const { shown } = await settlingPeople(this.db, organization, async (sql) =>
      this.messages.conversationWith(sql, await this.messages.senderOf(sql, session_id), to),
    );
    return this.get(organization, ConversationId.parse(shown));
  }

  /** @throws ConversationNotFound */
  async markRead(organization: OrganizationId, id: ConversationId): Promise<void> {
    const session = await this.db.asTenantSql(organization, async (sql) => {
      const found = await this.conversations.markRead(sql, id);
      if (!found) throw new ConversationNotFound(id);
      await this.facts.addSql(sql, conversationRead(organization, id, found));
      return found;
    });
    this.signals.send('facts', { organization });
    this.signals.send('outbox', { session });
  }
}

/** Whole characters: an emoji is two units of a string. */
const BEGINNING = new RegExp(`^.{0,${PREVIEW_LENGTH}}`, 'su');

const toView = (row: ConversationRow): ConversationView => ({
  id: ConversationId.parse(row.id),
  session_id: SessionId.parse(row.sessionId),
  contact: row.contact && {
    id: ContactId.parse(row.contact.id),
    phone_number: row.contact.phoneNumber,
    name: row.contact.name ?? row.contact.pushName,
  },
  group: row.group && {
    id: GroupId.parse(row.group.id),
    jid: row.group.jid,
    subject: row.group.subject,
    size: row.group.size,
    picture: pictureInfo(row.group.picture?.state ?? null, row.group.picture?.updatedAt ?? null),
  },
  unread_count: row.unreadCount,
  last_message: row.lastMessage
    ? {
        preview: row.lastMessage.text?.match(BEGINNING)?.[0] ?? null,
        sender: row.lastMessage.writer,
        type: row.lastMessage.type as MessageType,
        direction: row.lastMessage.direction as MessageDirection,
        status: row.lastMessage.status as MessageStatus,
        deleted: row.lastMessage.deletedAt !== null,
      }
    : null,
  last_message_at: row.lastMessage ? row.lastMessageAt.toISOString() : null,
  active_at: row.lastMessageAt.toISOString(),
});
