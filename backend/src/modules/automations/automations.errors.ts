import { DomainError } from '../../kernel/domain-error.ts';

export class AutomationNotFound extends DomainError {
  readonly code = 'automation_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such automation';
  constructor(id: string) {
    super('Choose one of the automations of GET /api/automations.', { automation_id: id });
  }
}

export class AutomationLimit extends DomainError {
  readonly code = 'automation_limit_reached';
  readonly kind = 'conflict';
  readonly title = 'There are as many automations as there can be';
  constructor(max: number) {
    super('Delete automations that nobody needs.', { max });
  }
}

export class EventNameReserved extends DomainError {
  readonly code = 'event_name_reserved';
  readonly kind = 'invalid';
  readonly title = 'Only Wasel tells of this event';
  constructor(name: string) {
    super('Wasel sees it by itself. Give your own event another name.', { name });
  }
}

export class EventIdReused extends DomainError {
  readonly code = 'event_id_reused';
  readonly kind = 'conflict';
  readonly title = 'This event id was used for another event';
  constructor(eventId: string) {
    super('Give each event an id of its own. The same id is for telling the very same event again.', {
      event_id: eventId,
    });
  }
}
