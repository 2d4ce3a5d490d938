import { DomainError } from '../../kernel/domain-error.ts';

export class MessageNotFound extends DomainError {
  readonly code = 'message_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such message';
  constructor(id: string) {
    super('Choose one of the messages of GET /api/messages.', { message_id: id });
  }
}

export class SessionRequired extends DomainError {
  readonly code = 'session_required';
  readonly kind = 'invalid';
  readonly title = 'Which number shall it leave from?';
  constructor() {
    super('Name a session_id, or make one of your numbers the default.');
  }
}

export class SessionNotLinked extends DomainError {
  readonly code = 'session_not_linked';
  readonly kind = 'conflict';
  readonly title = 'This number is not linked to a phone';
  constructor(id: string) {
    super('Link it first: connect it and scan its QR code with the phone.', { session_id: id });
  }
}

export class NotRetryable extends DomainError {
  readonly code = 'message_not_retryable';
  readonly kind = 'conflict';
  readonly title = 'This message cannot be sent again';
  constructor(status: string) {
    super('Only messages that failed can be sent again.', { status });
  }
}

export class MediaNotLost extends DomainError {
  readonly code = 'message_media_not_lost';
  readonly kind = 'conflict';
  readonly title = 'There is no file to ask for again';
  constructor(mediaState: string) {
    super('Only files of received messages that could not be had can be asked for again.', { media_state: mediaState });
  }
}

export class NotCancellable extends DomainError {
  readonly code = 'message_not_cancellable';
  readonly kind = 'conflict';
  readonly title = 'It is too late to take this message back';
  constructor(status: string) {
    super('Only messages that have not left yet can be cancelled.', { status });
  }
}
