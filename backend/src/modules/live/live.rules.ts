import type { LiveEventName } from '../../kernel/live-events.ts';
import type { StoredFact } from '../../platform/facts/fact-log.ts';

/** Facts that browsers are told, under their own names. */
export const LIVE_FACTS = [
  'session.status',
  'session.updated',
  'message.created',
  'message.status',
  'message.updated',
  'conversation.read',
  'group.action',
  'group.requests',
  'group.updated',
  'contact.created',
  'contact.updated',
  'contact.merged',
  'organization.suspended',
  'organization.unsuspended',
  'organization.deletion_requested',
  'organization.restored',
  'alert.raised',
  'alert.acknowledged',
  'alert.resolved',
  'alert_destination.updated',
  'webhook_endpoint.updated',
  'delivery.failed',
] as const satisfies readonly LiveEventName[];

/** Facts after which a person may hear more or less than before, or nothing; their subject is the person. */
const ACCESS_FACTS = new Set(['member.role_changed', 'member.removed']);

export const changesAccess = (fact: StoredFact): boolean => ACCESS_FACTS.has(fact.type);

export type LiveFact = StoredFact & { readonly type: (typeof LIVE_FACTS)[number] };

export const isLive = (fact: StoredFact): fact is LiveFact => (LIVE_FACTS as readonly string[]).includes(fact.type);

/**
 * True for a page of this very host or of an allowed origin. Only browsers send an origin, and they tell the truth about
 * it; other clients have none.
 */
export function mayConnectFrom(
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
