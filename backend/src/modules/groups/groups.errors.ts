import { DomainError } from '../../kernel/domain-error.ts';

export class GroupNotFound extends DomainError {
  readonly code = 'group_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such group';
  constructor(jid: string) {
    super('Choose one of the groups of GET /api/groups. A group is there once a linked number is in it.', { jid });
  }
}
