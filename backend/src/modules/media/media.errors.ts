import { DomainError } from '../../kernel/domain-error.ts';

export class MediaNotFound extends DomainError {
  readonly code = 'media_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such file';
  constructor(id: string) {
    super('Upload it with POST /api/media/upload and use the id of the answer.', { media_id: id });
  }
}

export class MediaTypeMismatch extends DomainError {
  readonly code = 'media_type_mismatch';
  readonly kind = 'invalid';
  readonly title = 'This file cannot be sent as that';
  constructor(type: string, mimeType: string) {
    super('Send it as a document, or upload an image as JPEG or PNG.', { type, mime_type: mimeType });
  }
}
