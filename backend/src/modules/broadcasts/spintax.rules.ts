import { asText } from '../templates/templates.words.ts';

/**
 * What a broadcast says: `{hello|hi} {{name}}`. A choice is in braces, its alternatives are parted by `|`, and may hold choices
 * and variables; a variable is that of a template. Braces without `|` between them, or without their other half, are text; so
 * is whatever stands behind `\`. Pure, and as fast as the text is long, whatever somebody writes.
 */

/** Choices within choices. */
export const SPINTAX_DEPTH_MAX = 10;
/** Of all choices of a text together. */
export const ALTERNATIVES_MAX = 4_096;

type Choice = { pipes: number[]; close: number };
type Token = Readonly<{ text: string } | { variable: string } | { mark: '{' | '|' | '}' }>;

/** A text that was understood. */
export type Spintax = Readonly<{
  tokens: readonly Token[];
  /** By the place of the brace that opens it. */
  choices: ReadonlyMap<number, Choice>;
  /** Each once, in the order in which they are first named. */
  variables: readonly string[];
}>;

/** Why a text cannot be sent to many. */
export type SpintaxFault = 'too_deep' | 'too_many_alternatives' | 'may_be_blank';

const TOKEN = /\\([{}|\\])|\{\{[ \t]{0,20}([a-z0-9_]{1,64})[ \t]{0,20}\}\}|([{}|])|[^\\{}|]+|\\/gy;

export function parseSpintax(text: string): Spintax {
  const tokens: Token[] = [];
  for (const [all, escaped, variable, mark] of text.matchAll(TOKEN)) {
    if (variable !== undefined) tokens.push({ variable });
    else if (mark !== undefined) tokens.push({ mark: mark as '{' });
    else tokens.push({ text: escaped ?? all });
  }
  const variables = tokens.flatMap((token) => ('variable' in token ? [token.variable] : []));
  return { tokens, choices: choicesIn(tokens), variables: [...new Set(variables)] };
}

/** Each closing brace belongs to the last one that is open, and makes a choice of it where a `|` stood between. */
function choicesIn(tokens: readonly Token[]): Map<number, Choice> {
  const choices = new Map<number, Choice>();
  const open: { at: number; pipes: number[] }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!('mark' in token)) continue;
    if (token.mark === '{') open.push({ at, pipes: [] });
    else if (token.mark === '|') open.at(-1)?.pipes.push(at);
    else {
      const brace = open.pop();
      if (brace && brace.pipes.length > 0) choices.set(brace.at, { pipes: brace.pipes, close: at });
    }
  }
  return choices;
}

/** Null when it can be sent: whatever is chosen, something is said. */
export function faultOf({ tokens, choices }: Spintax): SpintaxFault | null {
  let alternatives = 0;
  const closing: number[] = [];
  for (const [at, choice] of [...choices].toSorted(([a], [b]) => a - b)) {
    while (closing.length > 0 && (closing.at(-1) ?? 0) < at) closing.pop();
    closing.push(choice.close);
    if (closing.length > SPINTAX_DEPTH_MAX) return 'too_deep';
    alternatives += choice.pipes.length + 1;
  }
  if (alternatives > ALTERNATIVES_MAX) return 'too_many_alternatives';
  const speaks = walk(tokens, choices, {
    // A variable has a value, or the recipient gets nothing.
    of: (token) => Number('variable' in token || 'mark' in token || token.text.trim() !== ''),
    choose: (values) => Math.min(...values),
  });
  return speaks === 0 ? 'may_be_blank' : null;
}

/** The length of the longest that it can say with these values. */
export const longestOf = ({ tokens, choices }: Spintax, values: ReadonlyMap<string, string>): number =>
  walk(tokens, choices, {
    of: (token) => textOf(token, values).length,
    choose: (lengths) => Math.max(...lengths),
  });

type Measure = Readonly<{ of: (token: Token) => number; choose: (values: readonly number[]) => number }>;

/** Adds up a text; of a choice what is chosen of its alternatives. It is no deeper than `SPINTAX_DEPTH_MAX`. */
function walk(
  tokens: readonly Token[],
  choices: ReadonlyMap<number, Choice>,
  measure: Measure,
  from = 0,
  to = tokens.length,
): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const choice = choices.get(at);
    const token = tokens[at];
    if (!choice) sum += token ? measure.of(token) : 0;
    else {
      sum += measure.choose(rangesOf(at, choice).map(([a, b]) => walk(tokens, choices, measure, a, b)));
      at = choice.close;
    }
  }
  return sum;
}

/** Where the alternatives of a choice begin and end. */
const rangesOf = (at: number, { pipes, close }: Choice): (readonly [from: number, to: number])[] =>
  [at, ...pipes].map((before, n) => [before + 1, pipes[n] ?? close] as const);

/** Numbers in [0, 1): the same for the same seed. It chooses words, and keeps no secret. */
export function diceOf(seed: string): () => number {
  let state = 2_166_136_261; // FNV-1a, then mulberry32
  for (let n = 0; n < seed.length; n += 1) state = Math.imul(state ^ seed.charCodeAt(n), 16_777_619);
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Says it, with one alternative of each choice. Values are put in as text: nothing in them is looked for. */
export function say({ tokens, choices }: Spintax, values: ReadonlyMap<string, string>, dice: () => number): string {
  const said: string[] = [];
  const sayPart = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) {
      const choice = choices.get(at);
      const token = tokens[at];
      if (!choice) said.push(token ? textOf(token, values) : '');
      else {
        const ranges = rangesOf(at, choice);
        const [a, b] = ranges[Math.floor(dice() * ranges.length)] ?? [at, at];
        sayPart(a, b);
        at = choice.close;
      }
    }
  };
  sayPart(0, tokens.length);
  return said.join('');
}

function textOf(token: Token, values: ReadonlyMap<string, string>): string {
  if ('variable' in token) return asText(values.get(token.variable) ?? '');
  return 'mark' in token ? token.mark : token.text;
}
