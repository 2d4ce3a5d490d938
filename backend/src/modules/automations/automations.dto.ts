import { z } from 'zod';
import { AutomationId, NotificationId, SessionId, TemplateId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { RELATED_FIELDS } from '../messages/send-message.dto.ts';
import { Channel, ChannelAsked } from '../notifications/notifications.dto.ts';
import { TemplateParameters } from '../templates/templates.dto.ts';
import { CONDITION_OPERATORS, KEYWORD_MATCHES, SKIP_REASONS } from './automations.words.ts';

/** One of Wasel's names, or a name of your own: small letters, digits, `_` and dots. */
const EventName = z
  .string()
  .regex(/^[a-z][a-z0-9_.]{0,59}$/, 'Begin with a small letter; then small letters, digits, `_` and dots.')
  .meta({ examples: ['order_shipped'] });

const FieldName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ examples: ['plan_name'] });

export const Condition = z.object({
  field: FieldName,
  operator: z.enum(CONDITION_OPERATORS),
  /** Compared without case; numbers and days by their order. */
  value: z.string().max(500).optional(),
});
export type Condition = z.infer<typeof Condition>;

/** From where a variable of the template has its value: a field of the event, or always the same text. */
const VariableSource = z.union([z.object({ field: FieldName }), z.object({ text: z.string().min(1).max(1000) })]);
export type VariableSource = z.infer<typeof VariableSource>;

const Variables = z
  .record(z.string().max(64), VariableSource)
  .refine((values) => Object.keys(values).length <= 50, 'Map at most 50 variables.')
  .meta({ examples: [{ customer_name: { field: 'customer_name' } }] });

export const SkipReason = z.enum(SKIP_REASONS);
export type SkipReason = z.infer<typeof SkipReason>;

const Fields = {
  name: z.string().trim().min(1, 'Give the automation a name.').max(100),
  enabled: z.boolean(),
  event: EventName,
  /** Of `message_received`: what the message says, whatever its case and marks. None: any message. */
  keywords: z.array(z.string().trim().min(1).max(100)).max(50),
  /** `whole`: the message says nothing else; `contains`: it says it among other words. */
  keyword_match: z.enum(KEYWORD_MATCHES),
  /** Of `contact_day`, and of no other event: which of a contact's days, in any case; as `birthday`. */
  day_name: z
    .string()
    .trim()
    .min(1, 'Say which day of a contact.')
    .max(50)
    .nullable()
    .meta({ examples: [null] }),
  /** So many days before the date of the event, at `local_hour`. Null: when it happens. */
  days_before: z.number().int().min(0).max(365).nullable(),
  /** Of the person's day: by the event's `time_zone`, else his number's country, else your organization's. */
  local_hour: z.number().int().min(0).max(23).nullable(),
  /** All have to hold. */
  conditions: z.array(Condition).max(20),
  /** At most a year. */
  delay_minutes: z.number().int().min(0).max(525_600),
  channel: ChannelAsked,
  /** The number to send from; null: the organization's default number. */
  session_id: SessionId.nullable(),
  template_id: TemplateId,
  /** By the name of the template's variable. One that is not named takes the field of its own name. */
  variables: Variables,
  /** Of a mail. */
  subject: z.string().trim().min(1).max(200).nullable(),
  /** Of what waits on one number, 1 leaves first and 10 last. */
  priority: z.number().int().min(1).max(10),
};

export const CreateAutomation = z.object({
  ...Fields,
  enabled: Fields.enabled.default(true),
  keywords: Fields.keywords.default([]),
  keyword_match: Fields.keyword_match.default('whole'),
  day_name: Fields.day_name.default(null),
  days_before: Fields.days_before.default(null),
  local_hour: Fields.local_hour.default(null),
  conditions: Fields.conditions.default([]),
  delay_minutes: Fields.delay_minutes.default(0),
  channel: Fields.channel.default('whatsapp'),
  session_id: Fields.session_id.default(null),
  variables: Fields.variables.default({}),
  subject: Fields.subject.default(null),
  priority: Fields.priority.default(5),
});
export type CreateAutomation = z.infer<typeof CreateAutomation>;

