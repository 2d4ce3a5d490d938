import { DomainError } from '../../kernel/domain-error.ts';

export class OrganizationNameMismatch extends DomainError {
  readonly code = 'organization_name_mismatch';
  readonly kind = 'invalid';
  readonly title = 'This is not the name of the organization';
  constructor() {
    super('Type the name of the organization as GET /api/organizations/current says it. Nothing was deleted.');
  }
}

export class NotDeleted extends DomainError {
  readonly code = 'not_deleted';
  readonly kind = 'conflict';
  readonly title = 'This organization is not deleted';
  constructor() {
    super('There is nothing to take back: it goes on as it is.');
  }
}
