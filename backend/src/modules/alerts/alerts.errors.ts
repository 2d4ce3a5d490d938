import { DomainError } from '../../kernel/domain-error.ts';

export class AlertNotFound extends DomainError {
  readonly code = 'alert_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such alert';
  constructor(id: string) {
    super('Choose one of the alerts of GET /api/alerts.', { alert_id: id });
  }
}

export class AlertDestinationNotFound extends DomainError {
  readonly code = 'alert_destination_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such destination of alerts';
  constructor(id: string) {
    super('Choose one of the destinations of GET /api/alert-destinations.', { alert_destination_id: id });
  }
}

export class AlertDestinationLimit extends DomainError {
  readonly code = 'alert_destination_limit';
  readonly kind = 'conflict';
  readonly title = 'There are as many destinations of alerts as there can be';
  constructor(limit: number) {
    super('Remove one that is not needed any more, then add this one.', { limit });
  }
}
