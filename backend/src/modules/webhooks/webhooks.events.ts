import type { OrganizationId } from '../../kernel/ids.ts';
import type { Fact } from '../../platform/facts/facts.ts';

/** An endpoint was made, changed or deleted, fails, or takes things again. Followed by the live socket. */
export const webhookEndpointUpdated = (organization: OrganizationId, endpoint: string): Fact => ({
  organization,
  type: 'webhook_endpoint.updated',
  version: 1,
  subject: endpoint,
  payload: { webhook_endpoint_id: endpoint },
});

/** Something was given up. Followed by the live socket. */
export const deliveryFailed = (organization: OrganizationId, endpoint: string, delivery: string): Fact => ({
  organization,
  type: 'delivery.failed',
  version: 1,
  subject: delivery,
  payload: { webhook_delivery_id: delivery, webhook_endpoint_id: endpoint },
});
