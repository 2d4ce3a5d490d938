import { DomainError } from '../../kernel/domain-error.ts';

export class ExportLinkExpired extends DomainError {
  readonly code = 'export_link_expired';
  readonly kind = 'not-found';
  readonly title = 'This link does not work any more';
  constructor() {
    super('Links to an export work for a short time. Ask for a new one with POST /api/organizations/current/exports.');
  }
}
