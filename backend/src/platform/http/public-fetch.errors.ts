import { DomainError } from '../../kernel/domain-error.ts';

/** The address names a place that only this server could reach, or none at all. */
export class AddressNotAllowed extends DomainError {
  readonly code = 'address_not_allowed';
  readonly kind = 'invalid';
  readonly title = 'This address cannot be called';
  constructor(options?: ErrorOptions) {
    super('Give a public https or http address, without a user name, that leads to no private network.', {}, options);
  }
}

/** Nobody answered there, or not in time. */
export class AddressUnreachable extends DomainError {
  readonly code = 'address_unreachable';
  readonly kind = 'unavailable';
  readonly title = 'Nobody answers at this address';
  constructor(options?: ErrorOptions) {
    super('See whether the address is right and its server is running, then try again.', {}, options);
  }
}

export class TooManyRedirects extends DomainError {
  readonly code = 'too_many_redirects';
  readonly kind = 'invalid';
  readonly title = 'This address leads on and on';
  constructor() {
    super('Give the address at which the chain of redirects ends.');
  }
}

export class AnswerTooLarge extends DomainError {
  readonly code = 'answer_too_large';
  readonly kind = 'too-large';
  readonly title = 'The answer of this address is too large';
  constructor(bytesMax: number) {
    super('Have the server answer with less.', { bytes_max: bytesMax });
  }
}
