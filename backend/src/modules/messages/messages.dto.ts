import { z } from 'zod';
import {
  ApiKeyId,
  ConversationId,
  JobId,
  MediaId,
  MessageId,
  SessionId,
  TemplateId,
  UserId,
} from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { MediaView } from '../media/media.dto.ts';

export const MessageDirection = z.enum(['inbound', 'outbound']);
export type MessageDirection = z.infer<typeof MessageDirection>;

/** `unsupported`: kept raw as it came, shown as such. */
export const MessageType = z.enum([
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'location',
  'contact',
  'poll',
  'reaction',
  'unsupported',
]);
export type MessageType = z.infer<typeof MessageType>;

/** Outbound messages go from left to right and never back; `received` is every inbound message's. */
export const MessageStatus = z.enum([
  'pending',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'cancelled',
  'received',
]);
export type MessageStatus = z.infer<typeof MessageStatus>;

/** Longest text that WhatsApp takes, in UTF-16 units. */
export const TEXT_MAX = 65_536;

/** Of a message that says nothing else. */
export const PRIORITY = 5;
export const ATTEMPTS_MAX = 3;
const SCHEDULED_MAX_MS = 366 * 86_400_000;

/** When a message leaves, and how it waits. */
export const DELIVERY_FIELDS = {
  /** Fails with `expired` when it could not leave before. */
  expires_at: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2026-12-24T20:00:00Z'] }),
  /** Leaves no earlier than then; until then it is `pending`. At most a year ahead. */
  scheduled_at: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2026-12-24T08:00:00Z'] }),
  /** Of what waits on one number, 1 leaves first and 10 last. */
  priority: z.number().int().min(1).max(10).optional().meta({ default: PRIORITY }),
  /** Tries while WhatsApp says that it is busy, the first included. */
  max_attempts: z.number().int().min(1).max(10).optional().meta({ default: ATTEMPTS_MAX }),
};
/** What a message is about, in the words of whoever sends it. It is kept, can be searched for, and does nothing. */
export const RELATED_FIELDS = {
  /** As `invoice` or `booking`. */
  related_type: z.string().trim().min(1).max(60).optional(),
  related_id: z.string().trim().min(1).max(200).optional(),
};
const Target = {
  /** The number to send from; without it the organization's default number is used. */
  session_id: SessionId.optional(),
  to: Phone,
  ...DELIVERY_FIELDS,
  ...RELATED_FIELDS,
};
const Caption = z.string().max(1024).optional();

/** What says when it leaves has to be able to come true. */
export const withinTime = <T extends z.ZodType<{ scheduled_at?: string | undefined; expires_at?: string | undefined }>>(
  schema: T,
): T =>
  schema
    .refine(({ scheduled_at: at }) => !at || Date.parse(at) < Date.now() + SCHEDULED_MAX_MS, {
      path: ['scheduled_at'],
      error: 'Choose a time within a year.',
    })
    .refine(({ scheduled_at: at, expires_at: end }) => !at || !end || Date.parse(at) < Date.parse(end), {
      path: ['expires_at'],
      error: 'It would expire before it is to leave. Choose a later end, or an earlier time.',
    });

export const SendMessage = withinTime(
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), ...Target, text: z.string().min(1).max(TEXT_MAX) }),
    z.object({ type: z.literal('image'), ...Target, media_id: MediaId, caption: Caption }),
    z.object({ type: z.literal('document'), ...Target, media_id: MediaId, caption: Caption }),
  ]),
);
export type SendMessage = z.infer<typeof SendMessage>;

/** The send is durable: it will leave once, or fail with a reason. */
export const SendAccepted = z.object({
  message_id: MessageId,
  whatsapp_message_id: z.string(),
  conversation_id: ConversationId,
  session_id: SessionId,
  status: MessageStatus,
});
export type SendAccepted = z.infer<typeof SendAccepted>;

/**
 * What had a message sent: `dashboard` a person here; `api` a program with a key; `bulk` it is one of a job; `call_answer` its
 * number rejects calls.
 */
export const MessageTrigger = z.enum(['dashboard', 'api', 'bulk', 'call_answer']);
export type MessageTrigger = z.infer<typeof MessageTrigger>;

/**
 * `paused` somebody paused its job; `scheduled` its time has not come; `organization_suspended` whoever runs the installation has stopped its organization; `session_offline` its number is not
 * connected; `quiet_hours` its number sends nothing at this time of day
 */
export const WaitingReason = z.enum([
  'paused',
  'scheduled',
  'organization_suspended',
  'session_offline',
  'quiet_hours',
]);
export type WaitingReason = z.infer<typeof WaitingReason>;

export const MessageView = z.object({
  id: MessageId,
  session_id: SessionId,
  conversation_id: ConversationId,
  direction: MessageDirection,
  type: MessageType,
  /** Text, or the caption of a file. */
  text: z.string().nullable(),
  /** Null for a type without a file, and while an inbound file is still being fetched (`media_state` says which). */
  media: MediaView.nullable(),
  media_state: z.enum(['none', 'pending', 'stored', 'failed']),
  status: MessageStatus,
  /** Why it waits and does not leave now, and until when, as far as that is known; null otherwise. */
  waiting_for: WaitingReason.nullable(),
  waiting_until: z.iso.datetime().nullable(),
  /** Why it failed, a stable code; null otherwise. */
  error_code: z.string().nullable(),
  whatsapp_message_id: z.string(),
  priority: z.number().int(),
  /** When it is to leave, where somebody said so. */
  scheduled_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  /** When the sender's WhatsApp sent it. */
  sent_at: z.iso.datetime().nullable(),
  delivered_at: z.iso.datetime().nullable(),
  read_at: z.iso.datetime().nullable(),
  played_at: z.iso.datetime().nullable(),
  failed_at: z.iso.datetime().nullable(),
  /** Who sent it; null of what came in, was written on the phone, or is said by Wasel itself. */
  sent_by: z
    .union([z.object({ type: z.literal('user'), id: UserId }), z.object({ type: z.literal('key'), id: ApiKeyId })])
    .nullable(),
  /** Null of what came in, or was written on the phone. */
  trigger: MessageTrigger.nullable(),
  /** The template that it was made of, which may be gone, and the values that it was filled with. */
  template_id: TemplateId.nullable(),
  template_parameters: z.record(z.string(), z.string()).nullable(),
  related_type: z.string().nullable(),
  related_id: z.string().nullable(),
  /** The job that it is one of. */
  job_id: JobId.nullable(),
});
export type MessageView = z.infer<typeof MessageView>;

export const ListMessages = PageQuery.extend({
  session_id: SessionId.optional(),
  conversation_id: ConversationId.optional(),
  direction: MessageDirection.optional(),
  status: MessageStatus.optional(),
  type: MessageType.optional(),
  trigger: MessageTrigger.optional(),
  template_id: TemplateId.optional(),
  job_id: JobId.optional(),
  related_type: z.string().max(60).optional(),
  related_id: z.string().max(200).optional(),
});
export type ListMessages = z.infer<typeof ListMessages>;

export const MessagePage = pageOf(MessageView);
export type MessagePage = z.infer<typeof MessagePage>;
