import { Injectable } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';
import { Clock } from '../../kernel/clock.ts';
import { AutomationId, newId, type OrganizationId } from '../../kernel/ids.ts';
import { Phone } from '../../kernel/phone.ts';
import { TenantDb, type TenantTx } from '../../platform/database/tenant-db.ts';
import { RequestInvalid } from '../../platform/http/http.errors.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditAction } from '../audit/audit.dto.ts';
import { type Changes, changesBetween } from '../audit/changes.ts';
import type { Caller } from '../auth/caller.ts';
import type { Channel, NotificationView } from '../notifications/notifications.dto.ts';
import { NotificationNotFound, SmsNotSupported } from '../notifications/notifications.errors.ts';
import { NotificationsRepository } from '../notifications/notifications.repository.ts';
import { notificationView } from '../notifications/notifications.views.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import type {
  AutomationPage,
  AutomationRunPage,
  AutomationView,
  CreateAutomation,
  ListAutomationRuns,
  ListAutomations,
  SavedAutomation,
  TestAutomation,
  UpdateAutomation,
} from './automations.dto.ts';
import { AutomationLimit, AutomationNotFound } from './automations.errors.ts';
import { AutomationsRepository, columnsOf } from './automations.repository.ts';
import { valuesOf } from './automations.rules.ts';
import { EVENT_FIELDS } from './automations.words.ts';
import { automationView, runView, settingsOf } from './automations.views.ts';
import { isToldByWasel, unfilledIn } from './unfilled.rules.ts';

/** Of one organization. */
const AUTOMATIONS_MAX = 200;

