import { DomainError } from '../../kernel/domain-error.ts';

export class ImportNotFound extends DomainError {
  readonly code = 'import_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such import';
  constructor(id: string) {
    super('Upload the file again with POST /api/imports; imports are kept for seven days.', { import_id: id });
  }
}

export class ImportUnreadable extends DomainError {
  readonly code = 'import_unreadable';
  readonly kind = 'invalid';
  readonly title = 'This file cannot be read as CSV';
  /** @param line of the file, where it is known */
  constructor(reason: string, line?: number) {
    super('Save it as CSV with UTF-8, and see that quotes are closed.', { reason, ...(line ? { line } : {}) });
  }
}

export class ImportTooLarge extends DomainError {
  readonly code = 'import_too_large';
  readonly kind = 'too-large';
  readonly title = 'This file has more rows than can be sent at once';
  constructor(rowsMax: number, bytesMax: number) {
    super(`Divide it: a file may have ${rowsMax} rows and ${Math.floor(bytesMax / 1024 / 1024)} MB.`, {
      rows_max: rowsMax,
      bytes_max: bytesMax,
    });
  }
}

export class ImportEmpty extends DomainError {
  readonly code = 'import_empty';
  readonly kind = 'invalid';
  readonly title = 'This file has no rows';
  constructor() {
    super('Its first line names the columns, each further one is a person.');
  }
}

export class ImportNotReady extends DomainError {
  readonly code = 'import_not_ready';
  readonly kind = 'conflict';
  readonly title = 'This import cannot be used';
  /** @param why its state, or the reason why it failed */
  constructor(why: string) {
    super('Upload the file again.', { why });
  }
}

export class ImportNotMapped extends DomainError {
  readonly code = 'import_not_mapped';
  readonly kind = 'conflict';
  readonly title = 'Nobody has said what the columns mean';
  constructor() {
    super('Say so with PUT /api/imports/:id/mapping, and look at what it finds.');
  }
}

export class ImportChanged extends DomainError {
  readonly code = 'import_changed';
  readonly kind = 'conflict';
  readonly title = 'It would be sent to another number of people than you saw';
  constructor(good: number) {
    super('Look at the rows again, and confirm the number that is shown now.', { good });
  }
}
