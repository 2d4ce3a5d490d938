/**
 * What a template says, read and filled in. Nothing is imported here: the editor of the dashboard reads a text by the very same
 * rules.
 */

/** A piece of a body: text as it stands, or the place of a variable. */
export type TemplatePart = Readonly<{ text: string } | { variable: string }>;

/** Longest name of a variable. */
export const VARIABLE_NAME_MAX = 64;
/** Most variables of one template. */
export const VARIABLES_MAX = 50;

/** Blanks are allowed inside of the braces; whatever else stands between braces is text. */
const VARIABLE = /\{\{[ \t]{0,20}([a-z0-9_]{1,64})[ \t]{0,20}\}\}/g;

/** The pieces of a body, in order; put together again they are the body, but for blanks inside of braces. */
export function partsOf(body: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const found of body.matchAll(VARIABLE)) {
    if (found.index > end) parts.push({ text: body.slice(end, found.index) });
    parts.push({ variable: found[1] as string });
    end = found.index + found[0].length;
  }
  if (end < body.length) parts.push({ text: body.slice(end) });
  return parts;
}

/** The variables of a body, each once, in the order in which they are first named. */
export const variablesOf = (body: string): string[] => [
  ...new Set(partsOf(body).flatMap((part) => ('variable' in part ? [part.variable] : []))),
];

/** What looks as if a variable was meant, and is none: it would be sent as it stands. Each once. */
export function malformedIn(body: string): string[] {
  const text = partsOf(body).map((part) => ('text' in part ? part.text : '\n'));
  const found = text.flatMap((piece) => [...piece.matchAll(/\{\{[^{}\n]{0,80}\}\}?|\{\{/g)].map(([all]) => all));
  return [...new Set(found)];
}

/** The variables that have no value, or a blank one. */
export const missingIn = (variables: readonly string[], values: Readonly<Record<string, string>>): string[] =>
  variables.filter((name) => !Object.hasOwn(values, name) || (values[name] ?? '').trim() === '');

/** Those values that a template asks for; others are nobody's business here. */
export const usedOf = (
  variables: readonly string[],
  values: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name] as string]] : [])),
  );

/**
 * The body with its values, in one pass: a value is never looked into again, so that braces in it stay braces.
 * @param values one for each variable (`missingIn` is empty)
 */
export const render = (parts: readonly TemplatePart[], values: Readonly<Record<string, string>>): string =>
  parts.map((part) => ('text' in part ? part.text : asText(values[part.variable] ?? ''))).join('');

/** Each looks like the character that WhatsApp would read as formatting, and is none. */
const LOOKS_LIKE: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼', '`': 'ˋ' };
const LINK = /(?:[a-z][a-z0-9+.-]*:\/\/|www\.|\S*@)\S*/gi;
/** Within a word WhatsApp formats nothing: an order number or a file name stays as it is. */
const MARKER = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu;

/**
 * A value as text. WhatsApp has no way to say that a character is not formatting, so `*`, `_`, `~` and a backtick that it
 * could read as such become characters that look like them: somebody who is called `*Dana*` is not set in bold. Links and
 * addresses stay as they are, or they would lead elsewhere.
 */
export function asText(value: string): string {
  const plain = (piece: string): string => piece.replace(MARKER, (marker) => LOOKS_LIKE[marker] ?? marker);
  let text = '';
  let end = 0;
  for (const link of value.matchAll(LINK)) {
    text += plain(value.slice(end, link.index)) + link[0];
    end = link.index + link[0].length;
  }
  return text + plain(value.slice(end));
}
