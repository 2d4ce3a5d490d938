import { z } from 'zod';
import { AutomationId, MessageId, NotificationId, SessionId, TemplateId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { CHANNELS, NOTIFICATION_STATES } from './notifications.words.ts';

export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** `sms` is known, and refused by its name. */
export const ChannelAsked = z.enum([...CHANNELS, 'sms']);

export const NotificationState = z.enum(NOTIFICATION_STATES);
export type NotificationState = z.infer<typeof NotificationState>;

/** `test`: somebody tried an automation by hand. */
export const NotificationTrigger = z.enum(['automation', 'test']);
export type NotificationTrigger = z.infer<typeof NotificationTrigger>;

export const NotificationView = z.object({
  id: NotificationId,
  channel: Channel,
  /** A phone number, or an address of mail. */
  recipient: z.string(),
  /** The number to send from; null: the organization's default number. */
  session_id: SessionId.nullable(),
  template_id: TemplateId,
  variables: z.record(z.string(), z.string()),
  trigger: NotificationTrigger,
  /** Which may be gone. */
  automation_id: AutomationId.nullable(),
  related_type: z.string().nullable(),
  related_id: z.string().nullable(),
  /** 1 leaves first and 10 last. */
  priority: z.number().int(),
  scheduled_for: z.iso.datetime(),
  attempts: z.number().int(),
  max_attempts: z.number().int(),
  state: NotificationState,
  /** What came of it; null of a mail, and until then. */
  message_id: MessageId.nullable(),
  /** Why it came to nothing, or is tried again. */
  error_code: z.string().nullable(),
  error_detail: z.string().nullable(),
  created_at: z.iso.datetime(),
  settled_at: z.iso.datetime().nullable(),
});
export type NotificationView = z.infer<typeof NotificationView>;

/** The newest first. */
export const ListNotifications = PageQuery.extend({
  state: NotificationState.optional(),
  channel: Channel.optional(),
  automation_id: AutomationId.optional(),
  /** Part of a number or of an address. */
  recipient: z.string().trim().max(100).optional(),
  /** Made at this time or after. */
  from: z.iso.datetime().optional(),
  /** Made before this time. */
  to: z.iso.datetime().optional(),
});
export type ListNotifications = z.infer<typeof ListNotifications>;

export const NotificationPage = pageOf(NotificationView);
export type NotificationPage = z.infer<typeof NotificationPage>;
