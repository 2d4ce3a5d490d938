import { DomainError } from '../../kernel/domain-error.ts';
import type { BroadcastRefusal } from './broadcasts.dto.ts';

export class BroadcastNotFound extends DomainError {
  readonly code = 'broadcast_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such broadcast';
  constructor(id: string) {
    super('Choose one of the broadcasts of GET /api/broadcasts.', { broadcast_id: id });
  }
}

export class BroadcastTooLarge extends DomainError {
  readonly code = 'broadcast_too_large';
  readonly kind = 'invalid';
  readonly title = 'These are too many people to look at';
  constructor(max: number) {
    super('Choose fewer groups, tags or lists, and make several broadcasts of it.', { named_max: max });
  }
}

export class BroadcastRefused extends DomainError {
  readonly code = 'broadcast_refused';
  readonly kind = 'conflict';
  readonly title = 'This broadcast cannot be launched as it is';
  constructor(refusals: readonly Readonly<{ refusal: BroadcastRefusal; session_id: string | null; detail: string }>[]) {
    super(refusals.map(({ detail }) => detail).join(' '), { refusals });
  }
}

export class BroadcastChanged extends DomainError {
  readonly code = 'broadcast_changed';
  readonly kind = 'conflict';
  readonly title = 'It would go to another number of people by now';
  constructor(recipients: number) {
    super('Look at the preview again, then launch it with the number of recipients that it shows.', { recipients });
  }
}