/** What is not named stays. */
export const UpdateAutomation = z.object(Fields).partial();
export type UpdateAutomation = z.infer<typeof UpdateAutomation>;

export const AutomationView = z.object({
  id: AutomationId,
  ...Fields,
  channel: Channel,
  created_by: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type AutomationView = z.infer<typeof AutomationView>;

export const SavedAutomation = AutomationView.extend({
  /**
   * Variables of the template that neither `variables` nor what every such event has gives a value: whoever tells the event has
   * to bring them, or nobody is told.
   */
  unfilled_variables: z.array(z.string()),
});
export type SavedAutomation = z.infer<typeof SavedAutomation>;

export const ListAutomations = PageQuery;
export type ListAutomations = PageQuery;
export const AutomationPage = pageOf(AutomationView);
export type AutomationPage = z.infer<typeof AutomationPage>;

/** What came of an event: it acted, or why it did not. */
export const AutomationRunView = z.object({
  id: z.uuid(),
  automation_id: AutomationId,
  /** As whoever told it calls it. */
  event_id: z.string(),
  event: z.string(),
  outcome: z.enum(['acted', 'skipped']),
  reason: SkipReason.nullable(),
  /** The field of the condition that did not hold, or the date that had passed. */
  detail: z.string().nullable(),
  recipient: z.string().nullable(),
  notification_id: NotificationId.nullable(),
  /** How far that is, and why it came to nothing. */
  notification_state: z.string().nullable(),
  notification_error: z.string().nullable(),
  created_at: z.iso.datetime(),
});
export type AutomationRunView = z.infer<typeof AutomationRunView>;

export const ListAutomationRuns = PageQuery.extend({ outcome: z.enum(['acted', 'skipped']).optional() });
export type ListAutomationRuns = z.infer<typeof ListAutomationRuns>;
export const AutomationRunPage = pageOf(AutomationRunView);
export type AutomationRunPage = z.infer<typeof AutomationRunPage>;

/** To whom a test goes, and with what: conditions, delay and date are left aside. */
export const TestAutomation = z.object({
  /** By its channel a phone number or an address of mail. */
  to: z
    .string()
    .trim()
    .min(1)
    .max(254)
    .meta({ examples: ['+972501234567'] }),
  variables: TemplateParameters.default({}),
});
export type TestAutomation = z.infer<typeof TestAutomation>;

const TimeZone = z
  .string()
  .refine((zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
    } catch {
      return false;
    }
  }, 'Give a time zone as in Asia/Jerusalem.')
  .meta({ examples: ['Asia/Jerusalem'] });

/** Something that happened in your own application. */
export const PostEvent = z.object({
  /** Your own name of this very event. Told again under it, it does nothing and answers the same. */
  event_id: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ examples: ['invoice-1042-due'] }),
  name: EventName,
  /** Whom it is about. */
  phone_number: Phone,
  /** For automations that tell by mail. */
  email: z
    .email()
    .optional()
    .meta({ examples: ['dana@example.com'] }),
  /** What is known of it: conditions ask for it, and templates write it. */
  variables: TemplateParameters.default({}),
  /** The day that it is about, as the last one of a subscription. */
  date: z.iso
    .date()
    .optional()
    .meta({ examples: ['2026-12-24'] }),
  /** Of the person. Without it his number's country says it where it has one, else your organization. */
  time_zone: TimeZone.optional(),
  ...RELATED_FIELDS,
});
export type PostEvent = z.infer<typeof PostEvent>;

export const EventAccepted = z.object({
  event_id: z.string(),
  received_at: z.iso.datetime(),
  /** What each automation made of it; none when nobody waits for events of this name. */
  automations: z.array(
    z.object({
      automation_id: AutomationId,
      outcome: z.enum(['acted', 'skipped']),
      reason: SkipReason.nullable(),
      notification_id: NotificationId.nullable(),
    }),
  ),
});
export type EventAccepted = z.infer<typeof EventAccepted>;
