import { z } from 'zod';
import {
  ApiKeyId,
  ContactId,
  ConversationId,
  JobId,
  MessageId,
  SessionId,
  TemplateId,
  UserId,
} from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import { GroupJid } from '../groups/groups.dto.ts';
import {
  CHANGES,
  ListMessages,
  MessageDirection,
  MessageFilter,
  MessageStatus,
  MessageTrigger,
  MessageType,
  WaitingReason,
} from './messages.dto.ts';

/** A person, or a program with a key. The name is null of who is no member any more. */
export const Sender = z.union([
  z.object({ type: z.literal('user'), id: UserId, name: z.string().nullable() }),
  z.object({ type: z.literal('key'), id: ApiKeyId, name: z.string().nullable() }),
]);
export type Sender = z.infer<typeof Sender>;

/** Whoever has sent a message, people first, each by name. Whose name is null is no member any more. */
export const MessageSenders = z.object({ items: z.array(Sender) });
export type MessageSenders = z.infer<typeof MessageSenders>;

/** A message as the report has it: with the names of what it is between, and without what only a chat shows. */
export const ReportedMessage = z.object({
  id: MessageId,
  created_at: z.iso.datetime(),
  session: z.object({ id: SessionId, name: z.string() }),
  conversation_id: ConversationId,
  /** Null of a group. */
  contact: z
    .object({
      id: ContactId,
      /** As a member named him, else as he calls himself. */
      name: z.string().nullable(),
      phone_number: z.string().nullable(),
    })
    .nullable(),
  /** That it was written in; null between two. */
  group: z.object({ jid: GroupJid, subject: z.string() }).nullable(),
  direction: MessageDirection,
  type: MessageType,
  text: z.string().nullable(),
  status: MessageStatus,
  /** Why it failed, a stable code; null otherwise. */
  error_code: z.string().nullable(),
  scheduled_at: z.iso.datetime().nullable(),
  sent_at: z.iso.datetime().nullable(),
  delivered_at: z.iso.datetime().nullable(),
  read_at: z.iso.datetime().nullable(),
  played_at: z.iso.datetime().nullable(),
  failed_at: z.iso.datetime().nullable(),
  cancelled_at: z.iso.datetime().nullable(),
  trigger: MessageTrigger.nullable(),
  sent_by: Sender.nullable(),
  template_id: TemplateId.nullable(),
  job_id: JobId.nullable(),
  related_type: z.string().nullable(),
  related_id: z.string().nullable(),
});
export type ReportedMessage = z.infer<typeof ReportedMessage>;

export const ReportMessages = ListMessages;
export type ReportMessages = z.infer<typeof ReportMessages>;

export const MessageReportPage = pageOf(ReportedMessage);
export type MessageReportPage = z.infer<typeof MessageReportPage>;

export const ExportMessages = MessageFilter.extend({ format: z.enum(['csv', 'json']).default('csv') });
export type ExportMessages = z.infer<typeof ExportMessages>;

/**
 * `accepted` it was asked for, `received` it came in; `scheduled` it is to leave at `until`; `attempt_failed` one try was
 * refused, and the next one is at `until`; `failed` it was given up; `retried` somebody had it sent again; `change_failed` a
 * `change` of it was given up, and it is as it was.
 */
export const TimelineStep = z.enum([
  'accepted',
  'received',
  'scheduled',
  'attempt_failed',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'retried',
  'cancelled',
  'edited',
  'change_failed',
  'deleted',
]);
export type TimelineStep = z.infer<typeof TimelineStep>;

export const TimelineEvent = z.object({
  step: TimelineStep,
  at: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  /** Of a try: which one it was, the first is 1. */
  attempt: z.number().int().nullable(),
  /** Why it went wrong: a stable code, and what to do about it. */
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** Which kind of change was given up. */
  change: z.enum(CHANGES).nullable(),
  /** Who had it sent again. */
  by: Sender.nullable(),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

/** What became of a message, the first step first. */
export const MessageTimeline = z.object({
  items: z.array(TimelineEvent),
  /** Why it does not leave now, as the message itself says it. */
  waiting_for: WaitingReason.nullable(),
  waiting_until: z.iso.datetime().nullable(),
});
export type MessageTimeline = z.infer<typeof MessageTimeline>;
