import { z } from 'zod';
import { WebhookDeliveryId, WebhookEndpointId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { WEBHOOK_EVENT_TYPES } from './webhooks.words.ts';

const WebhookEventType = z.enum(WEBHOOK_EVENT_TYPES);

function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

const Url = z
  .string()
  .trim()
  .max(2000)
  .refine(isWebhookUrl, 'Give the whole address, as https://example.com/webhooks/wasel.')
  .meta({ examples: ['https://example.com/webhooks/wasel'] });

const EventTypes = z
  .array(WebhookEventType)
  .min(1, 'Choose at least one event, or all.')
  .max(WEBHOOK_EVENT_TYPES.length)
  .transform((types) => [...new Set(types)])
  .nullable();

const Description = z.string().trim().max(200);

export const CreateWebhookEndpoint = z.object({
  url: Url,
  description: Description.optional(),
  /** What it is told; null or missing: everything, also what is added later. */
  event_types: EventTypes.optional(),
  enabled: z.boolean().optional(),
});
export type CreateWebhookEndpoint = z.infer<typeof CreateWebhookEndpoint>;

export const UpdateWebhookEndpoint = z.object({
  url: Url.optional(),
  description: Description.optional(),
  event_types: EventTypes.optional(),
  /** False: nothing is told there, and what happens meanwhile is not kept for it. */
  enabled: z.boolean().optional(),
});
export type UpdateWebhookEndpoint = z.infer<typeof UpdateWebhookEndpoint>;

/** Why nothing is told there: `person` somebody switched it off, `gone` it answered 410, `failing` it took nothing for days. */
export const WebhookDisabledReason = z.enum(['person', 'gone', 'failing']);
export type WebhookDisabledReason = z.infer<typeof WebhookDisabledReason>;

/** Where an organization is told what happens. */
export const WebhookEndpointView = z.object({
  id: WebhookEndpointId,
  url: z.string(),
  description: z.string(),
  /** Null: everything. */
  event_types: z.array(WebhookEventType).nullable(),
  enabled: z.boolean(),
  disabled_reason: WebhookDisabledReason.nullable(),
  disabled_at: z.iso.datetime().nullable(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  /** When it last took something. */
  last_success_at: z.iso.datetime().nullable(),
  /** Since when it takes nothing; null while it does. */
  failing_since: z.iso.datetime().nullable(),
  last_failure_at: z.iso.datetime().nullable(),
  /** Why it did not, as `http_500`, `timed_out` or `address_not_allowed`. */
  last_error: z.string().nullable(),
  /** What waits to be told there, those included that are tried again; counted to 1,000. */
  waiting: z.number().int(),
  /** What was given up there and not replayed; counted to 1,000. */
  failed: z.number().int(),
  /** Until then the secret before this one signs, too. */
  previous_secret_expires_at: z.iso.datetime().nullable(),
});
export type WebhookEndpointView = z.infer<typeof WebhookEndpointView>;

export const WebhookEndpointPage = pageOf(WebhookEndpointView);

/** The one answer that has the secret, `whsec_…`. It is never shown again. */
export const WebhookEndpointWithSecret = WebhookEndpointView.extend({ secret: z.string() });
export type WebhookEndpointWithSecret = z.infer<typeof WebhookEndpointWithSecret>;

/** `waiting` to be tried, or tried again; `failed`: given up, until somebody replays it. */
export const WebhookDeliveryState = z.enum(['waiting', 'delivered', 'failed']);
export type WebhookDeliveryState = z.infer<typeof WebhookDeliveryState>;

/** One event at one endpoint. */
export const WebhookDeliveryView = z.object({
  id: WebhookDeliveryId,
  endpoint_id: WebhookEndpointId,
  /** The `webhook-id` of every request that tells it. */
  event_id: z.uuid(),
  /** An event type, or `webhook.test`. */
  type: z.string(),
  state: WebhookDeliveryState,
  /** Tries since it was written, or replayed. */
  attempts: z.number().int(),
  /** When it is tried next, if it waits; its endpoint may ask for more patience. */
  next_attempt_at: z.iso.datetime().nullable(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  created_at: z.iso.datetime(),
  settled_at: z.iso.datetime().nullable(),
  replayed_at: z.iso.datetime().nullable(),
});
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>;

export const WebhookDeliveryPage = pageOf(WebhookDeliveryView);

/** One try. */
export const WebhookAttemptView = z.object({
  id: z.uuid(),
  attempted_at: z.iso.datetime(),
  duration_ms: z.number().int(),
  /** What was sent beside the body. */
  headers: z.record(z.string(), z.string()),
  /** Null when nothing was answered. */
  status: z.number().int().nullable(),
  /** The first 4 kB of the answer, as text. */
  answer: z.string().nullable(),
  /** Null when it was taken. */
  error: z.string().nullable(),
});
export type WebhookAttemptView = z.infer<typeof WebhookAttemptView>;

export const WebhookDeliveryDetail = WebhookDeliveryView.extend({
  url: z.string(),
  /** The very bytes of every request that tells it. */
  body: z.string(),
  /** The last 50, the newest first. */
  tries: z.array(WebhookAttemptView),
});
export type WebhookDeliveryDetail = z.infer<typeof WebhookDeliveryDetail>;

const Filter = {
  endpoint_id: WebhookEndpointId.optional(),
  state: WebhookDeliveryState.optional(),
  type: z.string().max(60).optional(),
  /** Written at this time or after. */
  from: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2026-11-01T00:00:00Z'] }),
  /** Written before this time. */
  to: z.iso
    .datetime()
    .optional()
    .meta({ examples: ['2099-12-31T00:00:00Z'] }),
};

export const ListWebhookDeliveries = PageQuery.extend(Filter);
export type ListWebhookDeliveries = z.infer<typeof ListWebhookDeliveries>;

/** Tells again what is `delivered` or `failed`; what waits is left alone. */
export const ReplayWebhookDeliveries = z.object({
  ...Filter,
  state: z.enum(['delivered', 'failed']).optional(),
  /** Only says how many there are. */
  dry_run: z.boolean().optional(),
});
export type ReplayWebhookDeliveries = z.infer<typeof ReplayWebhookDeliveries>;

export const ReplayQuery = z.object({
  /** The `next_cursor` of the call before, to go on where it stopped. */
  cursor: z.string().max(200).optional(),
});
export type ReplayQuery = z.infer<typeof ReplayQuery>;

/** `next_cursor` is null when there are no more; else there are more than one call takes. */
export const WebhookReplay = z.object({ count: z.number().int(), next_cursor: z.string().nullable() });
export type WebhookReplay = z.infer<typeof WebhookReplay>;
