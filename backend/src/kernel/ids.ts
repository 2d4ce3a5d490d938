import { v7 } from 'uuid';
import { z } from 'zod';

/** Ids are UUIDv7: unique without a round trip, and in the order of their making, so that keyset pages need no second column. */
export const newId = (): string => v7();

/** The least id that something of this moment can have: UUIDv7 begins with the time. */
export function firstIdAt(at: Date): string {
  const ms = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
}

export const OrganizationId = z.uuid().brand<'OrganizationId'>();
export type OrganizationId = z.infer<typeof OrganizationId>;

export const UserId = z.uuid().brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

export const SessionId = z.uuid().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const ContactId = z.uuid().brand<'ContactId'>();
export type ContactId = z.infer<typeof ContactId>;

export const ConversationId = z.uuid().brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;

export const MessageId = z.uuid().brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const MediaId = z.uuid().brand<'MediaId'>();
export type MediaId = z.infer<typeof MediaId>;

export const AuditEntryId = z.uuid().brand<'AuditEntryId'>();
export type AuditEntryId = z.infer<typeof AuditEntryId>;

export const InvitationId = z.uuid().brand<'InvitationId'>();
export type InvitationId = z.infer<typeof InvitationId>;

export const ApiKeyId = z.uuid().brand<'ApiKeyId'>();
export type ApiKeyId = z.infer<typeof ApiKeyId>;

export const AlertId = z.uuid().brand<'AlertId'>();
export type AlertId = z.infer<typeof AlertId>;

export const AlertDestinationId = z.uuid().brand<'AlertDestinationId'>();
export type AlertDestinationId = z.infer<typeof AlertDestinationId>;

export const TemplateId = z.uuid().brand<'TemplateId'>();
export type TemplateId = z.infer<typeof TemplateId>;

export const JobId = z.uuid().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

export const GroupId = z.uuid().brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;

export const GroupParticipantId = z.uuid().brand<'GroupParticipantId'>();
export type GroupParticipantId = z.infer<typeof GroupParticipantId>;
export const GroupActionId = z.uuid().brand<'GroupActionId'>();
export type GroupActionId = z.infer<typeof GroupActionId>;

export const GroupAdditionId = z.uuid().brand<'GroupAdditionId'>();
export type GroupAdditionId = z.infer<typeof GroupAdditionId>;

export const ImportId = z.uuid().brand<'ImportId'>();
export type ImportId = z.infer<typeof ImportId>;
export const WebhookEndpointId = z.uuid().brand<'WebhookEndpointId'>();
export type WebhookEndpointId = z.infer<typeof WebhookEndpointId>;

export const WebhookDeliveryId = z.uuid().brand<'WebhookDeliveryId'>();
export type WebhookDeliveryId = z.infer<typeof WebhookDeliveryId>;

export const NotificationId = z.uuid().brand<'NotificationId'>();
export type NotificationId = z.infer<typeof NotificationId>;

export const AutomationId = z.uuid().brand<'AutomationId'>();
export type AutomationId = z.infer<typeof AutomationId>;

export const ContactMergeId = z.uuid().brand<'ContactMergeId'>();
export type ContactMergeId = z.infer<typeof ContactMergeId>;

export const TagId = z.uuid().brand<'TagId'>();
export type TagId = z.infer<typeof TagId>;

export const ContactListId = z.uuid().brand<'ContactListId'>();
export type ContactListId = z.infer<typeof ContactListId>;

/** Of a broadcast and its job. */
export const BroadcastId = JobId.brand<'BroadcastId'>();
export type BroadcastId = z.infer<typeof BroadcastId>;
