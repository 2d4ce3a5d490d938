import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.ts';
import { type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { Language } from '../../kernel/language.ts';
import { Phone } from '../../kernel/phone.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { value } from '../../platform/mail/letter.ts';
import { Mailer } from '../../platform/mail/mailer.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { systemIn } from '../auth/caller.ts';
import { settlingPeople } from '../contacts/settling-people.ts';
import { MessagesService } from '../messages/messages.service.ts';
import { TemplateNotFound } from '../templates/templates.errors.ts';
import { fill, type Filled } from '../templates/templates.filling.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import { MailLimitReached } from './notifications.errors.ts';
import { type ClaimedNotification, type DueNotification, NotificationsQueue } from './notifications.queue.ts';

/** A mail that could not leave for so long says nothing new any more. */
const MAIL_EXPIRES_MS = 3 * 86_400_000;

/** Of an organization within 24 hours: they leave in the name of whoever runs the installation. */
const MAILS_PER_DAY_MAX = 500;

/** How it ended, for the log; `gone` when another node has it. */
export type Made = 'completed' | 'cancelled' | 'gone';

/** Makes of a notification the message that says it. */
@Injectable()
export class NotificationMaker {
  constructor(
    private readonly db: TenantDb,
    private readonly queue: NotificationsQueue,
    private readonly messages: MessagesService,
    private readonly templates: TemplatesService,
    private readonly mailer: Mailer,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /**
   * In one transaction: both the message and that it was made, or neither.
   * @throws whatever keeps a message from being accepted
   */
  async make(claimed: ClaimedNotification): Promise<Made> {
    const { organization, id } = claimed;
    const { made, session } = await settlingPeople(this.db, organization, async (sql) => {
      const due = await this.queue.hold(sql, claimed);
      if (!due) return { made: 'gone' as const, session: null };
      const now = this.clock.now();
      const code = whyNot(due);
      if (code !== null) {
        await this.queue.drop(sql, id, { code, detail: null }, now);
        return { made: 'cancelled' as const, session: null };
      }
      const { filled, language } = await this.fill(sql, due);
      const sent = due.channel === 'email' ? null : await this.write(sql, organization, due, filled);
      if (due.channel === 'email') await this.mail(sql, organization, { due, filled, language });
      const { parameters: variables } = filled.template;
      await this.queue.complete(sql, id, { message: sent?.message_id ?? null, variables }, now);
      await this.templates.used(sql, new Map([[due.template_id, 1]]));
      return { made: 'completed' as const, session: sent?.session_id ?? null };
    });
    if (session !== null) this.signals.send('outbox', { session });
    if (made === 'completed') this.signals.send('facts', { organization });
    if (made === 'completed' && session === null) this.mailer.wake();
    return made;
  }

  private write(sql: TenantSql, organization: OrganizationId, due: DueNotification, { content, template }: Filled) {
    const { session_id: session, related_type: type, related_id: related, priority } = due;
    return this.messages.accept(
      sql,
      systemIn(organization),
      {
        ...content,
        to: Phone.parse(due.recipient),
        priority,
        ...(session ? { session_id: SessionId.parse(session) } : {}),
        ...(type ? { related_type: type } : {}),
        ...(related ? { related_id: related } : {}),
      },
      { trigger: 'automation', template },
    );
  }

  private async mail(
    sql: TenantSql,
    organization: OrganizationId,
    { due, filled, language }: { due: DueNotification; filled: Filled; language: string },
  ): Promise<void> {
    if ((await this.queue.mailsOfDay(sql, this.clock.now())) >= MAILS_PER_DAY_MAX)
      throw new MailLimitReached(MAILS_PER_DAY_MAX);
    const { content } = filled;
    const text = content.type === 'text' ? content.text : content.caption;
    const { rows } = await sql.query<{ name: string }>('select name from organizations');
    await this.mailer.addSql(sql, organization, {
      kind: 'notification',
      to: due.recipient,
      expiresInMs: MAIL_EXPIRES_MS,
      letter: {
        language: Language.catch('en').parse(language.slice(0, 2)),
        subject: due.subject ?? '',
        paragraphs: text.split(/\n+/).filter((line) => line.trim() !== ''),
        notes: [value(rows[0]?.name ?? '')],
      },
    });
  }

  /** @throws TemplateNotFound | TemplateInactive | TemplateVariablesMissing | TemplateTextTooLong */
  private async fill(
    sql: TenantSql,
    { template_id: id, variables }: DueNotification,
  ): Promise<{ filled: Filled; language: string }> {
    const template = (await this.templates.load(sql, [id])).get(id);
    if (!template) throw new TemplateNotFound(id);
    return { filled: fill(template, variables), language: template.language };
  }
}

/** Why it is told no more, if so. */
function whyNot({ wanted, opted_out: optedOut, day_changed: dayChanged }: DueNotification): string | null {
  if (!wanted) return 'automation_off';
  if (dayChanged) return 'contact_day_changed';
  return optedOut ? 'opted_out' : null;
}
