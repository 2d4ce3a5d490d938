import { z } from 'zod';
import {
  ApiKeyId,
  ContactId,
  ConversationId,
  JobId,
  MessageId,
  GroupParticipantId,
  SessionId,
  TemplateId,
  UserId,
} from '../../kernel/ids.ts';
import { idsOf, PageQuery, pageOf } from '../../kernel/page.ts';
import { FILE_TYPES, MediaView } from '../media/media.dto.ts';
import { Mention, MessageContent } from './message-content.dto.ts';

export const MessageDirection = z.enum(['inbound', 'outbound']);
export type MessageDirection = z.infer<typeof MessageDirection>;

/**
 * `unsupported`: kept raw as it came, shown as such. The changes (`CHANGES`) are about another message and are shown with it.
 */
export const MessageType = z.enum([
  'text',
  ...FILE_TYPES,
  'location',
  'contact',
  'poll',
  'reaction',
  'edit',
  'delete',
  'poll_vote',
  'unsupported',
]);
export type MessageType = z.infer<typeof MessageType>;

/** Types that are no messages of their own. */
export const CHANGES = ['reaction', 'edit', 'delete', 'poll_vote'] as const satisfies readonly MessageType[];
export type Change = (typeof CHANGES)[number];

export const isChange = (type: string): type is Change => (CHANGES as readonly string[]).includes(type);

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
 * What had a message sent: `dashboard` a person here; `api` a program with a key; `bulk` it is one of a job; `broadcast` of one to
 * many people; `automation` one of these acted; `call_answer` its number rejects calls.
 */
export const MessageTrigger = z.enum(['dashboard', 'api', 'bulk', 'broadcast', 'automation', 'call_answer']);
export type MessageTrigger = z.infer<typeof MessageTrigger>;

/**
 * `paused` somebody paused its job; `scheduled` its time has not come; `organization_suspended` whoever runs the installation has stopped its organization; `session_offline` its number is not
 * connected; `quiet_hours` its number sends nothing at this time of day; `recipient_quiet_hours` its person is not written to at
 * this time of his day. Of a chat that is yet to begin: `reach_out_limited` WhatsApp lets its number begin none for now;
 * `new_chat_quota` WhatsApp lets its number begin no more in this cycle; `new_chat_budget` its number has begun enough today.
 * `media_not_ready` its file is still made into what WhatsApp takes, or could not be read or uploaded and is tried again
 */
export const WaitingReason = z.enum([
  'paused',
  'scheduled',
  'organization_suspended',
  'session_offline',
  'quiet_hours',
  'recipient_quiet_hours',
  'reach_out_limited',
  'new_chat_quota',
  'new_chat_budget',
  'media_not_ready',
]);
export type WaitingReason = z.infer<typeof WaitingReason>;

/**
 * `none` it has no file; `pending` its file is being fetched; `requested` WhatsApp no longer has it, and the number's own phone
 * was asked for it; `stored` it is here; `failed` it could not be had; `removed` it is no longer kept
 */
export const MediaState = z.enum(['none', 'pending', 'requested', 'stored', 'failed', 'removed']);
export type MediaState = z.infer<typeof MediaState>;

/** A message that another one answers, and what it said then: it shows even where the message itself was never seen. */
export const QuotedMessage = z.object({
  whatsapp_message_id: z.string(),
  /** Who wrote it: `outbound` is ours. */
  direction: MessageDirection,
  type: MessageType,
  /** Who wrote it, of what came in in a group. */
  sender: Mention.optional(),
  /** The first 200 characters. */
  text: z.string().nullable(),
});
export type QuotedMessage = z.infer<typeof QuotedMessage>;

export const ReactionView = z.object({
  emoji: z.string(),
  count: z.number().int(),
  /** Our own number is among them. */
  mine: z.boolean(),
});
export type ReactionView = z.infer<typeof ReactionView>;

export const PollResult = z.object({
  option: z.string(),
  votes: z.number().int(),
  /** Our own number chose it. */
  mine: z.boolean(),
});
export type PollResult = z.infer<typeof PollResult>;

/** A change of ours that was accepted and then given up. The message is as it was before. */
export const FailedChangeView = z.object({
  /** Of the change, which is retried or dismissed under it. */
  id: MessageId,
  type: z.enum(CHANGES),
  /** What the message would say, or the emoji; '' was to take a reaction back. */
  text: z.string().nullable(),
  /** Why it failed, a stable code. */
  error_code: z.string().nullable(),
  failed_at: z.iso.datetime(),
  /** It can be sent again: WhatsApp takes an edit and a deletion for a limited time only. */
  retryable: z.boolean(),
});
export type FailedChangeView = z.infer<typeof FailedChangeView>;

/** Somebody of a group who wrote in it. */
export const MessageSender = z.object({
  participant_id: GroupParticipantId,
  /** As a member here named him, else as he calls himself. */
  name: z.string().nullable(),
  phone_number: z.string().nullable(),
});
export type MessageSender = z.infer<typeof MessageSender>;

