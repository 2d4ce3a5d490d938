import { describe, expect, it } from '@jest/globals';
import { quietUntil } from './quiet-hours.ts';

const quiet = (from: string, to: string, time_zone = 'UTC') => ({ from, to, time_zone });
const until = (now: string, hours: ReturnType<typeof quiet>) =>
  quietUntil(new Date(now), hours)?.toISOString().slice(0, 16) ?? null;

describe('quiet hours', () => {
  it('are none where nobody asked for them', () => {
    expect(quietUntil(new Date(), null)).toBeNull();
  });

  it.each([
    ['before they begin', '2026-11-21T12:59:59', null],
    ['with their first second', '2026-11-21T13:00:00', '2026-11-21T14:00'],
    ['until their last', '2026-11-21T13:59:59', '2026-11-21T14:00'],
    ['and then no more', '2026-11-21T14:00:00', null],
  ])('of an afternoon: %s', (_, now, end) => {
    expect(until(`${now}Z`, quiet('13:00', '14:00'))).toBe(end);
  });

  it.each([
    ['in the evening, until the next day', '2026-11-21T23:15:30', '2026-11-22T07:00'],
    ['after midnight, until the same day', '2026-11-22T00:00:00', '2026-11-22T07:00'],
    ['not in the day', '2026-11-22T07:00:00', null],
  ])('over midnight: %s', (_, now, end) => {
    expect(until(`${now}Z`, quiet('22:00', '07:00'))).toBe(end);
  });

  it('are told by the clocks of their zone', () => {
    expect(until('2026-11-21T20:30:00Z', quiet('22:00', '07:00', 'Asia/Jerusalem'))).toBe('2026-11-22T05:00');
    expect(until('2026-11-21T20:30:00Z', quiet('22:00', '07:00', 'America/New_York'))).toBeNull();
    expect(until('2026-11-21T20:30:00Z', quiet('02:00', '02:20', 'Asia/Kathmandu'))).toBe('2026-11-21T20:35');
  });

  // Berlin: 2026-03-29 02:00 is 03:00; 2026-10-25 03:00 is 02:00 again.
  it.each([
    ['an hour less when clocks are put forward', '2026-03-28T22:00:00', quiet('22:00', '07:00'), '2026-03-29T05:00'],
    ['an hour more when they are put back', '2026-10-24T21:00:00', quiet('22:00', '07:00'), '2026-10-25T06:00'],
    [
      'to the first minute there is, when their end is skipped',
      '2026-03-28T22:00:00',
      quiet('22:00', '02:15'),
      '2026-03-29T01:00',
    ],
  ])('last %s', (_, now, hours, end) => {
    expect(until(`${now}Z`, { ...hours, time_zone: 'Europe/Berlin' })).toBe(end);
  });
});
