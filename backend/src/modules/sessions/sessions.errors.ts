import { DomainError } from '../../kernel/domain-error.ts';

export class SessionNotFound extends DomainError {
  readonly code = 'session_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such number';
  constructor(id: string) {
    super('Choose one of the numbers of GET /api/sessions.', { session_id: id });
  }
}

export class AlreadyConnected extends DomainError {
  readonly code = 'already_connected';
  readonly kind = 'not-found';
  readonly title = 'This number is already linked';
  constructor(id: string) {
    super('There is nothing to scan. To link another phone, log this number out first.', { session_id: id });
  }
}

export class AccountLimitReached extends DomainError {
  readonly code = 'account_limit_reached';
  readonly kind = 'forbidden';
  readonly title = 'Your plan has no room for another number';
  constructor(limit: number) {
    super('Delete a number that you no longer need, or choose a larger plan.', { limit });
  }
}

export class SessionOffline extends DomainError {
  readonly code = 'session_offline';
  readonly kind = 'unavailable';
  readonly title = 'This number is not connected at the moment';
  constructor(options?: ErrorOptions) {
    super('It is tried again as soon as the number is back.', {}, options);
  }
}

export class NotOnWhatsApp extends DomainError {
  readonly code = 'not_on_whatsapp';
  readonly kind = 'invalid';
  readonly title = 'This number is not on WhatsApp';
  constructor() {
    super('Check the number with the person, country code included.');
  }
}

export class MediaRejected extends DomainError {
  readonly code = 'media_rejected';
  readonly kind = 'invalid';
  readonly title = 'WhatsApp cannot take this file';
  constructor(options?: ErrorOptions) {
    super('Send it as a document, or in another format.', {}, options);
  }
}

export class MediaExpired extends DomainError {
  readonly code = 'media_expired';
  readonly kind = 'not-found';
  readonly title = 'WhatsApp no longer has this file';
  constructor(options?: ErrorOptions) {
    super('Ask the sender to send it again.', {}, options);
  }
}

/** Another node owns the session now. Never reaches a caller: whoever meets it stops acting for the session. */
export class StaleLease extends DomainError {
  readonly code = 'stale_lease';
  readonly kind = 'conflict';
  readonly title = 'Another node runs this number now';
  constructor(session: string) {
    super('Nothing was changed.', { session_id: session });
  }
}

/** The keys are there and cannot be read: never to be taken for a number that is not linked. */
export class KeysUnreadable extends DomainError {
  readonly code = 'keys_unreadable';
  readonly kind = 'unavailable';
  readonly title = 'The keys of this number cannot be decrypted';
  constructor(options?: ErrorOptions) {
    super(
      'Put the encryption key that sealed them back into ENCRYPTION_KEYS and start again. The link is not lost.',
      {},
      options,
    );
  }
}
