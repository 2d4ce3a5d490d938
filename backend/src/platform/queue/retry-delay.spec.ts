import { expect, it } from '@jest/globals';
import { retryDelayMs } from './retry-delay.ts';

it('waits longer after each failure, and an hour at most', () => {
  expect([1, 2, 3, 4].map(retryDelayMs)).toEqual([15_000, 30_000, 60_000, 120_000]);
  expect(retryDelayMs(9)).toBe(3_600_000);
  expect(retryDelayMs(5_000)).toBe(3_600_000);
});
