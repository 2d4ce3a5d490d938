import { beforeEach, expect, it } from '@jest/globals';
import { TestClock } from './test-clock.ts';

let clock: TestClock;
let fired: string[];
const note = (name: string) => () => void fired.push(`${name} at ${clock.monotonicMs()}`);

beforeEach(() => {
  clock = new TestClock(new Date('2026-03-29T00:59:59Z'));
  fired = [];
});

it('stands still until it is moved, and then both times move alike', () => {
  expect([clock.now().toISOString(), clock.monotonicMs()]).toEqual(['2026-03-29T00:59:59.000Z', 0]);
  clock.advance(1500);
  expect([clock.now().toISOString(), clock.monotonicMs()]).toEqual(['2026-03-29T01:00:00.500Z', 1500]);
});

it('fires what falls due, in the order of time and then of making, each at its moment', () => {
  clock.setTimeout(note('third'), 30);
  clock.setTimeout(note('first'), 10);
  clock.setTimeout(note('second'), 10);
  clock.setTimeout(note('never'), 31);
  clock.advance(9);
  expect(fired).toEqual([]);
  clock.advance(21);
  expect(fired).toEqual(['first at 10', 'second at 10', 'third at 30']);
  expect(clock.pending).toBe(1);
});

it('fires a timer once', () => {
  clock.setTimeout(note('once'), 0);
  clock.advance(0);
  clock.advance(100);
  expect(fired).toEqual(['once at 0']);
});

it('takes a timer back, from within another too', () => {
  const cancel = clock.setTimeout(note('cancelled'), 20);
  clock.setTimeout(cancel, 10);
  clock.advance(100);
  expect(fired).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('fires the timers that timers set, as far as time has gone', () => {
  const again = () => {
    note('tick')();
    clock.setTimeout(again, 10);
  };
  clock.setTimeout(again, 10);
  clock.advance(35);
  expect(fired).toEqual(['tick at 10', 'tick at 20', 'tick at 30']);
  expect(clock.monotonicMs()).toBe(35);
});

it('does not go back', () => {
  expect(() => clock.advance(-1)).toThrow('time does not go back');
});