/** How many of those that a message into a group went to have it, have read it, have played it. */
export const MessageReach = z.object({
  recipients: z.number().int(),
  delivered: z.number().int(),
  read: z.number().int(),
  played: z.number().int(),
});
export type MessageReach = z.infer<typeof MessageReach>;

export const MessageView = z.object({
  id: MessageId,
  session_id: SessionId,
  conversation_id: ConversationId,
  direction: MessageDirection,
  /** Of what came in in a group; null otherwise. */
  sender: MessageSender.nullable(),
  type: MessageType,
  /** Text, caption of a file, emoji of a reaction ('' takes it back), question of a poll, names of contacts, name of a place. */
  text: z.string().nullable(),
  content: MessageContent.nullable(),
  /** `message_id` is null where the message is not known here; `sender_name` says who wrote it in a group, null of what is ours. */
  reply_to: QuotedMessage.omit({ sender: true })
    .extend({ message_id: MessageId.nullable(), sender_name: z.string().nullable() })
    .nullable(),
  /** Of a change: the message that it is about, which may not have arrived yet. */
  target_whatsapp_message_id: z.string().nullable(),
  reactions: z.array(ReactionView),
  /** Of a poll: each option with its votes; null of anything else. */
  poll_results: z.array(PollResult).nullable(),
  /** Null for a type without a file, and where there is none at the moment (`media_state` says why). */
  media: MediaView.nullable(),
  media_state: MediaState,
  status: MessageStatus,
  /** Of what has left into a group; `status` is what all of them have of it. Null otherwise. */
  reach: MessageReach.nullable(),
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
  cancelled_at: z.iso.datetime().nullable(),
  /** When its text was changed last; `GET /api/messages/{id}/versions` has what it said before. */
  edited_at: z.iso.datetime().nullable(),
  /** When its writer deleted it for everyone: its text, its file and what it consisted of are gone here too. */
  deleted_at: z.iso.datetime().nullable(),
  /** The last reaction, edit or deletion of ours where WhatsApp did not take it; none that was dismissed. */
  failed_changes: z.array(FailedChangeView),
  /** Of a change that failed: when somebody let it be. */
  dismissed_at: z.iso.datetime().nullable(),
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

export const MessageFilter = z.object({
  /** These alone, as far as they are there, and for a change what it changes: up to 100 ids, with commas between them. */
  ids: idsOf(MessageId).optional(),
  session_id: SessionId.optional(),
  conversation_id: ConversationId.optional(),
  /** In every conversation of this person. */
  contact_id: ContactId.optional(),
  direction: MessageDirection.optional(),
  status: MessageStatus.optional(),
  /** Without it, everything but the changes. */
  type: MessageType.optional(),
  trigger: MessageTrigger.optional(),
  sent_by_user_id: UserId.optional(),
  sent_by_key_id: ApiKeyId.optional(),
  template_id: TemplateId.optional(),
  job_id: JobId.optional(),
  related_type: z.string().max(60).optional(),
  related_id: z.string().max(200).optional(),
  /** Accepted or arrived at this time or after. */
  since: z.iso.datetime().optional(),
  /** Accepted or arrived before this time. */
  until: z.iso.datetime().optional(),
  /** Whole words, in any order; what is written between them counts as it stands, `%` and `_` too. */
  text: z.string().trim().min(1).max(200).optional(),
});
export type MessageFilter = z.infer<typeof MessageFilter>;

/**
 * The newest first. What is seldom there is looked for a while at each page: a page may then have fewer items than `limit`, or
 * none, with a `next_cursor` that goes on.
 */
export const ListMessages = PageQuery.extend(MessageFilter.shape);
export type ListMessages = z.infer<typeof ListMessages>;

export const MessagePage = pageOf(MessageView);
export type MessagePage = z.infer<typeof MessagePage>;

/** What an edited message has said, the oldest first; the last is what it says now. */
export const MessageVersions = z.object({
  items: z.array(z.object({ text: z.string().nullable(), written_at: z.iso.datetime() })),
});
export type MessageVersions = z.infer<typeof MessageVersions>;
/** Of which number or chat; an absent body means all. */
export const CancelAll = z
  .object({ session_id: SessionId.optional(), conversation_id: ConversationId.optional() })
  .prefault({});
export type CancelAll = z.infer<typeof CancelAll>;

export const RetryAll = z
  .object({
    session_id: SessionId.optional(),
    conversation_id: ConversationId.optional(),
    /** Only what failed at this time or after. */
    since: z.iso.datetime().optional(),
  })
  .prefault({});
export type RetryAll = z.infer<typeof RetryAll>;

/** How many messages were changed. */
export const ChangedMessages = z.object({ count: z.number().int() });
export type ChangedMessages = z.infer<typeof ChangedMessages>;
