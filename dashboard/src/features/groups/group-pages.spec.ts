import { describe, expect, it } from '@jest/globals';
import type { GroupPage, GroupView } from '@wasel/backend/contract';
import { type GroupPages, withFreshGroups } from './group-pages.ts';

const aGroup = (id: string, over: Partial<Pick<GroupView, 'subject' | 'size' | 'announcement'>> = {}): GroupView =>
  ({ id, subject: `Group ${id}`, size: 10, announcement: false, ...over }) as GroupView;
const pagesOf = (...pages: GroupView[][]): GroupPages => ({
  pages: pages.map((items): GroupPage => ({ items, next_cursor: 'next' })),
  pageParams: pages.map(() => undefined),
});
const given = pagesOf([aGroup('a'), aGroup('b')], [aGroup('c')]);
const put = (fresh: GroupView[], query = {}, asked: readonly string[] = fresh.map(({ id }) => id)) =>
  withFreshGroups(given, query, { asked: new Set<string>(asked), fresh });

describe('groups that changed', () => {
  it('are put where they stand, and other pages are the same', () => {
    const data = put([aGroup('b', { announcement: true, size: 11 })]);
    expect(data?.pages[0]?.items.map(({ announcement }) => announcement)).toEqual([false, true]);
    expect(data?.pages[1]).toBe(given.pages[1]);
  });

  it('leave a list that they are no longer in', () => {
    expect(put([], {}, ['a', 'c'])?.pages.map(({ items }) => items.map(({ id }) => id))).toEqual([['b'], []]);
  });

  it.each([
    ['is new', aGroup('d'), {}],
    ['has another subject', aGroup('a', { subject: 'Zoo' }), {}],
    ['has another size in a list by size', aGroup('a', { size: 12 }), { sort: 'size' }],
  ])('are asked for with the whole list when one %s', (_, group, query) => {
    expect(put([group], query)).toBeNull();
  });

  it('have a list by size be as it is when only the subject is another', () => {
    expect(put([aGroup('a', { subject: 'Zoo' })], { sort: 'size' })?.pages[0]?.items[0]?.subject).toBe('Zoo');
  });
});
