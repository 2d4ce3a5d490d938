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

export class MediaTooLarge extends DomainError {
  readonly code = 'media_too_large';
  readonly kind = 'too-large';
  readonly title = 'This file is too large for WhatsApp';
  constructor(limitBytes: number) {
    super(`Send at most ${Math.floor(limitBytes / 1024 / 1024)} MB of this kind.`, { limit_bytes: limitBytes });
  }
}

export class MediaMissing extends DomainError {
  readonly code = 'media_missing';
  readonly kind = 'invalid';
  readonly title = 'There is no file in this request';
  constructor(options?: ErrorOptions) {
    super('Send one file as multipart/form-data, in the field `file`.', {}, options);
  }
}

export class MediaEmpty extends DomainError {
  readonly code = 'media_empty';
  readonly kind = 'invalid';
  readonly title = 'This file is empty';
  constructor() {
    super('Choose a file that has something in it.');
  }
}

export class MediaLinkExpired extends DomainError {
  readonly code = 'media_link_expired';
  readonly kind = 'not-found';
  readonly title = 'This link does not work any more';
  constructor() {
    super('Links to files work for a short time. Read the message again for a new one.');
  }
}

export class MediaStoreUnavailable extends DomainError {
  readonly code = 'media_store_unavailable';
  readonly kind = 'unavailable';
  readonly title = 'The file store does not answer';
  constructor(options?: ErrorOptions) {
    super('Try again in a minute. Messages with files wait until it is back.', {}, options);
  }
}

export class MediaGone extends DomainError {
  readonly code = 'media_gone';
  readonly kind = 'not-found';
  readonly title = 'This file is no longer kept';
  constructor(options?: ErrorOptions) {
    super('Upload it again, or ask whoever sent it to send it again.', {}, options);
  }
}

/** Never reaches a caller: what is to be sent waits for it. */
export class MediaInPreparation extends DomainError {
  readonly code = 'media_in_preparation';
  readonly kind = 'unavailable';
  readonly title = 'This file is still being prepared';
  constructor() {
    super('It leaves by itself in a moment.');
  }
}
