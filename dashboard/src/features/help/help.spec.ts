import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LANGUAGES } from '../../i18n/languages.ts';
import type { Article } from './articles/article.ts';
import { ARTICLES } from './articles/index.ts';
import { plain, searchHelp } from './search.ts';

const SOURCE = join(import.meta.dirname, '../..');
const ARTICLES_FOLDER = join(import.meta.dirname, 'articles');
const languages = Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[];
const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(folder, path));

/** Every section of a language, as `troubleshooting#passkey`. */
const topicsOf = (language: keyof typeof LANGUAGES): string[] =>
  Object.entries<Article>(ARTICLES[language]).flatMap(([name, { sections }]) =>
    sections.map(({ id }) => `${name}#${id}`),
  );
const linksIn = (article: Article): string[] =>
  article.sections.flatMap(({ body }) =>
    body.flatMap((block) =>
      [
        ...[block]
          .flat()
          .join(' ')
          .matchAll(/\]\(([^)]+)\)/g),
      ].map(([, address]) => address ?? ''),
    ),
  );

/** Topics that a source leads to, in any of the ways to write it. */
const topicsIn = (source: string): string[] =>
  [...source.matchAll(/'(?:\/help\/)?((?:\w+)#[\w-]+)'|topic="([^"]+)"/g)]
    .map(([, quoted, topic]) => quoted ?? topic ?? '')
    .filter((topic) => Object.hasOwn(ARTICLES.en, topic.split('#')[0] ?? ''));

describe('the help', () => {
  it.each(languages)('has in %s every file of an article, and lists it', (language) => {
    const files = readdirSync(join(ARTICLES_FOLDER, language)).map((file) => file.replace('.ts', ''));
    expect(files.toSorted()).toEqual(Object.keys(ARTICLES[language]).toSorted());
    expect(Object.keys(ARTICLES[language])).toEqual(Object.keys(ARTICLES.en));
  });

  it.each(languages)('has in %s the sections of the reference, in their order, each once', (language) => {
    expect(topicsOf(language)).toEqual(topicsOf('en'));
    expect(new Set(topicsOf(language)).size).toBe(topicsOf(language).length);
  });

  it.each(languages)('leads in %s from where it leads in the reference', (language) => {
    for (const [name, article] of Object.entries<Article>(ARTICLES.en))
      expect(linksIn((ARTICLES[language] as Record<string, Article>)[name] as Article)).toEqual(linksIn(article));
  });

  it.each(languages)('leaves no mark open in %s', (language) => {
    const open = Object.values<Article>(ARTICLES[language])
      .flatMap(({ sections }) => sections.flatMap(({ body }) => body.map(plain)))
      .filter((text) => /[*`]|\]\(/.test(text) || text.trim() === '');
    expect(open).toEqual([]);
  });

  it('has every section that the product leads to', () => {
    const led = sourcesIn(SOURCE).flatMap((path) =>
      topicsIn(readFileSync(path, 'utf8')).map((topic) => ({ topic, where: relative(SOURCE, path) })),
    );
    expect(led.length).toBeGreaterThan(12);
    expect(led.filter(({ topic }) => !topicsOf('en').includes(topic))).toEqual([]);
    expect(topicsIn(`<HelpLink topic="troubleshooting#no-such" />; helpHref('inbox#nowhere')`)).toHaveLength(2);
  });
});

describe('a search', () => {
  const found = (language: keyof typeof LANGUAGES, search: string) =>
    searchHelp(ARTICLES[language], search).map(({ name, section }) => `${name}#${section.id}`);

  it('finds what has every word, in any case and order; titles come first', () => {
    expect(found('en', 'PASSKEY whatsapp')[0]).toBe('troubleshooting#passkey');
    expect(found('he', 'פרוקסי').length).toBeGreaterThan(2);
    expect(found('ar', 'ساعات الهدوء')[0]).toBe('numbers#quiet-hours');
  });

  it('finds nothing of what is not there, nor by nothing', () => {
    expect(found('en', 'passkey zebra')).toEqual([]);
    expect(found('en', '  ')).toEqual([]);
  });
});
