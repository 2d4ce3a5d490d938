import { DomainError } from '../../kernel/domain-error.ts';

export class WebhookEndpointNotFound extends DomainError {
  readonly code = 'webhook_endpoint_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such webhook endpoint';
  constructor(id: string) {
    super('Choose one of the endpoints of GET /api/webhook-endpoints.', { webhook_endpoint_id: id });
  }
}

export class WebhookEndpointLimit extends DomainError {
  readonly code = 'webhook_endpoint_limit';
  readonly kind = 'conflict';
  readonly title = 'There are as many webhook endpoints as there can be';
  constructor(limit: number) {
    super('Remove one that is not needed any more, then add this one.', { limit });
  }
}

export class WebhookEndpointDisabled extends DomainError {
  readonly code = 'webhook_endpoint_disabled';
  readonly kind = 'conflict';
  readonly title = 'This webhook endpoint is switched off';
  constructor(id: string) {
    super('Switch it on, then replay.', { webhook_endpoint_id: id });
  }
}

export class WebhookDeliveryNotFound extends DomainError {
  readonly code = 'webhook_delivery_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such delivery';
  constructor(id: string) {
    super('Choose one of the deliveries of GET /api/webhook-deliveries.', { webhook_delivery_id: id });
  }
}
