import { describe, expect, it } from '@jest/globals';
import type { ConversationView } from '@wasel/backend/contract';
import { asLoaded, type ConversationPages, loadedIn, withFresh, withFreshLatest } from './conversation-pages.ts';

/** What these functions look at: its name is its id, the number stands for the time when something was said last. */
const chat = (id: string, at: number, more: Partial<ConversationView> = {}): ConversationView =>
  ({ id, active_at: new Date(at).toISOString(), unread_count: 0, ...more }) as ConversationView;

type Chats = Readonly<Record<string, number>>;
const listed = (chats: Chats) => Object.entries(chats).map(([id, at]) => chat(id, at));

/** One after the other as they are read; there is more unless it is `whole`. */
function pages(each: readonly Chats[], whole = false): ConversationPages {
  const cursors = each.map((chats) => `after ${Object.keys(chats).at(-1)}`);
  return {
    pages: each.map((chats, n) =>
      asLoaded({ items: listed(chats), next_cursor: whole && n === each.length - 1 ? null : (cursors[n] ?? null) }),
    ),
    pageParams: [undefined, ...cursors.slice(0, -1)],
  };
}

const THREE = [
  { a: 90, b: 80 },
  { c: 60, d: 50 },
  { e: 30, f: 20 },
] as const;
const shown = (data: ConversationPages) => data.pages.map(({ items }) => items.map(({ id }) => id).join(' '));
const ids = (...all: string[]) => new Set(all);

describe('conversations as they are now', () => {
  it('stand where they stood when nothing new was said, and the pages around them are the same', () => {
    const before = pages(THREE);
    const after = withFresh(before, ids('d'), [chat('d', 50, { unread_count: 3 })]);
    expect(shown(after)).toEqual(['a b', 'c d', 'e f']);
    expect(after.pages[1]?.items[1]?.unread_count).toBe(3);
    expect([after.pages[0], after.pages[2]]).toEqual([before.pages[0], before.pages[2]]);
    expect(after.pages[0]).toBe(before.pages[0]);
    expect(after.pages[2]).toBe(before.pages[2]);
    expect(after.pageParams).toBe(before.pageParams);
  });

  it('come to the top, whichever page they were on or on none, and what is behind the last page stays known', () => {
    const before = pages(THREE);
    const after = withFresh(before, ids('f', 'b', 'z'), [chat('f', 100), chat('b', 110), chat('z', 120)]);
    expect(shown(after)).toEqual(['z b f a', 'c d', 'e']);
    expect(after.pages.map(({ next_cursor: next }) => next)).toEqual(['after b', 'after d', 'after f']);
  });

  it('stand by their ids when they are of one instant', () => {
    const after = withFresh(pages(THREE), ids('aa', '_'), [chat('aa', 90), chat('_', 90)]);
    expect(shown(after)).toEqual(['aa a _ b', 'c d', 'e f']);
  });

  it('are left to the next page when they belong behind the last one, and come last when there is none', () => {
    for (const asked of ['z', 'a'])
      expect(shown(withFresh(pages(THREE), ids(asked), [chat(asked, 10)])).at(-1)).toBe('e f');
    expect(shown(withFresh(pages(THREE, true), ids('z'), [chat('z', 10)])).at(-1)).toBe('e f z');
    expect(shown(withFresh(pages([{}], true), ids('z', 'y'), [chat('z', 10), chat('y', 20)]))).toEqual(['y z']);
  });

  it('stand on the page whose cursor they come before, though its last row is gone', () => {
    const without = withFresh(pages(THREE), ids('f'), [chat('f', 100)]);
    expect(shown(withFresh(without, ids('z'), [chat('z', 25)]))).toEqual(['f a b', 'c d', 'e z']);
    const empty = withFresh(without, ids('e'), []);
    expect(shown(withFresh(empty, ids('z'), [chat('z', 25)]))).toEqual(['f a b', 'c d', 'z']);
    expect(shown(withFresh(empty, ids('z'), [chat('z', 15)]))).toEqual(['f a b', 'c d', '']);
  });

  it('leave the list when its filter no longer shows them; what was not asked for stays', () => {
    expect(shown(withFresh(pages(THREE), ids('b', 'e', 'z'), []))).toEqual(['a', 'c d', 'f']);
  });

  it('take the place of one that was merged into them', () => {
    expect(shown(withFresh(pages(THREE), ids('e'), [chat('c', 60)]))).toEqual(['a b', 'c d', 'f']);
    expect(shown(withFresh(pages(THREE), ids('e', 'f'), [chat('z', 95), chat('z', 95)]))).toEqual(['z a b', 'c d', '']);
  });
});

describe('the latest conversations', () => {
  const page = { items: listed({ a: 90, b: 80, c: 70 }), next_cursor: 'after c' };
  const latest = (of: typeof page | { items: ConversationView[]; next_cursor: null }, ...fresh: ConversationView[]) =>
    withFreshLatest(of, ids('c', ...fresh.map(({ id }) => id)), fresh).items.map(({ id }) => id);

  it('have what is new at their top, and nothing that is older than they are', () => {
    expect(latest(page, chat('c', 100), chat('z', 110), chat('y', 10))).toEqual(['z', 'c', 'a', 'b']);
    expect(latest({ ...page, next_cursor: null }, chat('y', 10))).toEqual(['a', 'b', 'y']);
    expect(withFreshLatest(page, ids('c'), []).next_cursor).toBe('after c');
  });
});

describe('what is loaded', () => {
  it('is all of it, in its order', () => {
    expect(loadedIn(pages(THREE)).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('has one that went back behind the pages that were read before once, as it was read last', () => {
    const chats = loadedIn(pages([...THREE, { b: 10, g: 5 }]));
    expect(chats.map(({ id }) => id)).toEqual(['a', 'c', 'd', 'e', 'f', 'b', 'g']);
    expect(chats[5]).toEqual(chat('b', 10));
  });
});
