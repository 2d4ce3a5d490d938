import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DomainError } from '../../kernel/domain-error.ts';
import { TEXT_MAX } from '../messages/send-message.dto.ts';
import { TemplateTextTooLong, TemplateVariablesMissing } from '../templates/templates.errors.ts';
import { fill } from '../templates/templates.filling.ts';
import type { Fillable } from '../templates/templates.repository.ts';
import type { BulkMessage } from '../bulk/bulk.dto.ts';
import type { Phone } from '../../kernel/phone.ts';
import type { CsvRow } from './csv-reader.ts';
import type { ImportMapping, RowFault } from './imports.dto.ts';

/** What becomes of a row. */
export type Checked =
  | Readonly<{ line: number; message: BulkMessage; text: string }>
  | Readonly<{ line: number; fault: RowFault; detail: string }>;

/**
 * The number of a cell in E.164; null when it is none. Spreadsheets take the plus away, and the first zero.
 * @param country of numbers that are written as at home
 */
export function phoneIn(cell: string, country: string | undefined): Phone | null {
  const compact = cell.replaceAll(/[\s().\-\u200e\u200f\u202a-\u202e']/g, '').replace(/^00/, '+');
  if (compact.startsWith('+')) {
    const whole = parsePhoneNumberFromString(compact);
    return whole?.isPossible() ? (whole.number as Phone) : null;
  }
  const home =
    country !== undefined && isSupportedCountry(country) ? parsePhoneNumberFromString(compact, country) : null;
  // Without a plus it is a guess, so only what is in use counts.
  const guess = [home, parsePhoneNumberFromString(`+${compact}`)].find((one) => one?.isValid());
  return (guess?.number as Phone | undefined) ?? null;
}

/** Looks at the rows of a file one after the other, for a number that stands twice is good where it stands first. */
export class RowChecker {
  private readonly lines = new Map<string, number>();

  constructor(
    private readonly mapping: ImportMapping,
    private readonly template: Fillable | null,
  ) {}

  check({ line, cells }: CsvRow): Checked {
    const { phone_column: phoneColumn, country, text_column: textColumn } = this.mapping;
    const written = cells[phoneColumn] ?? '';
    if (written === '') return { line, fault: 'phone_missing', detail: '' };
    const to = phoneIn(written, country);
    if (!to) return { line, fault: 'phone_invalid', detail: written };
    const before = this.lines.get(to);
    if (before !== undefined) return { line, fault: 'duplicate', detail: String(before) };
    const made = this.template ? this.filled(line, to, cells) : textOf(line, to, cells[textColumn ?? -1] ?? '');
    if ('message' in made) this.lines.set(to, line);
    return made;
  }

  private filled(line: number, to: Phone, cells: readonly string[]): Checked {
    const template = this.template as Fillable;
    const columns = Object.entries(this.mapping.variables ?? {});
    const parameters = Object.fromEntries(columns.map(([name, column]) => [name, cells[column] ?? '']));
    try {
      const { content, template: from } = fill(template, parameters);
      const text = content.type === 'text' ? content.text : content.caption;
      return { line, text, message: { to, template_id: template.id as never, parameters: { ...from.parameters } } };
    } catch (error) {
      if (error instanceof TemplateVariablesMissing)
        return { line, fault: 'variables_missing', detail: error.missing.join(', ') };
      if (error instanceof TemplateTextTooLong) return { line, fault: 'text_too_long', detail: '' };
      throw error instanceof DomainError ? error : (error as Error);
    }
  }
}

function textOf(line: number, to: Phone, text: string): Checked {
  if (text.trim() === '') return { line, fault: 'text_missing', detail: '' };
  if (text.length > TEXT_MAX) return { line, fault: 'text_too_long', detail: '' };
  return { line, text, message: { to, text } };
}
