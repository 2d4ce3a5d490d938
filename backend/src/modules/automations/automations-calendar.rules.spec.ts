import { describe, expect, it } from '@jest/globals';
import { addDays } from '../../kernel/local-time.ts';
import { comingsIn, nextLookAfter, stretchesOf, windowOf, yearsOn } from './automations-calendar.rules.ts';

const day = (month: number, of: number, year: number | null = null) => ({ month, day: of, year });

describe('the days that are looked for', () => {
  it('are those that a person anywhere may be told of before the next look, and after one that was missed', () => {
    const now = new Date('2027-03-01T23:59:00Z');
    expect(windowOf(now, 0)).toEqual({ from: '2027-02-28', to: '2027-03-03' });
    expect(windowOf(now, 7)).toEqual({ from: '2027-02-28', to: '2027-03-10' });
    expect(nextLookAfter(now).toISOString()).toBe('2027-03-02T00:00:00.000Z');
    expect(nextLookAfter(new Date('2027-12-31T00:00:00Z')).toISOString()).toBe('2028-01-01T00:00:00.000Z');
  });

  it('come every year, from the first one on', () => {
    const window = { from: '2026-12-30', to: '2027-01-02' };
    expect(comingsIn(day(12, 31), window)).toEqual(['2026-12-31']);
    expect(comingsIn(day(1, 2), window)).toEqual(['2027-01-02']);
    expect(comingsIn(day(1, 3), window)).toEqual([]);
    expect(comingsIn(day(1, 1, 2027), window)).toEqual(['2027-01-01']);
    expect(comingsIn(day(1, 1, 2028), window)).toEqual([]);
    expect(comingsIn(day(12, 31), { from: '2026-12-30', to: '2028-01-02' })).toEqual(['2026-12-31', '2027-12-31']);
  });

  it('have 29 February on the 28th where there is none', () => {
    expect(comingsIn(day(2, 29, 1996), { from: '2027-02-27', to: '2027-03-02' })).toEqual(['2027-02-28']);
    expect(comingsIn(day(2, 29), { from: '2028-02-27', to: '2028-03-02' })).toEqual(['2028-02-29']);
    expect(comingsIn(day(2, 29), { from: '2028-02-25', to: '2028-02-28' })).toEqual([]);
    expect(comingsIn(day(2, 29), { from: '2100-02-28', to: '2100-02-28' })).toEqual(['2100-02-28']);
  });

  it('say how many years it has been, where that is known', () => {
    expect(yearsOn(day(3, 5, 1990), '2027-03-05')).toEqual({ years: '37' });
    expect(yearsOn(day(3, 5), '2027-03-05')).toEqual({});
  });
});

it.each([
  [3, 1],
  [30, 13],
  [364, 13],
  [365, 13],
  [369, 13],
])('reads all of a window of %i days once, and at most a day beside it', (length, step) => {
  const wrong = Array.from({ length: Math.ceil(800 / step) }, (_, n) => addDays('2027-01-01', n * step)).filter(
    (from) => {
      const window = { from, to: addDays(from, length) };
      const stretches = stretchesOf(window);
      const read = (of: { month: number; day: number }) =>
        stretches.filter(({ from: first, to: last }) => order(of) >= order(first) && order(of) <= order(last)).length;
      const comes = new Set(everyDay.filter((one) => comingsIn({ ...one, year: null }, window).length > 0));
      const beside = everyDay.filter((one) => read(one) > 0 && !comes.has(one));
      return beside.length > 1 || [...comes].some((one) => read(one) !== 1);
    },
  );
  expect(wrong).toEqual([]);
});

const order = ({ month, day: of }: { month: number; day: number }): number => month * 100 + of;
const everyDay = Array.from({ length: 366 }, (_, n) => addDays('2028-01-01', n)).map((date) => ({
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8)),
}));
