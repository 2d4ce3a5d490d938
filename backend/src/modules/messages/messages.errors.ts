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

export class MentionAllNeedsGroup extends DomainError {
  readonly code = 'mention_all_needs_group';
  readonly kind = 'invalid';
  readonly title = 'There is nobody else to mention';
  constructor() {
    super('Everybody is mentioned in groups alone. Leave `mention_all` out, or write to a group.');
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
    super('Only messages that failed can be sent again, and changes as long as WhatsApp takes them.', { status });
  }
}

export class NotDismissable extends DomainError {
  readonly code = 'message_not_dismissable';
  readonly kind = 'conflict';
  readonly title = 'There is nothing to dismiss';
  constructor(status: string) {
    super('Only reactions, edits and deletions that failed can be dismissed, once.', { status });
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

export class MessageNotSent extends DomainError {
  readonly code = 'message_not_sent';
  readonly kind = 'conflict';
  readonly title = 'This message is not on WhatsApp';
  constructor(status: string) {
    super('Wait until it was sent. What has not left yet can be cancelled.', { status });
  }
}

export class MessageDeleted extends DomainError {
  readonly code = 'message_deleted';
  readonly kind = 'conflict';
  readonly title = 'This message was deleted';
  constructor() {
    super('Choose another one: nothing of it is left.');
  }
}

export class MessageNotYours extends DomainError {
  readonly code = 'message_not_yours';
  readonly kind = 'forbidden';
  readonly title = 'Somebody else wrote this message';
  constructor() {
    super('Edit and delete for everyone only what your number has sent.');
  }
}

export class MessageTooOld extends DomainError {
  readonly code = 'message_too_old';
  readonly kind = 'conflict';
  readonly title = 'This message is too old for that';
  constructor(limitMinutes: number) {
    const limit = limitMinutes < 60 ? `${limitMinutes} minutes` : `${limitMinutes / 60} hours`;
    super(`WhatsApp allows it for ${limit} after a message was sent. Write a new one.`, {
      limit_minutes: limitMinutes,
    });
  }
}

export class MessageNotEditable extends DomainError {
  readonly code = 'message_not_editable';
  readonly kind = 'invalid';
  readonly title = 'Only texts can be edited';
  constructor(type: string) {
    super('Delete it for everyone and send it anew.', { type });
  }
}

export class MessageNotForwardable extends DomainError {
  readonly code = 'message_not_forwardable';
  readonly kind = 'invalid';
  readonly title = 'This message cannot be passed on';
  constructor(type: string) {
    super(
      'Polls, what can be looked at once, and what is not kept here stay where they are. Send it as a new message.',
      {
        type,
      },
    );
  }
}

export class ReplyElsewhere extends DomainError {
  readonly code = 'reply_elsewhere';
  readonly kind = 'invalid';
  readonly title = 'It answers a message of another conversation';
  constructor() {
    super('Choose as reply_to a message between the same number and the same person.');
  }
}
