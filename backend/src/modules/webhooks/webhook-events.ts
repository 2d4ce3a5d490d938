import { z } from 'zod';
import { AlertKind, AlertResolution } from '../alerts/alerts.dto.ts';
import { ContactSummary } from '../contacts/contacts.dto.ts';
import { MessageView } from '../messages/messages.dto.ts';
import { SessionView } from '../sessions/sessions.dto.ts';
import type { WebhookEventType } from './webhooks.words.ts';

/**
 * One kind of event. `data` is what the body carries beside `type` and `timestamp`.
 * @param of where the data comes from: `message`, `session` and `contact` are what the API shows of the fact's subject at that moment,
 *   `fact` is the fact's own payload
 */
const event = <S extends z.ZodType>(
  of: 'message' | 'session' | 'contact' | 'fact',
  about: string,
  data: S,
  example: z.input<S>,
) => ({
  of,
  about,
  data,
  example,
});

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const AT = '2026-11-21T08:00:00.000Z';

const MESSAGE: z.input<typeof MessageView> = {
  id: ID,
  session_id: ID,
  conversation_id: ID,
  direction: 'inbound',
  sender: null,
  type: 'text',
  text: 'Are you open?',
  media: null,
  media_state: 'none',
  status: 'received',
  reach: null,
  waiting_for: null,
  waiting_until: null,
  error_code: null,
  whatsapp_message_id: '3EB0C767D26A1B2E5F83',
  priority: 5,
  scheduled_at: null,
  created_at: AT,
  sent_at: AT,
  delivered_at: null,
  read_at: null,
  played_at: null,
  failed_at: null,
  cancelled_at: null,
  edited_at: null,
  deleted_at: null,
  failed_changes: [],
  dismissed_at: null,
  content: null,
  reply_to: null,
  target_whatsapp_message_id: null,
  reactions: [],
  poll_results: null,
  sent_by: null,
  trigger: null,
  template_id: null,
  template_parameters: null,
  related_type: null,
  related_id: null,
  job_id: null,
};
const SENT: z.input<typeof MessageView> = { ...MESSAGE, direction: 'outbound', text: 'Until nine.', status: 'sent' };

const SESSION: z.input<typeof SessionView> = {
  id: ID,
  provider: 'baileys',
  name: 'Front desk',
  phone_number: '+972501234567',
  push_name: 'Acme',
  state: 'connected',
  reason: null,
  enabled: true,
  auto_reconnect: true,
  is_default: true,
  connected_since: AT,
  last_seen_at: AT,
  attempts: 0,
  state_since: AT,
  reject_calls: false,
  reject_calls_text: null,
  quiet_hours: null,
  proxy: null,
  color: null,
  max_per_minute: null,
  mark_online: true,
  read_receipts: true,
  import_history: true,
  new_chats_per_day: null,
  quiet_hours_of: 'number',
  reach_out_until: null,
  new_chat_quota: null,
  created_at: AT,
};

const CONTACT: z.input<typeof ContactSummary> = {
  id: ID,
  phone_number: '+972501234567',
  name: 'Noa',
  language: 'he',
  opted_out_at: null,
  opt_out_source: null,
  tags: [{ id: ID, name: 'VIP' }],
  created_at: AT,
};

const AlertData = z.object({
  alert_id: z.uuid(),
  session_id: z.uuid().nullable(),
  webhook_endpoint_id: z.uuid().nullable(),
  kind: AlertKind,
});
const ALERT: z.input<typeof AlertData> = {
  alert_id: ID,
  session_id: ID,
  webhook_endpoint_id: null,
  kind: 'logged_out',
};

/**
 * Everything that an endpoint can be told, by the name of its fact: a module adds its own with one line, here and in
 * `webhooks.words.ts`. A name and the shape
 * of its data are for ever; fields are added, and never change their meaning.
 */
export const WEBHOOK_EVENTS = {
  'message.created': event('message', 'A message came in, or was accepted to be sent.', MessageView, MESSAGE),
  'message.status': event(
    'message',
    'A message was sent, delivered, read, played, failed or cancelled, or its file arrived.',
    MessageView,
    SENT,
  ),
  'message.updated': event(
    'message',
    'A message was edited, deleted for everyone, reacted to, or voted on.',
    MessageView,
    { ...MESSAGE, reactions: [{ emoji: '👍', count: 1, mine: true }] },
  ),
  'session.status': event(
    'session',
    'A number connected, lost its connection or needs somebody.',
    SessionView,
    SESSION,
  ),
  'session.updated': event(
    'session',
    'Somebody changed what a number is called or how it behaves.',
    SessionView,
    SESSION,
  ),
  'conversation.read': event(
    'fact',
    'Somebody of the team read a conversation.',
    z.object({ conversation_id: z.uuid(), session_id: z.uuid() }),
    { conversation_id: ID, session_id: ID },
  ),
  'contact.created': event('contact', 'Somebody wrote or was added who was not known.', ContactSummary, CONTACT),
  'contact.updated': event(
    'contact',
    'Name, number, language, tags or the consent of a contact changed.',
    ContactSummary,
    CONTACT,
  ),
  'contact.merged': event(
    'fact',
    'Two contacts turned out to be one person, or, when it is undone, are two again.',
    z.object({ contact_id: z.uuid(), merged_contact_id: z.uuid(), merge_id: z.uuid(), undone: z.boolean() }),
    { contact_id: ID, merged_contact_id: ID, merge_id: ID, undone: false },
  ),
  'alert.raised': event('fact', 'Something needs a person.', AlertData.extend({ occurrences: z.number().int() }), {
    ...ALERT,
    occurrences: 1,
  }),
  'alert.resolved': event('fact', 'It needs nobody any more.', AlertData.extend({ resolution: AlertResolution }), {
    ...ALERT,
    resolution: 'recovered',
  }),
} as const satisfies Record<WebhookEventType, ReturnType<typeof event>>;

export const isWebhookEventType = (type: string): type is WebhookEventType => Object.hasOwn(WEBHOOK_EVENTS, type);

/** What a test tells: no endpoint can choose it, and every one gets it. */
export const TEST_EVENT = 'webhook.test';
export const TestData = z.object({ endpoint_id: z.uuid(), message: z.string() });

/** The body of a request to an endpoint. */
export const bodyOf = (type: string, at: Date, data: unknown): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data });
