import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DomainError } from '../../kernel/domain-error.ts';

export class RequestInvalid extends DomainError {
  readonly code = 'request_invalid';
  readonly kind = 'invalid';
  readonly title = 'The request is not as described';
  constructor(issues: readonly StandardSchemaV1.Issue[]) {
    super('See `errors`: each names a field by JSON pointer and says what is wrong with it.', {
      errors: issues.map(({ path = [], message }) => ({
        pointer: `#/${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('/')}`,
        detail: message,
      })),
    });
  }
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = 'idempotency_key_reused';
  readonly kind = 'invalid';
  readonly title = 'This Idempotency-Key belongs to another request';
  constructor() {
    super('Use a new key for a new request; the same key only repeats the very same one.');
  }
}

export class RateLimited extends DomainError {
  readonly code = 'rate_limited';
  readonly kind = 'limit';
  readonly title = 'Too many requests';
  /** @param limit which of the limits, by name */
  constructor(limit: string, retryAfterSeconds: number) {
    super(
      `Try again in ${retryAfterSeconds} seconds, as the header Retry-After says. The header RateLimit tells how many are left.`,
      { limit, retry_after_seconds: retryAfterSeconds },
    );
  }
}

export class TextNotStorable extends DomainError {
  readonly code = 'text_not_storable';
  readonly kind = 'invalid';
  readonly title = 'A text has a character that cannot be kept';
  constructor() {
    super('Take the NUL character (U+0000) out of every text of the request.');
  }
}

export class DatabaseAway extends DomainError {
  readonly code = 'database_away';
  readonly kind = 'unavailable';
  readonly title = 'The database does not answer at the moment';
  constructor() {
    super('Try again in a moment, with the same Idempotency-Key if you sent one.');
  }
}
