import { expect, it } from '@jest/globals';
import { TestClock } from '../testing/test-clock.ts';

it('a pause is over after its time, or when it is ended, and leaves no timer behind', async () => {
  const clock = new TestClock();
  const over: string[] = [];
  const [whole, ended] = [clock.pause(500), clock.pause(500)];
  const both = Promise.all([whole.over.then(() => over.push('whole')), ended.over.then(() => over.push('ended'))]);
  ended.end();
  await ended.over;
  expect([over, clock.pending]).toEqual([['ended'], 1]);
  clock.advance(500);
  await both;
  expect([over, clock.pending]).toEqual([['ended', 'whole'], 0]);
});
