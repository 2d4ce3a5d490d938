import { describe, expect, it } from '@jest/globals';
import { ALTERNATIVES_MAX, diceOf, faultOf, longestOf, parseSpintax, say, SPINTAX_DEPTH_MAX } from './spintax.rules.ts';

const VALUES = new Map([
  ['name', 'Dana'],
  ['code', '{a|b} {{name}} \\{'],
  ['star', '*Dana*'],
]);

/** Everything that a text can say, in the order of its alternatives: the dice go through all ways. */
function allOf(text: string): string[] {
  const parsed = parseSpintax(text);
  const found = new Set<string>();
  for (let seed = 0; seed < 500; seed += 1) found.add(say(parsed, VALUES, diceOf(String(seed))));
  return [...found].toSorted();
}

describe('a text', () => {
  it.each([
    ['hello', ['hello']],
    ['{hello|hi} {{name}}', ['hello Dana', 'hi Dana']],
    ['{hello {{name}}|hi}!', ['hello Dana!', 'hi!']],
    ['{{{name}}|friend}', ['Dana', 'friend']],
    ['{a|{b|c}}', ['a', 'b', 'c']],
    ['{a{1|2}|b}', ['a1', 'a2', 'b']],
    ['{|very }good', ['good', 'very good']],
    ['{a|a}', ['a']],
    ['{a|b}{c|d}', ['ac', 'ad', 'bc', 'bd']],
    // What is no choice is text.
    ['{hello}', ['{hello}']],
    ['{}', ['{}']],
    ['a|b', ['a|b']],
    ['{a|b', ['{a|b']],
    ['a|b}', ['a|b}']],
    ['}{', ['}{']],
    ['{a {b|c}', ['{a b', '{a c']],
    ['{{a|b}}', ['{a}', '{b}']],
    ['{{Not One}}', ['{{Not One}}']],
    ['{ {{name}} }', ['{ Dana }']],
    // What stands behind a backslash is text.
    ['\\{a|b\\}', ['{a|b}']],
    ['{a\\|b|c}', ['a|b', 'c']],
    ['{a\\}|b}', ['a}', 'b']],
    ['\\\\{a|b}', ['\\a', '\\b']],
    ['C:\\dir', ['C:\\dir']],
    ['\\{{{name}}\\}', ['{Dana}']],
    ['ends \\', ['ends \\']],
    // A value is text, whatever it holds.
    ['{{code}}', ['{a|b} {{name}} \\{']],
    ['{{{code}}|x}', ['x', '{a|b} {{name}} \\{']],
    ['{{star}}', ['∗Dana∗']],
    ['*{{name}}*', ['*Dana*']],
    ['{שלום|أهلا} 👋', ['أهلا 👋', 'שלום 👋']],
  ])('%s says %j', (text, expected) => {
    expect(allOf(text)).toEqual(expected.toSorted());
  });

  it('names its variables once each, also those of alternatives that are not chosen', () => {
    expect(parseSpintax('{{name}} {a|{{ code }}} {{name}} {{X}}').variables).toEqual(['name', 'code']);
  });

  it('says the same for the same seed, and each alternative about as often', () => {
    const parsed = parseSpintax('{a|b|c} {d|e}');
    expect(say(parsed, VALUES, diceOf('one'))).toBe(say(parsed, VALUES, diceOf('one')));
    const counts = new Map<string, number>();
    for (let n = 0; n < 6_000; n += 1) {
      const said = say(parsed, VALUES, diceOf(`broadcast +97250100${n}`));
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('is as long as the longest that it can say', () => {
    expect(longestOf(parseSpintax('{hello|hi} {{name}}{!|!!|}'), VALUES)).toBe('hello Dana!!'.length);
  });
});

describe('what cannot be sent', () => {
  const nested = (depth: number) => `${'{a|'.repeat(depth)}b${'}'.repeat(depth)}`;
  const choice = (alternatives: number) => `{${Array.from({ length: alternatives }, (_, n) => n).join('|')}}`;
  it.each([
    ['choices within choices, as deep as may be', nested(SPINTAX_DEPTH_MAX), null],
    ['deeper ones', nested(SPINTAX_DEPTH_MAX + 1), 'too_deep'],
    ['as many alternatives as may be', choice(ALTERNATIVES_MAX), null],
    ['one more', choice(ALTERNATIVES_MAX + 1), 'too_many_alternatives'],
    ['more of them in several choices', choice(2).repeat(ALTERNATIVES_MAX / 2 + 1), 'too_many_alternatives'],
    ['an empty alternative alone', '{hello|}', 'may_be_blank'],
    ['a blank one within another', '{hello|{ |hi}}', 'may_be_blank'],
    ['an empty one beside a variable', '{|}{{name}}', null],
    ['a blank', ' ', 'may_be_blank'],
    ['nothing', '', 'may_be_blank'],
    ['braces', '{}', null],
  ])('%s', (_, text, fault) => {
    expect(faultOf(parseSpintax(text))).toBe(fault);
  });

  it.each(['{', '}', '|', '\\', '{|', '{a|', '{{', '{{name', '\\{', '{}', '{a|b}', '{{{name}}'])(
    'takes no time however often it has %s',
    (piece) => {
      const started = performance.now();
      const parsed = parseSpintax(piece.repeat(40_000));
      faultOf(parsed);
      if (faultOf(parsed) === null) say(parsed, VALUES, diceOf('seed'));
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});
