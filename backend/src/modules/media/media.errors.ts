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
    super(
      'Send it as a document, or upload it as WhatsApp has it: images as JPEG or PNG, stickers as WebP, videos and GIFs as MP4, voice messages as Opus in Ogg.',
      { type, mime_type: mimeType },
    );
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
