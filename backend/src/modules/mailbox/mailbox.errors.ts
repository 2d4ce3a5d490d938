import { DomainError } from '../../kernel/domain-error.ts';

export class MailboxClosed extends DomainError {
  readonly code = 'mailbox_closed';
  readonly kind = 'not-found';
  readonly title = 'There is no mailbox here';
  constructor() {
    super('Mails are sent to their addresses. Only the sandbox without SMTP_URL keeps them here instead.');
  }
}
