import { DomainError } from '../../kernel/domain-error.ts';

export class GroupNotFound extends DomainError {
  readonly code = 'group_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such group';
  constructor(jid: string) {
    super('Choose one of the groups of GET /api/groups. A group is there once a linked number is in it.', { jid });
  }
}

export class NotInGroup extends DomainError {
  readonly code = 'not_in_group';
  readonly kind = 'conflict';
  readonly title = 'This number is not in the group';
  constructor(jid: string) {
    super('Have it added or join by a link, or choose one of your numbers that is in the group.', { jid });
  }
}

export class GroupAdminsOnly extends DomainError {
  readonly code = 'group_admins_only';
  readonly kind = 'conflict';
  readonly title = 'Only admins write in this group';
  constructor(jid: string) {
    super('Have this number made an admin of the group, or write from a number that is one.', { jid });
  }
}

export class GroupWithoutMessages extends DomainError {
  readonly code = 'group_without_messages';
  readonly kind = 'conflict';
  readonly title = 'A community has no messages of its own';
  constructor(jid: string) {
    super('Write into its announcements, or into one of its groups.', { jid });
  }
}
