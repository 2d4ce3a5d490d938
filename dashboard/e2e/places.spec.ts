import { expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY, INSIDE, OPERATOR, OUTSIDE, type Place } from './places.ts';

const APP = join(import.meta.dirname, '../src/app');

/** Every page of the tree, as `/numbers/[id]`. */
const pages = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|[\\/])page\.tsx$/.test(file))
  .map((file) =>
    `/${file
      .replaceAll('\\', '/')
      .replace(/\/?page\.tsx$/, '')
      .replaceAll(/\([^)]+\)\/?/g, '')}`.replace(/(.)\/$/, '$1'),
  );

const isAt = (page: string, { path }: Place): boolean =>
  new RegExp(`^${page.replaceAll(/\[[^\]]+\]/g, '[^/]+')}$`).test(path.replace(/[?#].*/, ''));

/** Pages that nobody looks at. */
const unvisited = (places: readonly Place[]): string[] =>
  pages.filter((page) => !places.some((place) => isAt(page, place)));

const given = {
  invitation: '/join#wsi_x',
  number: 'some-id',
  organization: 'some-other',
  chat: '/inbox?conversation=x',
  job: '/bulk/some-job',
  people: '/bulk/import/some-file',
  broadcast: '/broadcasts/some-broadcast',
  automation: '/automations/some-automation',
  contact: 'one-more',
  group: '/groups/1203630',
  ours: '/groups/1203631',
};
const all = [...OUTSIDE(given), ...EMPTY, ...INSIDE(given), ...OPERATOR(given)];

it('visits every page of src/app: a new one is added to a list in places.ts', () => {
  expect(pages.length).toBeGreaterThan(17);
  expect(unvisited(all)).toEqual([]);
});

it('sees when a page is visited by nobody', () => {
  expect(unvisited(all.filter(({ path }) => !path.startsWith('/numbers/')))).toEqual(['/numbers/[id]']);
  expect(unvisited(all.filter(({ path }) => path !== '/'))).toEqual(['/']);
});

it('looks at a page that is not there, too', () => {
  expect(all.some((place) => !pages.some((page) => isAt(page, place)))).toBe(true);
});
