import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SYSTEM_TEMPLATES } from './system-templates.ts';
import { asText, malformedIn, missingIn, partsOf, render, usedOf, variablesOf } from './templates.rules.ts';

const name = fc.stringMatching(/^[a-z0-9_]{1,20}$/);
const text = fc.string({ unit: 'grapheme' });
const fillIn = (body: string, values: Record<string, string>) => render(partsOf(body), values);

describe('a body', () => {
  it.each([
    ['Hello {{name}}!', ['name']],
    ['{{ name }} {{\tname}} {{name  }}', ['name']],
    ['{{b}}{{a}}{{b}}', ['b', 'a']],
    ['{{{name}}}', ['name']],
    ['{{Name}} {{first name}} {{}} {{ }} {name} {{name} {{näme}} {{a-b}} {{na\nme}}', []],
    [`{{${'a'.repeat(64)}}} {{${'b'.repeat(65)}}}`, ['a'.repeat(64)]],
    ['{{__proto__}} {{constructor}}', ['__proto__', 'constructor']],
  ])('%j has the variables %j', (body, variables) => {
    expect(variablesOf(body)).toEqual(variables);
  });

  it('keeps everything that is no variable, as it stands', () => {
    fc.assert(
      fc.property(text, (body) => {
        fc.pre(variablesOf(body).length === 0);
        expect(fillIn(body, {})).toBe(body);
      }),
    );
  });

  it('is read in a time that grows no faster than it does', () => {
    const started = performance.now();
    for (const piece of ['{{', '{{ ', '{{a', '{{ a ', '{', '}} {{'])
      for (const read of [variablesOf, malformedIn]) read(piece.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it.each([
    ['Dear {{Name}}, {{first name}} {{a}} {{', ['{{Name}}', '{{first name}}', '{{']],
    ['{{name} and {{name}}', ['{{name}']],
    ['{name} [name] {{name}}', []],
  ])('%j names what looks like a variable and is none', (body, malformed) => {
    expect(malformedIn(body)).toEqual(malformed);
  });
});

describe('a value', () => {
  it('is never looked into, whatever it holds, and whatever stands around it', () => {
    const value = fc.oneof(
      text,
      name.map((n) => `{{${n}}}`),
      fc.constantFrom('$&', '$1', String.raw`\1`, '{{', '}}'),
    );
    fc.assert(
      fc.property(text, name, text, value, name, (before, variable, after, given, other) => {
        fc.pre(variablesOf(before).length === 0 && variablesOf(after).length === 0);
        fc.pre(!before.endsWith('{') && !after.startsWith('}'));
        const values = { [variable]: given, [other]: variable === other ? given : 'EXPANDED' };
        expect(fillIn(`${before}{{${variable}}}${after}`, values)).toBe(before + asText(given) + after);
      }),
    );
  });

  it('can be put in as often as it is named', () => {
    expect(fillIn('{{a}}{{b}}{{ a }}', { a: '{{b}}', b: '{{a}}' })).toBe('{{b}}{{a}}{{b}}');
  });

  it.each([
    ['*Dana*', '∗Dana∗'],
    ['_x_ ~y~ `z`', '＿x＿ ∼y∼ ˋzˋ'],
    ['```code```', 'ˋˋˋcodeˋˋˋ'],
    ['5*4=20, order A_17', '5*4=20, order A_17'],
    ['see https://x.test/_a_?b=*c* now', 'see https://x.test/_a_?b=*c* now'],
    ['_dana_@example.com or *', '_dana_@example.com or ∗'],
  ])('%j says %j, for WhatsApp formats no value', (value, said) => {
    expect(asText(value)).toBe(said);
  });

  it('keeps its length and has no marker that could begin or end formatting, outside of links', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z*_~` 0-9.,]{0,40}$/), (value) => {
        fc.pre(!value.includes('www.'));
        const said = asText(value);
        expect(said).toHaveLength(value.length);
        expect(said).not.toMatch(/(^|[^a-z0-9])[*_~`]|[*_~`]($|[^a-z0-9])/);
      }),
    );
  });

  it('is missing when it is not there or blank, and nothing is inherited', () => {
    expect(missingIn(['a', 'b', 'c', 'constructor', '__proto__'], { a: 'x', b: ' ', d: 'y' })).toEqual([
      'b',
      'c',
      'constructor',
      '__proto__',
    ]);
    expect(usedOf(['a', 'toString'], { a: 'x', d: 'y' })).toEqual({ a: 'x' });
  });
});

describe('the templates that come with Wasel', () => {
  it('are four in three languages, with the same variables, in their order', () => {
    expect(SYSTEM_TEMPLATES).toHaveLength(12);
    const variables = new Map<string, Set<string>>();
    for (const { category, body } of SYSTEM_TEMPLATES)
      variables.set(category, (variables.get(category) ?? new Set()).add(variablesOf(body).toSorted().join()));
    expect([...variables]).toEqual([
      ['payment_reminder', new Set(['amount,currency,customer_name,due_date,invoice_number,payment_url'])],
      ['subscription_activated', new Set(['customer_name,end_date,features_list,plan_name'])],
      ['subscription_expiring', new Set(['customer_name,days_remaining,expiry_date,plan_name,renewal_url'])],
      ['trial_welcome', new Set(['app_url,customer_name,trial_days'])],
    ]);
    expect(SYSTEM_TEMPLATES.flatMap(({ body }) => malformedIn(body))).toEqual([]);
  });

  it('have ids of their own, the newest first', () => {
    const ids = SYSTEM_TEMPLATES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });
});
