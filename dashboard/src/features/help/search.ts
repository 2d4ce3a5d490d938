import type { Article, Block, Section } from './articles/article.ts';

/** A section that has what was searched for. */
export type Found = Readonly<{ name: string; article: Article; section: Section<string> }>;

/** What is read of a block, without its marks. */
export const plain = (block: Block): string =>
  (typeof block === 'string' ? block : block.join(' '))
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');

/** Sections that have every word of a search, in any case and order; those that have them in the title come first. */
export function searchHelp(articles: Readonly<Record<string, Article>>, search: string): Found[] {
  const words = search.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const has = (text: string): boolean => words.every((word) => text.toLocaleLowerCase().includes(word));
  const found = Object.entries(articles).flatMap(([name, article]) =>
    article.sections
      .filter(({ title, body }) => has([article.title, title, ...body.map(plain)].join(' ')))
      .map((section) => ({ name, article, section })),
  );
  return [...found.filter(({ section }) => has(section.title)), ...found.filter(({ section }) => !has(section.title))];
}
