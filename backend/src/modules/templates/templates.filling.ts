import type { MediaId } from '../../kernel/ids.ts';
import { CAPTION_MAX, TEXT_MAX } from '../messages/send-message.dto.ts';
import type { Origin } from '../messages/messages.repository.ts';
import { TemplateInactive, TemplateTextTooLong, TemplateVariablesMissing } from './templates.errors.ts';
import type { Fillable } from './templates.repository.ts';
import { missingIn, partsOf, render, usedOf, variablesOf } from './templates.rules.ts';

/** For those who fill in what is no template by the same rules. */
export { asText, missingIn, variablesOf } from './templates.rules.ts';

/** What is sent of a template: the content of a message, and where it came from. */
export type Filled = Readonly<{
  content: { type: 'text'; text: string } | { type: 'image' | 'document'; media_id: MediaId; caption: string };
  template: NonNullable<Origin['template']>;
}>;

/** @throws TemplateInactive | TemplateVariablesMissing | TemplateTextTooLong */
export function fill(template: Fillable, parameters: Readonly<Record<string, string>>): Filled {
  const { id, body, active, header } = template;
  if (!active) throw new TemplateInactive(id);
  const variables = variablesOf(body);
  const missing = missingIn(variables, parameters);
  if (missing.length > 0) throw new TemplateVariablesMissing(id, missing);
  const used = usedOf(variables, parameters);
  const text = render(partsOf(body), used);
  const max = header ? CAPTION_MAX : TEXT_MAX;
  if (text.length > max) throw new TemplateTextTooLong(text.length, max);
  return {
    content: header
      ? { type: header.type, media_id: header.mediaId as MediaId, caption: text }
      : { type: 'text', text },
    template: { id, parameters: used },
  };
}
