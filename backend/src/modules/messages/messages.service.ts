import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { ConversationId, MessageId, newId, type OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { SystemTx } from '../../platform/database/system-db.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { Idempotency } from '../../platform/http/idempotency.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Caller } from '../auth/caller.ts';
import { Entitlements } from '../entitlements/entitlements.ts';
import { MediaService } from '../media/media.service.ts';
import { dismissChange } from './failed-changes.ts';
import { MessageDrafts } from './message-drafts.ts';
import { newWhatsAppMessageId } from './message-id.ts';
import {
  isChange,
  type ListMessages,
  type MessagePage,
  type MessageTrigger,
  type MessageVersions,
  type MessageView,
  type SendAccepted,
} from './messages.dto.ts';
import { MediaNotLost, NotCancellable, NotDismissable, NotRetryable } from './messages.errors.ts';
import { messageCreated, messageStatus } from './messages.events.ts';
import { MessagesRepository, type Origin } from './messages.repository.ts';
import type { MessageRow } from './messages.rows.ts';
import { messageView } from './messages.views.ts';
import type { SendMessage } from './send-message.dto.ts';

@Injectable()
export class MessagesService {
  constructor(
    private readonly db: TenantDb,
    private readonly messages: MessagesRepository,
    private readonly drafts: MessageDrafts,
    private readonly media: MediaService,
    private readonly entitlements: Entitlements,
    private readonly idempotency: Idempotency,
    private readonly facts: Facts,
    private readonly signals: Signals,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * Accepts a message: once this resolves it is durable, and will leave once or fail with a reason. Its WhatsApp id is chosen
   * here and is the same on every try.
   * @throws IdempotencyKeyReused, and what `MessageDrafts.of` refuses
   */
  async send(by: Caller, content: SendMessage, key: string | null): Promise<SendAccepted> {
    const origin = { trigger: triggerOf(by.actor) };
    const accepted = await this.sendOnce(by, key, content, (sql) => this.accept(sql, by, content, origin));
    if (content.type === 'voice' || content.type === 'forward') this.signals.send('media', {}); // a voice is made of it
    return accepted;
  }

  /**
   * As `send`, of what is still to be made of a request.
   * @param request what was asked, compared when its key comes again
   * @param accept makes the message and has it accepted (`accept`), in the transaction that it is given; again if people are
   *   merged or parted meanwhile
   */
  async sendOnce(
    { organization }: Caller,
    key: string | null,
    request: unknown,
    accept: (sql: TenantSql) => Promise<SendAccepted>,
  ): Promise<SendAccepted> {
    const accepted = await settlingPeople(this.db, organization, (sql) =>
      this.idempotency.run(sql, organization, key, request, () => accept(sql)),
    );
    this.signals.send('outbox', { session: accepted.session_id });
    this.signals.send('facts', { organization });
    return accepted;
  }

  /** In a transaction of somebody's, who tells the nodes when it has committed. @throws as `send` */
  async accept(
    sql: TenantSql,
    { organization, actor: sentBy }: Caller,
    content: SendMessage,
    origin: Origin,
  ): Promise<SendAccepted> {
    const { session, place, draft } = await this.drafts.of(sql, content);
    const id = newId();
    const whatsappMessageId = newWhatsAppMessageId();
    const message = { id, session, place, whatsappMessageId, sentBy, content: draft, origin };
    const status = await this.messages.accept(sql, organization, message);
    const names = { message_id: id, conversation_id: place.shown, session_id: session };
    // A change is no message of the quota, and shows when WhatsApp has it, at the message that it is about.
    if (!isChange(draft.type)) {
      await this.facts.addSql(sql, messageCreated(organization, { ...names, direction: 'outbound' }));
      await this.entitlements.reserveMessages(sql, organization, 1);
    }
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

  /** What the API shows of messages of many organizations, by `<organization> <message>`; those that are gone are missing. */
  async viewsOf(
    tx: SystemTx,
    of: readonly { organization: string; id: string }[],
  ): Promise<ReadonlyMap<string, MessageView>> {
    const rows = of.length > 0 ? await this.messages.ofAll(tx, of) : [];
    return new Map(rows.map((row) => [`${row.organizationId} ${row.id}`, this.toView(row)]));
  }

  /** What a message has said; of one that was never edited, what it says. @throws MessageNotFound */
  async versions(organization: OrganizationId, id: MessageId): Promise<MessageVersions> {
    const [message, versions] = await this.db.asTenant(organization, async (tx) => [
      await this.messages.get(tx, id),
      await this.messages.versions(tx, id),
    ]);
    const { text, sentAt, createdAt } = message;
    const all = versions.length > 0 ? versions : [{ text, writtenAt: sentAt ?? createdAt }];
    return { items: all.map((one) => ({ text: one.text, written_at: one.writtenAt.toISOString() })) };
  }

  /** @throws MessageNotFound | NotRetryable */
  async retry(by: Caller, id: MessageId): Promise<MessageView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await this.messages.retry(sql, id, by.actor))) throw new NotRetryable(before.status);
      await this.audit.addSql(sql, by, { action: 'message.retried', target: { type: 'message', id } });
    });
    this.signals.send('outbox', { session: before.session_id });
    this.signals.send('facts', { organization });
    return this.get(organization, id);
  }

  /** Lets a change be that failed: the message that it was to change says no more of it. @throws MessageNotFound | NotDismissable */
  async dismiss(by: Caller, id: MessageId): Promise<MessageView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await dismissChange(sql, id))) throw new NotDismissable(before.status);
      await this.facts.addSql(sql, messageStatus(organization, { ...namesOf(before), status: before.status }));
      await this.audit.addSql(sql, by, { action: 'message.dismissed', target: { type: 'message', id } });
    });
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

  /** Fetches a file again that could not be had. @throws MessageNotFound | MediaNotLost */
  async refetchMedia(by: Caller, id: MessageId): Promise<MessageView> {
    const { organization } = by;
    const before = await this.get(organization, id);
    await this.db.asTenantSql(organization, async (sql) => {
      if (!(await this.media.tryAgain(sql, id))) throw new MediaNotLost(before.media_state);
      await this.facts.addSql(sql, messageStatus(organization, { ...namesOf(before), status: before.status }));
      await this.audit.addSql(sql, by, { action: 'message.media_refetched', target: { type: 'message', id } });
    });
    this.signals.send('files', { session: before.session_id });
    this.signals.send('facts', { organization });
    return this.get(organization, id);
  }

  private toView(row: MessageRow): MessageView {
    return messageView(row, {
      now: this.clock.now(),
      pace: this.config.outbox,
      mediaView: (media) => this.media.toView(media),
    });
  }
}

/** A person sends by the dashboard, a program by the API. */
export const triggerOf = ({ type }: Caller['actor']): MessageTrigger => (type === 'user' ? 'dashboard' : 'api');

const namesOf = (message: MessageView) => ({
  message_id: message.id,
  conversation_id: message.conversation_id,
  session_id: message.session_id,
});
