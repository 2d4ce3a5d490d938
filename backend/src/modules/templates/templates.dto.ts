import { z } from 'zod';
import { MediaId, SessionId, TemplateId } from '../../kernel/ids.ts';
import { PageQuery, pageOf } from '../../kernel/page.ts';
import { Phone } from '../../kernel/phone.ts';
import { MediaView } from '../media/media.dto.ts';
import { DELIVERY_FIELDS, RELATED_FIELDS, TEXT_MAX, withinTime } from '../messages/send-message.dto.ts';
import { variablesOf, VARIABLES_MAX } from './templates.rules.ts';
import { HEADER_TYPES, TEMPLATE_CATEGORIES } from './templates.words.ts';

export const TemplateCategory = z.enum(TEMPLATE_CATEGORIES);
export type TemplateCategory = z.infer<typeof TemplateCategory>;

/** What can be sent with a text below it. */
export const HeaderType = z.enum(HEADER_TYPES);
export type HeaderType = z.infer<typeof HeaderType>;

/** A file that goes above the text. */
export const TemplateHeader = z.object({ type: HeaderType, media_id: MediaId });
export type TemplateHeader = z.infer<typeof TemplateHeader>;

const VALUE_MAX = 4096;

const Body = z
  .string()
  .min(1, 'Write what the template says.')
  .max(TEXT_MAX)
  .refine((body) => variablesOf(body).length <= VARIABLES_MAX, `Use at most ${VARIABLES_MAX} variables.`)
  .meta({ examples: ['Hello {{customer_name}}, your order {{order}} is on its way.'] });

/** A language as of BCP 47: `en`, `he`, `ar`, `pt-BR`. */
const TemplateLanguage = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/, 'Give a language as `en`, `he`, `ar` or `pt-BR`.')
  .meta({ examples: ['en'] });

const Fields = {
  name: z.string().trim().min(1, 'Give the template a name.').max(100),
  category: TemplateCategory,
  language: TemplateLanguage,
  /** `{{customer_name}}` is the place of a variable: small letters, digits and `_`. */
  body: Body,
  /** Null: text alone. */
  header: TemplateHeader.nullable(),
};

export const CreateTemplate = z.object({
  ...Fields,
  category: TemplateCategory.default('custom'),
  header: TemplateHeader.nullable().default(null),
  active: z.boolean().default(true),
});
export type CreateTemplate = z.infer<typeof CreateTemplate>;

/** What is not named stays. */
export const UpdateTemplate = z.object({ ...Fields, active: z.boolean() }).partial();
export type UpdateTemplate = z.infer<typeof UpdateTemplate>;

/** Without a name it is called as the one that is copied. */
export const CopyTemplate = z.object({ name: Fields.name.optional() });
export type CopyTemplate = z.infer<typeof CopyTemplate>;

/** Values by the name of their variable. Those that the template does not ask for are left aside. */
export const TemplateParameters = z
  .record(z.string().max(100), z.union([z.string().max(VALUE_MAX), z.number()]))
  .refine((values) => Object.keys(values).length <= 200, 'Give at most 200 values.')
  .transform((values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])))
  .meta({ examples: [{ customer_name: 'Dana', order: '1042' }] });
export type TemplateParameters = z.infer<typeof TemplateParameters>;

export const TemplateView = z.object({
  id: TemplateId,
  name: z.string(),
  category: TemplateCategory,
  language: z.string(),
  body: z.string(),
  /** In the order in which they are first named. */
  variables: z.array(z.string()),
  header: z.object({ type: HeaderType, media_id: MediaId, media: MediaView.nullable() }).nullable(),
  /** It comes with Wasel: it can be copied, and not be changed or deleted. */
  system: z.boolean(),
  /** Only active ones can be sent. */
  active: z.boolean(),
  /** How many messages were accepted from it here. */
  use_count: z.number().int(),
  last_used_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime().nullable(),
  updated_at: z.iso.datetime().nullable(),
});
export type TemplateView = z.infer<typeof TemplateView>;

/** Your own, the newest first, then those that come with Wasel. */
export const ListTemplates = PageQuery.extend({
  category: TemplateCategory.optional(),
  language: TemplateLanguage.optional(),
  /** Part of the name or of the text. */
  search: z.string().trim().max(100).optional(),
  active: z.enum(['true', 'false']).optional(),
});
export type ListTemplates = z.infer<typeof ListTemplates>;

export const TemplatePage = pageOf(TemplateView);
export type TemplatePage = z.infer<typeof TemplatePage>;

export const PreviewTemplate = z.object({ parameters: TemplateParameters.default({}) });
export type PreviewTemplate = z.infer<typeof PreviewTemplate>;

/** What a person would read. */
export const TemplatePreview = z.object({
  /** With the variables that have no value left as they stand. */
  text: z.string(),
  missing: z.array(z.string()),
});
export type TemplatePreview = z.infer<typeof TemplatePreview>;

export const SendTemplate = withinTime(
  z.object({
    session_id: SessionId.optional(),
    to: Phone,
    template_id: TemplateId,
    parameters: TemplateParameters.default({}),
    ...DELIVERY_FIELDS,
    ...RELATED_FIELDS,
  }),
);
export type SendTemplate = z.infer<typeof SendTemplate>;
