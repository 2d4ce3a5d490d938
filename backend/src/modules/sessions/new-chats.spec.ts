import { describe, expect, it } from '@jest/globals';
import { newChatAllowance, refusedByWhatsApp, WARM_UP } from './new-chats.ts';

const LINKED = new Date('2026-11-01T09:00:00Z');
const after = (days: number) => new Date(LINKED.getTime() + days * 86_400_000);
const allowance = (days: number, setting: number | null = null, usual: number | null = 50) =>
  newChatAllowance(usual, { setting, linkedAt: LINKED }, after(days));

describe('chats that a number may begin in a day', () => {
  it.each([
    [0, 10],
    [2.99, 10],
    [3, 20],
    [7, 30],
    [14, 40],
    [29.99, 40],
  ])('are few while it is new: after %s days, %s', (days, perDay) => {
    expect(allowance(days)).toEqual({ perDay, because: 'warming_up' });
  });

  it('are the usual number afterwards, or what somebody decided', () => {
    expect(allowance(30)).toEqual({ perDay: 50, because: 'default' });
    expect(allowance(30, 120)).toEqual({ perDay: 120, because: 'setting' });
    expect(allowance(0, 5)).toEqual({ perDay: 5, because: 'setting' });
    expect(allowance(0, 120)).toEqual({ perDay: 10, because: 'warming_up' });
    expect(allowance(30, 0)).toEqual({ perDay: 0, because: 'setting' });
  });

  it('are not limited at the sandbox, but by what somebody decided', () => {
    expect(allowance(0, null, null)).toBeNull();
    expect(allowance(0, 120, null)).toEqual({ perDay: 120, because: 'setting' });
  });

  it('grow with every step', () => {
    const steps = WARM_UP.map(({ newChats }) => newChats);
    expect(steps.toSorted((a, b) => a - b)).toEqual(steps);
  });
});

describe('what WhatsApp refuses', () => {
  const [past, soon] = [after(-1), after(1)];
  it.each([
    [null, null, null],
    [past, null, null],
    [soon, null, 'reach_out_limited'],
    [null, { total: 3, used: 2, endsAt: soon }, null],
    [null, { total: 3, used: 3, endsAt: soon }, 'new_chat_quota'],
    [null, { total: 0, used: 0, endsAt: soon }, 'new_chat_quota'],
    [null, { total: 3, used: 3, endsAt: past }, null],
    [soon, { total: 3, used: 3, endsAt: soon }, 'reach_out_limited'],
  ] as const)('a lock until %p and a quota of %p: %p', (reachOutUntil, quota, reason) => {
    expect(refusedByWhatsApp({ reachOutUntil, quota }, LINKED)?.reason ?? null).toBe(reason);
  });
});
