import { describe, expect, it } from '@jest/globals';
import { storableText, storableTime } from './storable.ts';

describe('a text', () => {
  it.each([
    ['as it is', 'שלום 👋', 'שלום 👋'],
    ['with its NULs marked', 'a\0b\0', 'a\uFFFDb\uFFFD'],
    ['that is empty', '', ''],
    ['that is absent', null, null],
  ])('is kept %s', (_, text, kept) => {
    expect(storableText(text)).toBe(kept);
  });
});

describe('a time', () => {
  it('is told in seconds, as text or as a number', () => {
    expect([storableTime('1700000000'), storableTime(1_700_000_000)].map((at) => at.toISOString())).toEqual([
      '2023-11-14T22:13:20.000Z',
      '2023-11-14T22:13:20.000Z',
    ]);
  });

  it.each([undefined, null, '', 'soon', -1, Number.MAX_SAFE_INTEGER, '253402300800'])(
    'that is none, as %p, is now',
    (seconds) => {
      expect(Math.abs(storableTime(seconds).getTime() - Date.now())).toBeLessThan(60_000);
    },
  );
});
