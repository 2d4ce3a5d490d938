import type { DomainError } from './kernel/domain-error.ts';
import * as alerts from './modules/alerts/alerts.errors.ts';
import * as apiKeys from './modules/api-keys/api-keys.errors.ts';
import * as auth from './modules/auth/auth.errors.ts';
import * as automations from './modules/automations/automations.errors.ts';
import * as broadcasts from './modules/broadcasts/broadcasts.errors.ts';
import * as contacts from './modules/contacts/contacts.errors.ts';
import * as conversations from './modules/conversations/conversations.errors.ts';
import * as groups from './modules/groups/groups.errors.ts';
import * as exports from './modules/exports/exports.errors.ts';
import * as imports from './modules/imports/imports.errors.ts';
import * as jobs from './modules/jobs/jobs.errors.ts';
import * as mailbox from './modules/mailbox/mailbox.errors.ts';
import * as media from './modules/media/media.errors.ts';
import * as members from './modules/members/members.errors.ts';
import * as messages from './modules/messages/messages.errors.ts';
import * as notifications from './modules/notifications/notifications.errors.ts';
import * as organizations from './modules/organizations/organizations.errors.ts';
import * as sessions from './modules/sessions/sessions.errors.ts';
import * as templates from './modules/templates/templates.errors.ts';
import * as webhooks from './modules/webhooks/webhooks.errors.ts';
import * as http from './platform/http/http.errors.ts';
import * as publicFetch from './platform/http/public-fetch.errors.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** An example of every failure that has a name; `/problems/<code>` explains it. */
export const PROBLEMS: readonly DomainError[] = [
  new http.RequestInvalid([{ path: ['to'], message: 'Give the number with its country code, as in +972501234567.' }]),
  new http.IdempotencyKeyReused(),
  new http.RateLimited('requests', 42),
  new http.TextNotStorable(),
  new http.DatabaseAway(),
  new publicFetch.AddressNotAllowed(),
  new publicFetch.AddressUnreachable(),
  new publicFetch.TooManyRedirects(),
  new publicFetch.AnswerTooLarge(1024 * 1024),
  new auth.Unauthenticated(),
  new auth.NotPermitted({ role: 'viewer' }, 'sessions:manage'),
  new auth.PersonRequired(),
  new auth.OperatorOnly(),
  new auth.OrganizationRequired(2),
  new auth.OrganizationNotFound(),
  new auth.OrganizationSuspended('Unpaid since June.', 'support@example.com'),
  new auth.OrganizationDeleted(new Date('2026-12-01T08:00:00.000Z')),
  new auth.IssuerAway(),
  new organizations.OrganizationNameMismatch(),
  new organizations.NotDeleted(),
  new alerts.AlertNotFound(ID),
  new alerts.AlertDestinationNotFound(ID),
  new alerts.AlertDestinationLimit(10),
  new apiKeys.ApiKeyNotFound(ID),
  new members.MemberNotFound(ID),
  new members.LastOwner(),
  new members.AlreadyMember('dana@example.com'),
  new members.InvitationNotFound(ID),
  new members.InvitationGone(),
  new members.InvitationForAnother('dana@example.com'),
  new sessions.SessionNotFound(ID),
  new sessions.AlreadyConnected(ID),
  new sessions.AccountLimitReached(1),
  new sessions.SessionOffline(),
  new sessions.NotOnWhatsApp(),
  new sessions.MediaRejected(),
  new sessions.MediaExpired(),
  new sessions.StaleLease(ID),
  new sessions.KeysUnreadable(),
  new messages.MessageNotFound(ID),
  new messages.MediaNotLost('stored'),
  new messages.SessionRequired(),
  new messages.MentionAllNeedsGroup(),
  new messages.SessionNotLinked(ID),
  new messages.NotRetryable('delivered'),
  new messages.NotCancellable('sent'),
  new messages.NotDismissable('delivered'),
  new messages.MessageNotSent('queued'),
  new messages.MessageDeleted(),
  new messages.MessageNotYours(),
  new messages.MessageTooOld(15),
  new messages.MessageNotEditable('image'),
  new messages.MessageNotForwardable('poll'),
  new messages.ReplyElsewhere(),
  new contacts.ContactNotFound(ID),
  new contacts.ContactExists(ID),
  new contacts.ContactsAlreadyOne(ID),
  new contacts.ContactMergeNotFound(ID),
  new contacts.TagNotFound(ID),
  new contacts.ContactListNotFound(ID),
  new contacts.NameTaken('VIP'),
  new conversations.ConversationNotFound(ID),
  new groups.GroupNotFound('120363041234567890@g.us'),
  new groups.GroupActionNotFound(ID),
  new groups.GroupAdditionNotFound(ID),
  new groups.GroupAdditionOver('completed'),
  new groups.NotInGroup(),
  new groups.GroupAdminRequired(),
  new groups.GroupIsCommunity(),
  new groups.GroupRateLimited(),
  new groups.GroupGone(),
  new groups.GroupLinkInvalid(),
  new groups.GroupEntryRefused(),
  new groups.GroupFull(),
  new groups.GroupRefusedByWhatsApp(406),
  new groups.GroupActionInterrupted(),
  new mailbox.MailboxClosed(),
  new media.MediaNotFound(ID),
  new media.MediaTypeMismatch('image', 'application/pdf'),
  new media.MediaTooLarge(16 * 1024 * 1024),
  new media.MediaNotVoice(),
  new media.StickerSize(512),
  new media.MediaMissing(),
  new media.MediaEmpty(),
  new media.MediaLinkExpired(),
  new media.MediaStoreUnavailable(),
  new media.MediaGone(),
  new media.MediaInPreparation(),
  new exports.ExportLinkExpired(),
  new imports.ImportNotFound(ID),
  new imports.ImportUnreadable('csv_quote_not_closed', 17),
  new imports.ImportTooLarge(10_000, 20 * 1024 * 1024),
  new imports.ImportEmpty(),
  new imports.ImportNotReady('interrupted'),
  new imports.ImportNotMapped(),
  new imports.ImportChanged(997),
  new broadcasts.BroadcastNotFound(ID),
  new broadcasts.BroadcastTooLarge(100_000),
  new broadcasts.BroadcastRefused([
    { refusal: 'no_recipients', session_id: null, detail: 'Nobody would be written to.' },
  ]),
  new broadcasts.BroadcastChanged(997),
  new jobs.JobNotFound(ID),
  new jobs.JobNotPausable('completed'),
  new jobs.JobNotResumable('running'),
  new jobs.JobNotCancellable('completed'),
  new jobs.JobNothingFailed(ID),
  new templates.TemplateNotFound(ID),
  new templates.SystemTemplateFixed(ID),
  new templates.TemplateInactive(ID),
  new templates.TemplateVariablesMissing(ID, ['customer_name']),
  new templates.TemplateTextTooLong(1100, 1024),
  new templates.TemplateLimit(1000),
  new notifications.NotificationNotFound(ID),
  new notifications.NotificationNotCancellable('completed'),
  new notifications.SmsNotSupported(),
  new notifications.MailLimitReached(500),
  new automations.AutomationNotFound(ID),
  new automations.AutomationLimit(200),
  new automations.EventNameReserved('message_received'),
  new automations.EventIdReused('invoice-1042-due'),
  new webhooks.WebhookEndpointNotFound(ID),
  new webhooks.WebhookEndpointLimit(20),
  new webhooks.WebhookEndpointDisabled(ID),
  new webhooks.WebhookDeliveryNotFound(ID),
];
