import { describe, expect, it } from '@jest/globals';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from './languages.ts';

type Catalogue = { [key: string]: string | Catalogue };
type Plural = { value: string; options: string[] };

const languages = Object.keys(LANGUAGES);
const [reference = 'en', ...translations] = languages;
const catalogues = new Map(languages.map((language) => [language, textsOf(language)]));
const textIn = (language: string, key: string): string => catalogues.get(language)?.get(key) ?? '';

/** Every text of a language by its whole path, as `inbox.empty.title`. */
function textsOf(language: string): Map<string, string> {
  const path = join(import.meta.dirname, '../../messages', `${language}.json`);
  const texts = new Map<string, string>();
  const walk = (node: Catalogue, above: string): void => {
    for (const [name, child] of Object.entries(node)) {
      if (typeof child === 'string') texts.set(above + name, child);
      else walk(child, `${above}${name}.`);
    }
  };
  walk(JSON.parse(readFileSync(path, 'utf8')) as Catalogue, '');
  return texts;
}

/** Runs through a text and everything inside its branches. */
function elementsOf(text: string): MessageFormatElement[] {
  const inside = (elements: MessageFormatElement[]): MessageFormatElement[] =>
    elements.flatMap((element) =>
      element.type === TYPE.plural || element.type === TYPE.select
        ? [element, ...Object.values(element.options).flatMap(({ value }) => inside(value))]
        : element.type === TYPE.tag
          ? [element, ...inside(element.children)]
          : [element],
    );
  return inside(parse(text));
}

/** The arguments that a text takes, with how each is shown, as `count:plural`. */
const placeholdersOf = (text: string): string[] =>
  [
    ...new Set(
      elementsOf(text).flatMap((element) =>
        element.type === TYPE.literal || element.type === TYPE.pound ? [] : [`${element.value}:${TYPE[element.type]}`],
      ),
    ),
  ].toSorted();

const pluralsOf = (text: string): Plural[] =>
  elementsOf(text).flatMap((element) =>
    element.type === TYPE.plural ? [{ value: element.value, options: Object.keys(element.options) }] : [],
  );

/** What stands for a category when a number is named instead. */
const EXACT: Readonly<Record<string, string>> = { zero: '=0', one: '=1', two: '=2' };

describe('the message catalogues', () => {
  it.each(translations)('have in %s the keys that they have in the reference', (language) => {
    expect([...(catalogues.get(language)?.keys() ?? [])].toSorted()).toEqual(
      [...(catalogues.get(reference)?.keys() ?? [])].toSorted(),
    );
  });

  it.each(translations)('take in %s the arguments that they take in the reference', (language) => {
    const keys = [...(catalogues.get(reference)?.keys() ?? [])];
    const wanted = keys.map((key) => [key, placeholdersOf(textIn(reference, key))]);
    expect(keys.map((key) => [key, placeholdersOf(textIn(language, key))])).toEqual(wanted);
  });

  it.each(languages)('have no empty text in %s', (language) => {
    const empty = [...(catalogues.get(language) ?? [])].filter(([, text]) => text.trim() === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it.each(languages)('say every plural of %s for each number that this language tells apart', (language) => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const missing = [...(catalogues.get(language) ?? [])].flatMap(([key, text]) =>
      pluralsOf(text).flatMap(({ options }) =>
        wanted
          .filter((category) => !options.includes(category) && !options.includes(EXACT[category] ?? category))
          .map((category) => `${key}: ${category}`),
      ),
    );
    expect(missing).toEqual([]);
  });
});
