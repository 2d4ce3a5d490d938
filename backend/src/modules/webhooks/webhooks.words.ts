/** Everything that an endpoint can be told; what each says is in `webhook-events.ts`. */
export const WEBHOOK_EVENT_TYPES = [
  'message.created',
  'message.status',
  'message.updated',
  'session.status',
  'session.updated',
  'conversation.read',
  'contact.created',
  'contact.updated',
  'contact.merged',
  'alert.raised',
  'alert.resolved',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];
