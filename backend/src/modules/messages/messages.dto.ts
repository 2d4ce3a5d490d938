import { z } from 'zod';
import { ConversationId, MediaId, MessageId, SessionId } from '../../kernel/ids.ts';
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

const Target = {
  /** The number to send from; without it the organization's default number is used. */
  session_id: SessionId.optional(),
  to: Phone,
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
const Caption = z.string().max(1024).optional();

export const SendMessage = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), ...Target, text: z.string().min(1).max(TEXT_MAX) }),
    z.object({ type: z.literal('image'), ...Target, media_id: MediaId, caption: Caption }),
    z.object({ type: z.literal('document'), ...Target, media_id: MediaId, caption: Caption }),
  ])
  .refine(({ scheduled_at: at }) => !at || Date.parse(at) < Date.now() + SCHEDULED_MAX_MS, {
    path: ['scheduled_at'],
    error: 'Choose a time within a year.',
  })
  .refine(({ scheduled_at: at, expires_at: end }) => !at || !end || Date.parse(at) < Date.parse(end), {
    path: ['expires_at'],
    error: 'It would expire before it is to leave. Choose a later end, or an earlier time.',
  });
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
 * `scheduled` its time has not come; `organization_suspended` whoever runs the installation has stopped its organization; `session_offline` its number is not
 * connected; `quiet_hours` its number sends nothing at this time of day
 */
export const WaitingReason = z.enum(['scheduled', 'organization_suspended', 'session_offline', 'quiet_hours']);
export type WaitingReason = z.infer<typeof WaitingReason>;

/**
 * `none` it has no file; `pending` its file is being fetched; `requested` WhatsApp no longer has it, and the number's own phone
 * was asked for it; `stored` it is here; `failed` it could not be had; `removed` it is no longer kept
 */
export const MediaState = z.enum(['none', 'pending', 'requested', 'stored', 'failed', 'removed']);
export type MediaState = z.infer<typeof MediaState>;

export const MessageView = z.object({
  id: MessageId,
  session_id: SessionId,
  conversation_id: ConversationId,
  direction: MessageDirection,
  type: MessageType,
  /** Text, or the caption of a file. */
  text: z.string().nullable(),
  /** Null for a type without a file, and where there is none at the moment (`media_state` says why). */
  media: MediaView.nullable(),
  media_state: MediaState,
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
});
export type MessageView = z.infer<typeof MessageView>;

export const ListMessages = PageQuery.extend({
  session_id: SessionId.optional(),
  conversation_id: ConversationId.optional(),
  direction: MessageDirection.optional(),
  status: MessageStatus.optional(),
  type: MessageType.optional(),
});
export type ListMessages = z.infer<typeof ListMessages>;

export const MessagePage = pageOf(MessageView);
export type MessagePage = z.infer<typeof MessagePage>;