@Injectable()
export class AutomationsService {
  constructor(
    private readonly db: TenantDb,
    private readonly automations: AutomationsRepository,
    private readonly notifications: NotificationsRepository,
    private readonly templates: TemplatesService,
    private readonly audit: AuditTrail,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  async list(organization: OrganizationId, query: ListAutomations): Promise<AutomationPage> {
    const { rows, next } = await this.db.asTenant(organization, (tx) => this.automations.list(tx, organization, query));
    return { items: rows.map(automationView), next_cursor: next };
  }

  /** @throws AutomationNotFound */
  get(organization: OrganizationId, id: AutomationId): Promise<AutomationView> {
    return this.db.asTenant(organization, (tx) => this.find(tx, id));
  }

  /** What it made of events. @throws AutomationNotFound */
  async runs(organization: OrganizationId, id: AutomationId, query: ListAutomationRuns): Promise<AutomationRunPage> {
    const { rows, next } = await this.db.asTenant(organization, async (tx) => {
      await this.find(tx, id);
      return this.automations.runs(tx, organization, id, query);
    });
    return { items: rows.map(runView), next_cursor: next };
  }

  /** @throws RequestInvalid | SmsNotSupported | TemplateNotFound | SessionNotFound | AutomationLimit */
  async create(by: Caller, wanted: CreateAutomation): Promise<SavedAutomation> {
    const unfilled_variables = await this.assertPossible(by.organization, wanted);
    assertFilled(wanted.event, unfilled_variables);
    const automation = await this.db.asTenant(by.organization, async (tx) => {
      if ((await this.automations.count(tx)) >= AUTOMATIONS_MAX) throw new AutomationLimit(AUTOMATIONS_MAX);
      const columns = { ...columnsOf(wanted), planAt: this.planAt(wanted) };
      const row = await this.automations.create(tx, by.organization, columns, by.actor.name, this.clock.now());
      const made = automationView(row);
      await this.note(tx, by, 'automation.created', made.id, changesBetween(null, settingsOf(made)));
      return { ...made, unfilled_variables };
    });
    this.signals.send('calendar', {});
    return automation;
  }

  /** What waits because of it leaves as it was planned, while it is on. @throws as `create`, and AutomationNotFound */
  async update(by: Caller, id: AutomationId, to: UpdateAutomation): Promise<SavedAutomation> {
    const wanted = { ...(await this.get(by.organization, id)), ...to };
    const unfilled_variables = await this.assertPossible(by.organization, wanted);
    if (to.event || to.template_id || to.variables) assertFilled(wanted.event, unfilled_variables);
    const automation = await this.db.asTenant(by.organization, async (tx) => {
      const was = await this.find(tx, id);
      const switchedOn = to.enabled === true && !was.enabled;
      const columns = {
        ...columnsOf(to),
        planAt: this.planAt({ ...was, ...to }),
        ...(switchedOn ? { enabledAt: this.clock.now() } : {}),
      };
      const after = automationView(await this.automations.update(tx, by.organization, id, columns));
      await this.note(tx, by, 'automation.updated', id, changesBetween(settingsOf(was), settingsOf(after)));
      return { ...after, unfilled_variables };
    });
    this.signals.send('calendar', {});
    return automation;
  }

  /** What waits because of it is not told any more. @throws AutomationNotFound */
  async delete(by: Caller, id: AutomationId): Promise<void> {
    await this.db.asTenant(by.organization, async (tx) => {
      const was = await this.find(tx, id);
      await this.automations.delete(tx, id);
      await this.note(tx, by, 'automation.deleted', id, changesBetween(settingsOf(was), null));
    });
  }

  /** Tells whoever is named at once, whatever the conditions. @throws AutomationNotFound | RequestInvalid */
  async test(by: Caller, id: AutomationId, { to, variables }: TestAutomation): Promise<NotificationView> {
    const { organization } = by;
    const view = await this.db.asTenant(organization, async (tx) => {
      const automation = await this.find(tx, id);
      const recipient = recipientOf(automation.channel, to);
      const notification = {
        organization_id: organization,
        id: newId(),
        channel: automation.channel,
        recipient,
        session_id: automation.session_id,
        template_id: automation.template_id,
        subject: automation.subject,
        variables: valuesOf(automation.variables, variables),
        trigger: 'test' as const,
        automation_id: id,
        related_type: null,
        related_id: null,
        contact_day_id: null,
        priority: automation.priority,
        scheduled_for: this.clock.now(),
      };
      await this.notifications.add(tx, notification);
      await this.note(tx, by, 'automation.tested', id, {});
      const made = await this.notifications.find(tx, notification.id);
      if (!made) throw new NotificationNotFound(notification.id);
      return notificationView(made);
    });
    this.signals.send('notifications', {});
    return view;
  }

  /** As it is now, its days were not looked for yet. */
  private planAt({ event }: Pick<CreateAutomation, 'event'>): Date | null {
    return event === 'contact_day' ? this.clock.now() : null;
  }

  /** What is named is there, and what belongs together is together. @returns variables of its template that have no value so far */
  private async assertPossible(
    organization: OrganizationId,
    wanted: Pick<
      CreateAutomation,
      | 'channel'
      | 'template_id'
      | 'session_id'
      | 'day_name'
      | 'days_before'
      | 'local_hour'
      | 'event'
      | 'subject'
      | 'variables'
    >,
  ): Promise<string[]> {
    if (wanted.channel === 'sms') throw new SmsNotSupported();
    const faults = faultsOf(wanted);
    if (faults.length > 0) throw new RequestInvalid(faults);
    return this.db.asTenantSql(organization, async (sql) => {
      const variables = await this.templates.variablesOf(sql, wanted.template_id);
      const unfilled = unfilledIn(variables, wanted.event, wanted.variables);
      if (wanted.session_id === null) return unfilled;
      const { rowCount } = await sql.query('select from sessions where id = $1 and deleted_at is null', [
        wanted.session_id,
      ]);
      if (rowCount === 0) throw new SessionNotFound(wanted.session_id);
      return unfilled;
    });
  }

  private async find(tx: TenantTx, id: AutomationId): Promise<AutomationView> {
    const found = await this.automations.find(tx, id);
    if (!found) throw new AutomationNotFound(id);
    return automationView(found);
  }

  private note(tx: TenantTx, by: Caller, action: AuditAction, id: string, changes: Changes): Promise<void> {
    return this.audit.add(tx, by, { action, target: { type: 'automation', id }, changes });
  }
}

/** @throws RequestInvalid */
function recipientOf(channel: Channel, to: string): string {
  const read = (channel === 'email' ? z.email('Give a whole address, as dana@example.com.') : Phone).safeParse(to);
  if (read.success) return read.data;
  throw new RequestInvalid([{ path: ['to'], message: read.error.issues[0]?.message ?? 'Say to whom the test goes.' }]);
}

/** What Wasel tells by itself nobody can add to. @throws RequestInvalid */
function assertFilled(event: string, unfilled: readonly string[]): void {
  if (!isToldByWasel(event) || unfilled.length === 0) return;
  const names = unfilled.map((name) => `{{${name}}}`).join(', ');
  const fields = (EVENT_FIELDS[event] ?? []).join(', ');
  const message = `This event has no value for ${names}. Map each to one of its fields (${fields}), or to a text.`;
  throw new RequestInvalid([{ path: ['variables'], message }]);
}

function faultsOf({
  channel,
  subject,
  day_name: dayName,
  days_before: days,
  local_hour: hour,
  event,
}: Pick<
  CreateAutomation,
  'channel' | 'subject' | 'day_name' | 'days_before' | 'local_hour' | 'event'
>): StandardSchemaV1.Issue[] {
  const faults: StandardSchemaV1.Issue[] = [];
  if ((days === null) !== (hour === null))
    faults.push({
      path: [days === null ? 'days_before' : 'local_hour'],
      message: 'Days before and the hour belong together: give both, or neither.',
    });
  if (event === 'subscription_expiring' && days === null)
    faults.push({ path: ['days_before'], message: 'Say how many days before the end, and at which hour.' });
  if (event === 'contact_day' && days === null)
    faults.push({ path: ['days_before'], message: 'Say how many days before the day, and at which hour.' });
  if ((event === 'contact_day') !== (dayName !== null))
    faults.push({
      path: ['day_name'],
      message: dayName === null ? 'Say which day of a contact.' : 'Only the event contact_day has a day.',
    });
  if ((event === 'message_received' || event === 'contact_created') && days !== null)
    faults.push({ path: ['days_before'], message: 'This event has no date. Use a delay.' });
  if (channel === 'email' && isToldByWasel(event))
    faults.push({ path: ['channel'], message: 'Contacts have no mail address. Tell of this event by WhatsApp.' });
  if (channel === 'email' && subject === null) faults.push({ path: ['subject'], message: 'Give the mail a subject.' });
  return faults;
}
