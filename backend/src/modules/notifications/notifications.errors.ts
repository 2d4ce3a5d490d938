import { DomainError } from '../../kernel/domain-error.ts';

export class NotificationNotFound extends DomainError {
  readonly code = 'notification_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such notification';
  constructor(id: string) {
    super('Choose one of the notifications of GET /api/notifications.', { notification_id: id });
  }
}

export class NotificationNotCancellable extends DomainError {
  readonly code = 'notification_not_cancellable';
  readonly kind = 'conflict';
  readonly title = 'It is too late to cancel this notification';
  constructor(state: string) {
    super('Only what is pending can be cancelled. What became a message may be cancelled as a message.', { state });
  }
}

export class SmsNotSupported extends DomainError {
  readonly code = 'sms_not_supported';
  readonly kind = 'invalid';
  readonly title = 'Wasel sends no SMS';
  constructor() {
    super('Use the channel `whatsapp` or `email`.');
  }
}

export class MailLimitReached extends DomainError {
  readonly code = 'mail_limit_reached';
  readonly kind = 'conflict';
  readonly title = 'As many mails as a day may have were sent';
  constructor(max: number) {
    super(`Within 24 hours automations send at most ${max} mails. Use WhatsApp, or send fewer.`, { max });
  }
}
