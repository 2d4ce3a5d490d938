import { DomainError } from '../../kernel/domain-error.ts';

export class TemplateNotFound extends DomainError {
  readonly code = 'template_not_found';
  readonly kind = 'not-found';
  readonly title = 'There is no such template';
  constructor(id: string) {
    super('Choose one of the templates of GET /api/templates.', { template_id: id });
  }
}

export class SystemTemplateFixed extends DomainError {
  readonly code = 'template_system';
  readonly kind = 'forbidden';
  readonly title = 'This template comes with Wasel';
  constructor(id: string) {
    super('Copy it with POST /api/templates/:id/copy, and change the copy.', { template_id: id });
  }
}

export class TemplateInactive extends DomainError {
  readonly code = 'template_inactive';
  readonly kind = 'conflict';
  readonly title = 'This template is switched off';
  constructor(id: string) {
    super('Switch it on, or choose another one.', { template_id: id });
  }
}

export class TemplateVariablesMissing extends DomainError {
  readonly code = 'template_variables_missing';
  readonly kind = 'invalid';
  readonly title = 'The template asks for values that are not there';
  constructor(
    id: string,
    readonly missing: readonly string[],
  ) {
    super(`Give a value in \`parameters\` for: ${missing.join(', ')}.`, { template_id: id, missing: [...missing] });
  }
}

export class TemplateTextTooLong extends DomainError {
  readonly code = 'template_text_too_long';
  readonly kind = 'invalid';
  readonly title = 'The text is longer than WhatsApp takes';
  /** @param max in UTF-16 units, less below a file */
  constructor(length: number, max: number) {
    super(`Shorten the template or the values: it has ${length} characters, and may have ${max}.`, { length, max });
  }
}

export class TemplateLimit extends DomainError {
  readonly code = 'template_limit_reached';
  readonly kind = 'conflict';
  readonly title = 'There are as many templates as there can be';
  constructor(max: number) {
    super('Delete templates that nobody uses.', { max });
  }
}
