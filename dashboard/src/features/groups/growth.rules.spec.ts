import { describe, expect, it } from '@jest/globals';
import { bothWays, type Day, heightOf, netOf, scaleOf, sumOf } from './growth.rules.ts';

const aDay = (joined: number, left: number, size: number | null = null): Day => ({
  day: '2026-11-22',
  joined,
  left,
  size,
});

it('what came and went is added up', () => {
  const days = [aDay(4, 1), aDay(0, 2)];
  expect([sumOf(days, 'joined'), sumOf(days, 'left'), netOf(days)]).toEqual([4, 3, 1]);
});

describe('a scale', () => {
  it.each([
    [
      [3, 8],
      [2, 4, 6, 8],
    ],
    [
      [998, 1_024],
      [990, 1_000, 1_010, 1_020, 1_030],
    ],
    [
      [5, 5],
      [4, 5],
    ],
    [
      [0, 0],
      [0, 1],
    ],
    [[1], [0, 1]],
    [
      [0, 1_024],
      [0, 500, 1_000, 1_500],
    ],
  ])('of %j has round lines around it', (values, ticks) => {
    expect(scaleOf(values).ticks).toEqual(ticks);
  });

  it('of what came and went is by one measure, and its figures stand apart', () => {
    expect(bothWays([aDay(17, 3), aDay(0, 4)])).toEqual({ from: -5, to: 20, ticks: [-5, 0, 20] });
    expect(bothWays([aDay(400, 3)])).toEqual({ from: -5, to: 500, ticks: [0, 500] });
    expect(bothWays([aDay(0, 0)]).ticks).toEqual([-1, 0, 1]);
  });

  it('has its greatest at the top', () => {
    const scale = scaleOf([0, 10]);
    expect([heightOf(scale, scale.to), heightOf(scale, scale.from)]).toEqual([0, 1]);
  });
});
