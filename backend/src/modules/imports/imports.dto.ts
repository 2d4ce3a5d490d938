import { z } from 'zod';
import { ImportId, JobId, TemplateId } from '../../kernel/ids.ts';
import { BULK_FIELDS } from '../bulk/bulk.dto.ts';
import { withinTime } from '../messages/send-message.dto.ts';

export const IMPORT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1255', 'windows-1256'] as const;

/** `reading` it is being uploaded; `failed` it was broken off, which `error_code` says */
export const ImportState = z.enum(['reading', 'ready', 'launched', 'failed']);
export type ImportState = z.infer<typeof ImportState>;

/** Where a column stands, the first being 0. */
export const ImportColumn = z.number().int().min(0).max(199);

/** ISO 3166, as `IL`: of numbers that are written without their country code. Without it these are bad rows. */
export const ImportCountry = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ examples: ['IL'] });

/** What the columns mean: whom to write to, and either a column with the text or a template with a column for each variable. */
export const ImportMapping = z
  .object({
    phone_column: ImportColumn,
    country: ImportCountry.optional(),
    text_column: ImportColumn.optional(),
    template_id: TemplateId.optional(),
    /** Columns by the name of their variable. */
    variables: z.record(z.string().max(100), ImportColumn).optional(),
  })
  .refine(({ text_column: text, template_id: template }) => (text === undefined) !== (template === undefined), {
    path: ['text_column'],
    error: 'Choose either a column with the text, or a template.',
  })
  .meta({ examples: [{ phone_column: 0, country: 'IL', text_column: 1 }] });
export type ImportMapping = z.infer<typeof ImportMapping>;

export const ImportView = z.object({
  id: ImportId,
  file_name: z.string(),
  state: ImportState,
  error_code: z.string().nullable(),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  /** The cells of the first line. */
  columns: z.array(z.string()),
  row_count: z.number().int(),
  /** The first rows, as they were read. */
  preview: z.array(z.object({ line: z.number().int(), cells: z.array(z.string()) })),
  mapping: ImportMapping.nullable(),
  /** What it was launched as. */
  job_id: JobId.nullable(),
  created_at: z.iso.datetime(),
});
export type ImportView = z.infer<typeof ImportView>;

/** `duplicate`: its number stands in a row before, which is the one that is sent to. */
export const RowFault = z.enum([
  'phone_missing',
  'phone_invalid',
  'duplicate',
  'text_missing',
  'text_too_long',
  'variables_missing',
]);
export type RowFault = z.infer<typeof RowFault>;

/** What a mapping makes of a file. */
export const ImportReport = z.object({
  /** Rows that would be sent to. */
  good: z.number().int(),
  bad: z.number().int(),
  duplicates: z.number().int(),
  /** The first rows that would not be sent to; all of them are in `GET /api/imports/:id/bad-rows`. */
  bad_rows: z.array(
    z.object({
      line: z.number().int(),
      fault: RowFault,
      /** The number as it was written, the variables that are missing, or the line of the row that has the number. */
      detail: z.string(),
    }),
  ),
  /** The first message, as the person would read it; null when there is none. */
  sample: z.object({ to: z.string(), text: z.string() }).nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const LaunchImport = withinTime(
  z.object({
    ...BULK_FIELDS,
    /** The number of good rows that was confirmed: another one is refused. */
    expected: z.number().int().min(1),
  }),
);
export type LaunchImport = z.infer<typeof LaunchImport>;
