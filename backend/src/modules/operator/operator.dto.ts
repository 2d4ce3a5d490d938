import { z } from 'zod';
import { ConversationId, MessageId, OrganizationId, SessionId, UserId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { AuditEntryView } from '../audit/audit.dto.ts';
import { Role } from '../auth/permissions.dto.ts';
import { MessageDirection, MessageStatus, MessageType } from '../messages/messages.dto.ts';
import { SessionReason, SessionState } from '../sessions/sessions.dto.ts';

/** Everything that whoever runs the installation leaves an entry of. */
export const OperatorAuditAction = z.enum([
  'super_admin.granted',
  'super_admin.revoked',
  'organization.looked_at',
  'organization.suspended',
  'organization.unsuspended',
  'conversation.looked_at',
]);
export type OperatorAuditAction = z.infer<typeof OperatorAuditAction>;

const Reason = z.string().trim().min(3, 'Say why, in words: it is written down.').max(500);

/** Why, in words that the people of the organization read. */
export const SuspendOrganization = z.object({ reason: Reason });
export type SuspendOrganization = z.infer<typeof SuspendOrganization>;

/** Why somebody looks at what others wrote: it stands in his log and in that of the organization. Each page is a look. */
export const LookAtMessages = z.object({ reason: Reason, ...PageQuery.shape });
export type LookAtMessages = z.infer<typeof LookAtMessages>;

const Count = z.number().int();
/** Seconds; 0 where there is nothing. */
const Age = z.number();

const NumbersByState = z.object({
  connected: Count,
  connecting: Count,
  qr_pending: Count,
  disconnected: Count,
  error: Count,
});

/** An organization as whoever runs the installation sees it among all. */
export const OperatorOrganization = z.object({
  id: OrganizationId,
  name: z.string(),
  country: z.string(),
  created_at: z.iso.datetime(),
  /** Of its oldest owner; null for one that is being deleted. */
  owner_email: z.string().nullable(),
  member_count: Count,
  numbers_by_state: NumbersByState,
  /** In and out, of the last 24 hours. */
  messages_24h: Count,
  suspension: z.object({ reason: z.string(), suspended_at: z.iso.datetime() }).nullable(),
});
export type OperatorOrganization = z.infer<typeof OperatorOrganization>;

export const ListOperatorOrganizations = PageQuery.extend({
  /** Part of its name or of an owner's address, or its whole id. */
  search: z.string().trim().max(200).optional(),
  /** `true`: those that are suspended only. */
  suspended: z.enum(['true']).optional(),
});
export type ListOperatorOrganizations = z.infer<typeof ListOperatorOrganizations>;

export const OperatorOrganizationPage = pageOf(OperatorOrganization);
export type OperatorOrganizationPage = z.infer<typeof OperatorOrganizationPage>;

export const OperatorNumber = z.object({
  id: SessionId,
  name: z.string(),
  phone_number: z.string().nullable(),
  state: SessionState,
  reason: SessionReason.nullable(),
  state_since: z.iso.datetime(),
  /** Its last sign of life. */
  last_seen_at: z.iso.datetime().nullable(),
  /** Messages that WhatsApp has not acknowledged. */
  queued: Count,
  oldest_queued_at: z.iso.datetime().nullable(),
});
export type OperatorNumber = z.infer<typeof OperatorNumber>;

/** One organization, without anything that people wrote: the first hundred members and numbers, the last twenty entries of its log. */
export const OperatorOrganizationDetail = OperatorOrganization.extend({
  language: z.string(),
  time_zone: z.string(),
  members: z.array(z.object({ id: UserId, name: z.string(), email: z.string(), role: Role })),
  numbers: z.array(OperatorNumber),
  activity: z.array(AuditEntryView),
});
export type OperatorOrganizationDetail = z.infer<typeof OperatorOrganizationDetail>;

export const OperatorConversation = z.object({
  id: ConversationId,
  session_name: z.string(),
  /** The country code and the last digits, to tell it from others; null where it is not known. */
  phone_number_masked: z.string().nullable(),
  is_group: z.boolean(),
  last_message_at: z.iso.datetime(),
});
export type OperatorConversation = z.infer<typeof OperatorConversation>;

export const OperatorConversationPage = pageOf(OperatorConversation);
export type OperatorConversationPage = z.infer<typeof OperatorConversationPage>;

export const OperatorMessage = z.object({
  id: MessageId,
  direction: MessageDirection,
  type: MessageType,
  text: z.string().nullable(),
  file_name: z.string().nullable(),
  status: MessageStatus,
  created_at: z.iso.datetime(),
});
export type OperatorMessage = z.infer<typeof OperatorMessage>;

export const OperatorMessagePage = pageOf(OperatorMessage);
export type OperatorMessagePage = z.infer<typeof OperatorMessagePage>;

/** How the installation is, at this moment. */
export const OperatorHealth = z.object({
  organizations: Count,
  suspended: Count,
  /** Those that the database hears; `sessions` is how many numbers each runs. */
  nodes: z.array(z.object({ id: z.string(), sessions: Count })),
  numbers_by_state: NumbersByState,
  /** Connected numbers that heard nothing for two minutes. */
  numbers_silent: Count,
  /** Numbers that should run and that no node runs. */
  numbers_unowned: Count,
  /** Not acknowledged by WhatsApp: `due` of numbers that are connected, `held` of those that are not or are suspended. */
  outbox: z.object({ due: Count, due_oldest_seconds: Age, held: Count, held_oldest_seconds: Age }),
  /** Delivered and not stored as a message yet. */
  inbox: z.object({ rows: Count, oldest_seconds: Age }),
  /** `failed` were given up in the last seven days. */
  mails: z.object({ waiting: Count, oldest_seconds: Age, failed: Count }),
  /** How far whoever follows what happens is held back. */
  facts_lag_seconds: Age,
  database: z.object({ size_bytes: z.number(), connections: Count, connections_max: Count }),
});
export type OperatorHealth = z.infer<typeof OperatorHealth>;

/** An entry of the log of whoever runs the installation. */
export const OperatorAuditEntry = AuditEntryView.extend({
  target: z.object({ type: z.string(), id: z.uuid(), /** What it was called then. */ name: z.string() }),
});
export type OperatorAuditEntry = z.infer<typeof OperatorAuditEntry>;

export const OperatorAuditPage = pageOf(OperatorAuditEntry);
export type OperatorAuditPage = z.infer<typeof OperatorAuditPage>;
