import type { AlertId, OrganizationId, SessionId, WebhookEndpointId } from '../../kernel/ids.ts';
import type { Fact } from '../../platform/facts/facts.ts';
import type { AlertKind, AlertResolution } from './alerts.dto.ts';

/** `session` or `webhookEndpoint`: what it is about. */
type Of = Readonly<{
  organization: OrganizationId;
  id: AlertId;
  session?: SessionId | null;
  webhookEndpoint?: WebhookEndpointId | null;
  kind: AlertKind;
}>;

const alertFact = (type: string, { organization, id, session, webhookEndpoint, kind }: Of, more: object): Fact => ({
  organization,
  type,
  version: 1,
  subject: id,
  payload: {
    alert_id: id,
    session_id: session ?? null,
    webhook_endpoint_id: webhookEndpoint ?? null,
    kind,
    ...more,
  },
});

/** Something needs a person; again, when `occurrences` is more than 1. Followed by the live socket. */
export const alertRaised = (of: Of, occurrences: number): Fact => alertFact('alert.raised', of, { occurrences });

/** A person has seen it. Followed by the live socket. */
export const alertAcknowledged = (of: Of): Fact => alertFact('alert.acknowledged', of, {});

/** Nobody has to do anything about it any more. Followed by the live socket. */
export const alertResolved = (of: Of, resolution: AlertResolution): Fact =>
  alertFact('alert.resolved', of, { resolution });

/** What became of something that was told there changed. Followed by the live socket. */
export const alertDestinationUpdated = (organization: OrganizationId, destination: string): Fact => ({
  organization,
  type: 'alert_destination.updated',
  version: 1,
  subject: destination,
  payload: { alert_destination_id: destination },
});
