import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const SOURCE = join(import.meta.dirname, '..');

/**
 * Classes of Tailwind that name a side of the screen where there is one that names a side of the text: what they say is
 * wrong from right to left.
 */
const PHYSICAL = [
  /^-?(m|p|scroll-m|scroll-p)[lr]-/,
  /^-?(left|right)-/,
  /^(text|float|clear)-(left|right)$/,
  /^rounded-([lr]|tl|tr|bl|br)(-|$)/,
  /^border-[lr](-|$)/,
];

/** Every word of every string of a source that is such a class, whatever variants (`md:`) or `!` stand before it. */
const physicalIn = (source: string): string[] =>
  [...source.matchAll(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g)]
    .flatMap(([literal]) => literal.slice(1, -1).split(/\s+/))
    .filter((word) => PHYSICAL.some((pattern) => pattern.test(word.replace(/^.*:/, '').replace(/^!/, ''))));

const components = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tsx'))
  .map((path) => join(SOURCE, path));

describe('right to left', () => {
  it('is not broken by a class that names a side of the screen', () => {
    const found = components.flatMap((path) =>
      physicalIn(readFileSync(path, 'utf8')).map((name) => `${relative(SOURCE, path)}: ${name}`),
    );
    expect(components.length).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });

  it.each([
    'ml-2',
    'md:mr-auto',
    '-left-4',
    'rtl:right-0',
    'text-left',
    'rounded-tl-xl',
    'rounded-l',
    'border-l',
    'pr-[3px]',
  ])('is seen to be broken by %s', (name) => expect(physicalIn(`<p className="grid ${name} gap-2">`)).toHaveLength(1));

  it.each([
    'ms-2',
    'border-line',
    'rounded-lg',
    'text-start',
    'start-0',
    'rounded-ss-xl',
    'border-e',
    'inset-x-0',
    'me-auto',
  ])('is not broken by %s', (name) => expect(physicalIn(`<p className="grid ${name} gap-2">`)).toEqual([]));
});
