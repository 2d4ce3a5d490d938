import { fill, missingIn, variablesOf } from '../templates/templates.filling.ts';
import type { Fillable } from '../templates/templates.repository.ts';
import { TemplateTextTooLong } from '../templates/templates.errors.ts';
import { CAPTION_MAX } from '../messages/send-message.dto.ts';
import type { BulkRow } from '../bulk/bulk.repository.ts';
import type { Recipient } from './audience.rules.ts';
import { type BroadcastContent, BROADCAST_TEXT_MAX, type RecipientExclusion } from './broadcasts.dto.ts';
import { diceOf, longestOf, parseSpintax, say, type Spintax } from './spintax.rules.ts';

/** What a variable stands for, for one person. */
export type Values = ReadonlyMap<string, string>;

/** What is kept of a message. */
export type Said = Pick<BulkRow, 'type' | 'mediaId' | 'template'> & Readonly<{ text: string }>;

/** Why somebody gets nothing of it. */
export type Unsaid = Readonly<{ exclusion: RecipientExclusion; detail: string | null }>;

/** A content that was understood: whether somebody can get it does not hang on the alternative that he would get. */
export type Writer = Readonly<{
  unsaid: (values: Values) => Unsaid | null;
  /** @param seed the same text for the same */
  say: (values: Values, seed: string) => Said;
}>;

/** The variables that everybody has who is known by them; `given` are those of his row, `common` those of who has none. */
export function valuesOf(
  { name, phone, group }: Pick<Recipient, 'name' | 'phone' | 'group'>,
  given: Readonly<Record<string, string>>,
  common: Readonly<Record<string, string>>,
): Values {
  const own = { name, first_name: name?.trim().split(/\s+/u)[0] ?? null, phone_number: phone, group };
  const values = new Map(Object.entries(common));
  for (const known of [own, given])
    for (const [key, value] of Object.entries(known)) if (value !== null && value.trim() !== '') values.set(key, value);
  return values;
}

/** @param template that which the content names */
export function writerOf(content: BroadcastContent, template: Fillable | null): Writer {
  if (content.type === 'template') return writerOfTemplate(template as Fillable);
  if (content.type === 'text') return writerOfPattern('text', null, content.text, BROADCAST_TEXT_MAX);
  const { type, media_id: media, caption = '' } = content;
  return writerOfPattern(type, media, caption, CAPTION_MAX);
}

function writerOfPattern(type: Said['type'], mediaId: string | null, text: string, max: number): Writer {
  const parsed: Spintax = parseSpintax(text);
  return {
    unsaid: (values) =>
      missing(parsed.variables, values) ??
      (longestOf(parsed, values) > max ? { exclusion: 'text_too_long', detail: null } : null),
    say: (values, seed) => ({ type, mediaId, template: undefined, text: say(parsed, values, diceOf(seed)) }),
  };
}

function writerOfTemplate(template: Fillable): Writer {
  const variables = variablesOf(template.body);
  const filled = (values: Values) => fill(template, Object.fromEntries(values));
  const textOf = (values: Values): string => {
    const { content } = filled(values);
    return content.type === 'text' ? content.text : content.caption;
  };
  return {
    unsaid: (values) => {
      const unknown = missing(variables, values);
      if (unknown) return unknown;
      try {
        if (textOf(values).length <= BROADCAST_TEXT_MAX) return null;
      } catch (error) {
        if (!(error instanceof TemplateTextTooLong)) throw error;
      }
      return { exclusion: 'text_too_long', detail: null };
    },
    say: (values) => {
      const { content, template: from } = filled(values);
      const mediaId = content.type === 'text' ? null : content.media_id;
      return { type: content.type, text: textOf(values), mediaId, template: from };
    },
  };
}

function missing(variables: readonly string[], values: Values): Unsaid | null {
  if (variables.length === 0) return null;
  const names = missingIn(variables, Object.fromEntries(values));
  return names.length > 0 ? { exclusion: 'missing_variable', detail: names.join(', ') } : null;
}
