import { expect, it } from '@jest/globals';
import { DeadLines } from './dead-lines.ts';

const MINUTE_MS = 60_000;
const found = (...minutes: number[]) => {
  const lines = new DeadLines();
  return minutes.map((minute) => lines.found(minute * MINUTE_MS));
};

it.each([
  ['the third time within an hour, and from then on', [0, 1, 2, 3], [false, false, true, true]],
  ['not when an hour lies between', [0, 30, 60, 89], [false, false, false, true]],
  ['not again after a quiet hour', [0, 1, 2, 62], [false, false, true, false]],
])('a line is dead often %s', (_, minutes, often) => {
  expect(found(...minutes)).toEqual(often);
});
