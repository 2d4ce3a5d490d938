import { describe, expect, it } from '@jest/globals';
import type { MessageView } from '@wasel/backend/contract';
import { type MessagePages, waitingIn, withFresh } from './message-pages.ts';

/** What these functions look at; the number stands for the time when it was made. */
const message = (n: number, more: Partial<MessageView> = {}): MessageView =>
  ({ id: String(n).padStart(3, '0'), text: `${n}`, status: 'received', ...more }) as MessageView;

/** Pages with these messages, the newest first; there is more unless it is `whole`. */
const pages = (numbers: readonly (readonly number[])[], whole = false): MessagePages => ({
  pages: numbers.map((page, n) => ({
    items: page.map((one) => message(one)),
    next_cursor: whole && n === numbers.length - 1 ? null : `after ${page.at(-1)}`,
  })),
  pageParams: [undefined, ...numbers.slice(0, -1).map((page) => `after ${page.at(-1)}`)],
});

const ids = (...numbers: number[]) => new Set(numbers.map((n) => message(n).id));
const shown = (data: MessagePages) => data.pages.map(({ items }) => items.map(({ text }) => text));

describe('messages as they are now', () => {
  it('stand where they stood, and the pages around them are the same', () => {
    const before = pages([
      [9, 8],
      [6, 5],
      [3, 2],
    ]);
    const after = withFresh(before, ids(5), [message(5, { text: 'five' })]);
    expect(shown(after)).toEqual([
      ['9', '8'],
      ['6', 'five'],
      ['3', '2'],
    ]);
    expect(after.pages[0]).toBe(before.pages[0]);
    expect(after.pages[2]).toBe(before.pages[2]);
    expect(after.pageParams).toBe(before.pageParams);
    expect(after.pages.map(({ next_cursor: next }) => next)).toEqual(before.pages.map((page) => page.next_cursor));
  });

  it('come for a change of them', () => {
    const after = withFresh(pages([[9, 8], [6]]), ids(11), [message(6, { text: 'changed' })]);
    expect(shown(after)).toEqual([['9', '8'], ['changed']]);
  });

  it('come to those that are loaded in their order, several at once', () => {
    const fresh = [message(12), message(10), message(7), message(4)];
    expect(
      shown(
        withFresh(
          pages([
            [9, 8],
            [6, 5],
            [3, 2],
          ]),
          ids(4, 7, 10, 12),
          fresh,
        ),
      ),
    ).toEqual([
      ['12', '10', '9', '8'],
      ['7', '6', '5'],
      ['4', '3', '2'],
    ]);
  });

  it('that are older than all come with their page, or last when that was the last', () => {
    expect(
      shown(
        withFresh(
          pages([
            [9, 8],
            [6, 5],
          ]),
          ids(1),
          [message(1)],
        ),
      ),
    ).toEqual([
      ['9', '8'],
      ['6', '5'],
    ]);
    expect(
      shown(
        withFresh(
          pages(
            [
              [9, 8],
              [6, 5],
            ],
            true,
          ),
          ids(1),
          [message(1)],
        ),
      ),
    ).toEqual([
      ['9', '8'],
      ['6', '5', '1'],
    ]);
    expect(shown(withFresh(pages([[]], true), ids(1, 2), [message(1), message(2)]))).toEqual([['2', '1']]);
  });

  it('that are no longer there go; what was not asked for stays', () => {
    expect(
      shown(
        withFresh(
          pages([
            [9, 8],
            [6, 5],
          ]),
          ids(8, 77),
          [],
        ),
      ),
    ).toEqual([['9'], ['6', '5']]);
  });

  it('are not there twice when the same comes again', () => {
    const once = withFresh(pages([[9, 8]]), ids(10), [message(10)]);
    expect(shown(withFresh(once, ids(10), [message(10)]))).toEqual([['10', '9', '8']]);
  });
});

it('what waits is what has not left, the newest of it', () => {
  const data = pages([Array.from({ length: 50 }, (_, n) => 100 - n)]);
  expect(waitingIn(data)).toEqual([]);
  const statuses = ['queued', 'pending', 'sending', 'sent'] as const;
  const waiting = {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.map((one, n) => ({ ...one, status: statuses[n % 4] ?? 'sent' })),
    })),
  };
  expect(waitingIn(waiting)).toHaveLength(20);
  expect(waitingIn(waiting)).toEqual(expect.arrayContaining(['100', '099', '098', '096']));
  expect(waitingIn(undefined)).toEqual([]);
});
