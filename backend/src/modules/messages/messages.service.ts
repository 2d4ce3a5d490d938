import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { ConversationId, MessageId, newId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from '../auth/caller.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { MediaService } from '../media/media.service.ts';
import type { SessionState } from '../sessions/sessions.dto.ts';
import { quietHoursOf } from '../sessions/sessions.views.ts';
import type {
  ListMessages,
  MessagePage,
  MessageStatus,
  MessageType,
  MessageView,
  SendAccepted,
  SendMessage,
} from './messages.dto.ts';
import { newWhatsAppMessageId } from './message-id.ts';
import { NotCancellable, NotRetryable } from './messages.errors.ts';
import { messageCreated, messageStatus } from './messages.events.ts';
import { type MessageRow, MessagesRepository } from './messages.repository.ts';
import { type HeldBack, heldBack } from './outbox.rules.ts';

@Injectable()
export class MessagesService {
  constructor(
    private readonly db: TenantDb,
    private readonly messages: MessagesRepository,
    private readonly media: MediaService,
    private readonly entitlements: Entitlements,
    private readonly idempotency: Idempotency,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Accepts a message: once this resolves it is durable, and will leave once or fail with a reason. Its WhatsApp id is chosen
   * here and is the same on every try.
   * @throws SessionRequired | SessionNotFound | SessionNotLinked | MediaNotFound | MediaTypeMismatch | IdempotencyKeyReused
   */
  async send(by: Caller, content: SendMessage, key: string | null): Promise<SendAccepted> {
    const { organization } = by;
    const accepted = await settlingPeople(this.db, organization, noFence, (sql) =>
      this.idempotency.run(sql, organization, key, content, () => this.accept(sql, by, content)),
    );
    this.signals.send('outbox', { session: accepted.session_id });
    this.signals.send('facts', { organization });
    return accepted;
  }

  private async accept(
    sql: TenantSql,
    { organization, actor: sentBy }: Caller,
    content: SendMessage,
  ): Promise<SendAccepted> {
    const session = await this.messages.senderOf(sql, content.session_id);
    if (content.type !== 'text') await this.media.assertSendable(sql, content.media_id, content.type);
    const place = await this.messages.conversationWith(sql, session, content.to);
    const id = newId();
    const whatsappMessageId = newWhatsAppMessageId();
    const message = { id, session, place, whatsappMessageId, sentBy, content };
    const status = await this.messages.accept(sql, organization, message);
    await this.facts.addSql(
      sql,
      messageCreated(organization, {
        message_id: id,
        conversation_id: place.shown,
        session_id: session,
        direction: 'outbound',
      }),
    );
    await this.entitlements.reserveMessages(sql, organization, 1);
    return {
      message_id: MessageId.parse(id),
      whatsapp_message_id: whatsappMessageId,
      conversation_id: ConversationId.parse(place.shown),
      session_id: SessionId.parse(session),
      status,
    };
  }

  async list(organization: OrganizationId, query: ListMessages): Promise<MessagePage> {
    const { rows, next } = await this.db.asTenant(organization, (tx) => this.messages.list(tx, organization, query));
    return { items: rows.map((row) => this.toView(row)), next_cursor: next };
  }

  async get(organization: OrganizationId, id: MessageId): Promise<MessageView> {
    return this.toView(await this.db.asTenant(organization, (tx) => this.messages.get(tx, id)));
  }

  /** @throws MessageNotFound | NotRetryable */
  async retry(by: Caller, id: MessageId): Promise<MessageView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await this.messages.retry(sql, id))) throw new NotRetryable(before.status);
      await this.facts.addSql(sql, messageStatus(organization, { ...namesOf(before), status: 'queued' }));
      await this.audit.addSql(sql, by, { action: 'message.retried', target: { type: 'message', id } });
    });
    this.signals.send('outbox', { session: before.session_id });
    this.signals.send('facts', { organization });
    return this.get(organization, id);
  }

  /** @throws MessageNotFound | NotCancellable */
  async cancel(by: Caller, id: MessageId): Promise<MessageView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await this.messages.cancel(sql, id))) throw new NotCancellable(before.status);
      await this.facts.addSql(sql, messageStatus(organization, { ...namesOf(before), status: 'cancelled' }));
      await this.audit.addSql(sql, by, { action: 'message.cancelled', target: { type: 'message', id } });
    });
    this.signals.send('facts', { organization });
    return this.get(organization, id);
  }

  private heldBack(row: MessageRow): HeldBack | null {
    if (row.status === 'pending') return { reason: 'scheduled', until: row.scheduledAt };
    return row.status === 'queued' ? heldBack(senderOf(row), this.clock.now()) : null;
  }

  private toView(row: MessageRow): MessageView {
    const time = (at: Date | null) => at?.toISOString() ?? null;
    const held = this.heldBack(row);
    return {
      id: MessageId.parse(row.id),
      session_id: SessionId.parse(row.sessionId),
      conversation_id: ConversationId.parse(row.conversationId),
      direction: row.direction === 'inbound' ? 'inbound' : 'outbound',
      type: row.type as MessageType,
      text: row.text,
      media: row.media ? this.media.toView(row.media) : null,
      media_state: row.mediaState as MessageView['media_state'],
      status: row.status as MessageStatus,
      waiting_for: held?.reason ?? null,
      waiting_until: time(held?.until ?? null),
      error_code: row.errorCode,
      whatsapp_message_id: row.whatsappMessageId,
      priority: row.priority,
      scheduled_at: time(row.scheduledAt),
      created_at: row.createdAt.toISOString(),
      sent_at: time(row.sentAt),
      delivered_at: time(row.deliveredAt),
      read_at: time(row.readAt),
      played_at: time(row.playedAt),
      failed_at: time(row.failedAt),
    };
  }
}

/** A request has no lease. */
const noFence = () => Promise.resolve();

const senderOf = ({ session: { state, quietFrom, quietTo, quietTimeZone, organization } }: MessageRow) => ({
  state: state as SessionState,
  quietHours: quietHoursOf(quietFrom, quietTo, quietTimeZone),
  suspended: organization.suspension !== null,
});

const namesOf = (message: MessageView) => ({
  message_id: message.id,
  conversation_id: message.conversation_id,
  session_id: message.session_id,
});
