import { DomainError } from '../../kernel/domain-error.ts';

export class ConversationNotFound extends DomainError {
  readonly code = 'conversation_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such conversation';
  constructor(id: string) {
    super('Choose one of the conversations of GET /api/conversations.', { conversation_id: id });
  }
}
