import { DomainError } from '../../kernel/domain-error.ts';

export class ApiKeyNotFound extends DomainError {
  readonly code = 'api_key_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such key';
  constructor(id: string) {
    super('Choose one of the keys of GET /api/api-keys.', { api_key_id: id });
  }
}
