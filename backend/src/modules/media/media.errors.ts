import { DomainError } from '../../kernel/domain-error.ts';
import type { FileType } from './media.dto.ts';

export class MediaNotFound extends DomainError {
  readonly code = 'media_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such file';
  constructor(id: string) {
    super('Upload it with POST /api/media/upload and use the id of the answer.', { media_id: id });
  }
}

/** What to do with a file that WhatsApp does not show as this. */
const CURES: Readonly<Record<Exclude<FileType, 'document'>, string>> = {
  image: 'Send it as a document, or upload an image as JPEG or PNG.',
  video: 'Send it as a document, or upload the film as MP4 (H.264 with AAC).',
  gif: 'Upload it as MP4: what WhatsApp calls a GIF is a short film.',
  audio: 'Send it as a document, or upload it as MP3, M4A, AAC, AMR or Ogg Opus.',
  voice: 'Upload a recording: any sound file is made into a voice message.',
  sticker: 'Upload it as WebP of 512 by 512 pixels.',
};

export class MediaTypeMismatch extends DomainError {
  readonly code = 'media_type_mismatch';
  readonly kind = 'invalid';
  readonly title = 'This file cannot be sent as that';
  constructor(type: Exclude<FileType, 'document'>, mimeType: string) {
    super(CURES[type], { type, mime_type: mimeType });
  }
}

export class MediaTooLarge extends DomainError {
  readonly code = 'media_too_large';
  readonly kind = 'too-large';
  readonly title = 'This file is too large for WhatsApp';
  constructor(limitBytes: number) {
    const limit = limitBytes < 1024 * 1024 ? `${limitBytes / 1024} KB` : `${Math.floor(limitBytes / 1024 / 1024)} MB`;
    super(`Send at most ${limit} of this kind.`, { limit_bytes: limitBytes });
  }
}

export class MediaNotVoice extends DomainError {
  readonly code = 'media_not_voice';
  readonly kind = 'invalid';
  readonly title = 'No voice message could be made of this file';
  constructor() {
    super('Send it as a document, or record it again, as MP3, M4A, WAV or Ogg.');
  }
}

export class StickerSize extends DomainError {
  readonly code = 'sticker_size';
  readonly kind = 'invalid';
  readonly title = 'This picture is no sticker';
  constructor(side: number) {
    super(`Make it ${side} by ${side} pixels, as WebP.`, { side });
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
