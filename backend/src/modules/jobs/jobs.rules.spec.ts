import { expect, it } from '@jest/globals';
import { JobCounts } from './jobs.dto.ts';
import { countAgainMs, ORDERS, stateAfter } from './jobs.rules.ts';

const counts = (over: Partial<JobCounts>) => JobCounts.parse(over);

it.each([
  ['running', { queued: 1 }, 'running'],
  ['running', { sending: 1, read: 3 }, 'running'],
  ['running', { pending: 1 }, 'running'],
  ['running', { sent: 1, failed: 1, cancelled: 1 }, 'completed'],
  ['paused', { sent: 1 }, 'paused'],
  ['cancelled', { sent: 1 }, 'cancelled'],
] as const)('what is %s with %j is %s', (state, has, after) => {
  expect(stateAfter(state, counts(has))).toBe(after);
});

it('orders nothing of what is over', () => {
  for (const { from } of Object.values(ORDERS))
    for (const over of ['completed', 'failed', 'cancelled'] as const) expect(from).not.toContain(over);
});

it('is counted each second while it moves, seldom while it rests, and never when no receipt comes any more', () => {
  expect(countAgainMs('running', true, null)).toBe(1_000);
  expect(countAgainMs('running', false, null)).toBe(3_000);
  expect(countAgainMs('paused', false, null)).toBe(30_000);
  expect(countAgainMs('completed', true, 0)).toBe(15_000);
  expect(countAgainMs('completed', false, 3_600_001)).toBeNull();
});
