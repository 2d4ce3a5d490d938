import { z } from 'zod';
import { AlertDestinationId, AlertId, SessionId, WebhookEndpointId } from '../../kernel/ids.ts';
import { Language } from '../../kernel/language.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';

/**
 * What happened to a number that needs a person. The screen has a sentence and a cure for each.
 * - `unreachable` five attempts to connect failed in a row; `proxy_unreachable`, `proxy_refused` the same, for its proxy
 * - `silent` it said that it was connected and was found dead, three times within an hour
 * - `webhook_failing` a webhook endpoint takes nothing, or was switched off for it
 * - `logged_out`, `replaced`, `banned`, `outdated`, `passkey_required`, `keys_unreadable` as the reasons of a number
 */
export const AlertKind = z.enum([
  'unreachable',
  'proxy_unreachable',
  'proxy_refused',
  'silent',
  'logged_out',
  'replaced',
  'banned',
  'outdated',
  'passkey_required',
  'keys_unreadable',
  'webhook_failing',
]);
export type AlertKind = z.infer<typeof AlertKind>;

/** `recovered`: the number is well again; `withdrawn`: a person disconnected, unlinked or deleted it. */
export const AlertResolution = z.enum(['recovered', 'withdrawn']);
export type AlertResolution = z.infer<typeof AlertResolution>;

/**
 * A number dropped, or a webhook endpoint takes nothing, and needs a person. There is one open alert of a subject and kind,
 * however often it happens.
 */
export const AlertView = z.object({
  id: AlertId,
  /** The number that it is about, and its name; null when it is about a webhook endpoint. */
  session_id: SessionId.nullable(),
  session_name: z.string().nullable(),
  /** The endpoint that it is about, and what may be shown of its address; null when it is about a number. */
  webhook_endpoint_id: WebhookEndpointId.nullable(),
  webhook_host: z.string().nullable(),
  kind: AlertKind,
  /** How often it happened since `raised_at`. */
  occurrences: z.number().int(),
  raised_at: z.iso.datetime(),
  last_raised_at: z.iso.datetime(),
  acknowledged_at: z.iso.datetime().nullable(),
  /** What whoever acknowledged it was called then: a person's address, a key's name. */
  acknowledged_by: z.string().nullable(),
  resolved_at: z.iso.datetime().nullable(),
  resolution: AlertResolution.nullable(),
});
export type AlertView = z.infer<typeof AlertView>;

export const AlertPage = pageOf(AlertView);
export type AlertPage = z.infer<typeof AlertPage>;

export const ListAlerts = PageQuery.extend({
  /** `open`: what is not resolved. */
  status: z.enum(['open', 'all']).default('open'),
});
export type ListAlerts = z.infer<typeof ListAlerts>;

/** What a badge needs: open alerts, and those of them that nobody has acknowledged. */
export const AlertSummary = z.object({ open: z.number().int(), unacknowledged: z.number().int() });
export type AlertSummary = z.infer<typeof AlertSummary>;

/** What the caller wants to be told by mail, and in which language. */
export const AlertSettings = z.object({ by_mail: z.boolean(), language: Language });
export type AlertSettings = z.infer<typeof AlertSettings>;

/** What an incoming webhook takes: Slack's `{"text"}`, as most others do, or Discord's `{"content"}`. */
export const DestinationFormat = z.enum(['slack', 'discord']);
export type DestinationFormat = z.infer<typeof DestinationFormat>;

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

export const CreateAlertDestination = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(60),
  /** The address that Slack, Discord or another program shows for an incoming webhook. It is a secret, and never shown again. */
  url: z
    .string()
    .trim()
    .max(2000)
    .refine(isWebhookUrl, 'Paste the whole address of the webhook, as https://hooks.slack.com/services/…')
    .meta({ examples: ['https://hooks.slack.com/services/T000/B000/XXXX'] }),
  /** Only where its host does not tell. */
  format: DestinationFormat.optional(),
});
export type CreateAlertDestination = z.infer<typeof CreateAlertDestination>;

/** Where an organization is told of its alerts. */
export const AlertDestinationView = z.object({
  id: AlertDestinationId,
  name: z.string(),
  format: DestinationFormat,
  /** What may be shown of its address. */
  host: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  last_sent_at: z.iso.datetime().nullable(),
  /** Since when something was given up, if nothing arrived afterwards. */
  failing_since: z.iso.datetime().nullable(),
  /** Why, as `http_404`, `address_unreachable` or `address_not_allowed`. */
  last_error: z.string().nullable(),
});
export type AlertDestinationView = z.infer<typeof AlertDestinationView>;

export const AlertDestinationPage = pageOf(AlertDestinationView);
