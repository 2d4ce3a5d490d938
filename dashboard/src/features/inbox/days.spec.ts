import { describe, expect, it } from '@jest/globals';
import type { MessageView } from '@wasel/backend/contract';
import { byDay, isDayBefore, isSameDay } from './days.ts';

type Said = Pick<MessageView, 'created_at' | 'sent_at'> & { name: string };

const said = (name: string, ...at: [year: number, month: number, day: number, hour: number]): Said => ({
  name,
  created_at: new Date(...at).toISOString(),
  sent_at: null,
});
const names = (days: ReturnType<typeof byDay<Said>>) => days.map(({ messages }) => messages.map(({ name }) => name));

describe('the days of a chat', () => {
  it('part at midnight where one looks from, the oldest first', () => {
    const newestFirst = [
      said('c', 2026, 10, 21, 0),
      said('b', 2026, 10, 20, 23),
      said('a', 2026, 10, 20, 1),
      said('z', 2026, 9, 31, 12),
    ];
    expect(names(byDay(newestFirst))).toEqual([['z'], ['a', 'b'], ['c']]);
  });

  it('go by when a message was sent, not by when it was heard', () => {
    const late = { ...said('late', 2026, 10, 21, 9), sent_at: new Date(2026, 10, 20, 22).toISOString() };
    expect(names(byDay([said('b', 2026, 10, 21, 10), late]))).toEqual([['late'], ['b']]);
  });

  it('are none without messages', () => expect(byDay([])).toEqual([]));

  it('know their neighbours across a month', () => {
    expect(isDayBefore(new Date(2026, 9, 31, 23), new Date(2026, 10, 1, 0))).toBe(true);
    expect(isDayBefore(new Date(2026, 9, 30, 23), new Date(2026, 10, 1, 0))).toBe(false);
    expect(isSameDay(new Date(2026, 9, 31), new Date(2026, 8, 31))).toBe(false);
  });
});
