/**
 * The wire between dashboard and backend: schemas and their types. The dashboard takes the types; what it needs at work is
 * in `contract-words.ts`, because a schema brings Zod into every page.
 */
export * from './kernel/ids.ts';
export * from './kernel/language.ts';
export * from './kernel/live-events.ts';
export * from './kernel/page.ts';
export * from './kernel/phone.ts';
export * from './kernel/problem.ts';
export * from './modules/alerts/alerts.dto.ts';
export * from './modules/api-keys/api-keys.dto.ts';
export * from './modules/audit/audit.dto.ts';
export * from './modules/auth/auth.dto.ts';
export * from './modules/auth/permissions.dto.ts';
export * from './modules/automations/automations.dto.ts';
export * from './modules/contacts/contacts.dto.ts';
export * from './modules/conversations/conversations.dto.ts';
export * from './modules/broadcasts/broadcasts.dto.ts';
export * from './modules/bulk/bulk.dto.ts';
export * from './modules/groups/group-actions.dto.ts';
export * from './modules/groups/group-additions.dto.ts';
export * from './modules/groups/groups.dto.ts';
export * from './modules/imports/imports.dto.ts';
export * from './modules/jobs/jobs.dto.ts';
export * from './modules/media/media.dto.ts';
export * from './modules/mailbox/mailbox.dto.ts';
export * from './modules/members/invitations.dto.ts';
export * from './modules/members/members.dto.ts';
export * from './modules/messages/message-content.dto.ts';
export * from './modules/messages/message-report.dto.ts';
export * from './modules/messages/messages.dto.ts';
export * from './modules/messages/send-message.dto.ts';
export * from './modules/notifications/notifications.dto.ts';
export * from './modules/opt-outs/opt-outs.dto.ts';
export * from './modules/operator/operator.dto.ts';
export * from './modules/organizations/organizations.dto.ts';
export * from './modules/exports/exports.dto.ts';
export * from './modules/sessions/sessions.dto.ts';
export * from './modules/templates/templates.dto.ts';
export * from './modules/webhooks/webhooks.dto.ts';
