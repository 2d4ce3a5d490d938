import { z } from 'zod';
import { AuditEntryId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';

/**
 * Everything that leaves an entry. `_requested`: a person asked for it; whether and when it came true the status says.
 * `looked_at`: whoever runs the installation did, into a conversation with the reason that he gave.
 */
export const AuditAction = z.enum([
  'alert.acknowledged',
  'alert_destination.created',
  'alert_destination.deleted',
  'alert_destination.tested',
  'api_key.created',
  'api_key.revoked',
  'audit_log.exported',
  'automation.created',
  'automation.deleted',
  'automation.tested',
  'automation.updated',
  'broadcast.cancelled',
  'broadcast.exported',
  'broadcast.launched',
  'broadcast.paused',
  'broadcast.resumed',
  'broadcast.retried',
  'contact.created',
  'contact.days_set',
  'contact.merge_undone',
  'contact.merged',
  'contact.opted_in',
  'contact.opted_out',
  'contact.tagged',
  'contact.updated',
  'contact_list.changed',
  'contact_list.created',
  'contact_list.deleted',
  'contact_list.renamed',
  'contact_tag.deleted',
  'contact_tag.renamed',
  'conversation.looked_at',
  'group.add_requested',
  'group.addition_cancelled',
  'group.addition_paused',
  'group.addition_resumed',
  'group.approve_requested',
  'group.create_requested',
  'group.demote_requested',
  'group.exported',
  'group.join_requested',
  'group.leave_requested',
  'group.link_reset_requested',
  'group.promote_requested',
  'group.reject_requested',
  'group.remove_requested',
  'group.tagged',
  'group.update_requested',
  'import.created',
  'invitation.created',
  'invitation.revoked',
  'job.cancelled',
  'job.created',
  'job.paused',
  'job.resumed',
  'job.retried',
  'member.joined',
  'member.left',
  'member.removed',
  'member.role_changed',
  'message.cancelled',
  'message.dismissed',
  'message.media_refetched',
  'message.retried',
  'messages.cancelled',
  'messages.exported',
  'messages.retried',
  'notification.cancelled',
  'opt_out_words.updated',
  'organization.created',
  'organization.deletion_requested',
  'organization.exported',
  'organization.looked_at',
  'organization.restored',
  'organization.suspended',
  'organization.unsuspended',
  'organization.updated',
  'session.connect_requested',
  'session.created',
  'session.deletion_requested',
  'session.disconnect_requested',
  'session.logout_requested',
  'session.statement_exported',
  'session.status_changed',
  'session.updated',
  'template.created',
  'template.deleted',
  'template.updated',
  'webhook_delivery.replayed',
  'webhook_endpoint.created',
  'webhook_endpoint.deleted',
  'webhook_endpoint.disabled',
  'webhook_endpoint.secret_rotated',
  'webhook_endpoint.tested',
  'webhook_endpoint.updated',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** What something is done to. */
export const AuditTargetType = z.enum([
  'api_key',
  'automation',
  'broadcast',
  'contact',
  'contact_list',
  'contact_tag',
  'conversation',
  'group',
  'alert',
  'alert_destination',
  'import',
  'invitation',
  'job',
  'member',
  'message',
  'notification',
  'organization',
  'session',
  'template',
  'webhook_delivery',
  'webhook_endpoint',
]);
export type AuditTargetType = z.infer<typeof AuditTargetType>;

export const AuditActorType = z.enum(['user', 'key', 'system']);
export type AuditActorType = z.infer<typeof AuditActorType>;

const AuditValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

export const AuditEntryView = z.object({
  id: AuditEntryId,
  time: z.iso.datetime(),
  actor: z.object({
    type: AuditActorType,
    /** Null for the system. */
    id: z.uuid().nullable(),
    /** What he was called then: a person's address, a key's name. */
    name: z.string(),
  }),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.uuid() }),
  /** By field; `from` is missing of what was made, `to` of what was taken away. */
  changes: z.record(z.string(), z.object({ from: AuditValue.optional(), to: AuditValue.optional() })),
  /** The IP address of the request; null where there was none. */
  address: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof AuditEntryView>;

export const AuditFilter = z.object({
  actor_type: AuditActorType.optional(),
  actor_id: z.uuid().optional(),
  action: AuditAction.optional(),
  target_type: AuditTargetType.optional(),
  target_id: z.uuid().optional(),
  /** At this time or after. */
  since: z.iso.datetime().optional(),
  /** Before this time. */
  until: z.iso.datetime().optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const ListAuditLogs = PageQuery.extend(AuditFilter.shape);
export type ListAuditLogs = z.infer<typeof ListAuditLogs>;

export const AuditPage = pageOf(AuditEntryView);
export type AuditPage = z.infer<typeof AuditPage>;
