import { describe, expect, it } from '@jest/globals';
import { storableId, storableText, storableTime } from './storable.ts';

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

describe('an id', () => {
  it('is kept as it is, and by its hash when no index could hold it', () => {
    expect(storableId('3EB0C767D26A8D3D')).toBe('3EB0C767D26A8D3D');
    const [one, other] = ['a', 'b'].map((last) => storableId('3E'.repeat(2_000) + last));
    expect([one?.length, one === other]).toEqual([43, false]);
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
