import { describe, expect, it } from '@jest/globals';
import { addDays, daysBetween, localDate, momentOf } from './local-time.ts';

const at = (day: string, hour: number, zone: string) => momentOf(day, hour, zone).toISOString();

describe('an hour of a day on the clocks of a zone', () => {
  it.each([
    ['2026-03-26', 9, 'Asia/Jerusalem', '2026-03-26T07:00:00.000Z'],
    ['2026-03-27', 9, 'Asia/Jerusalem', '2026-03-27T06:00:00.000Z'], // put forward that night
    ['2026-10-24', 9, 'Asia/Jerusalem', '2026-10-24T06:00:00.000Z'],
    ['2026-10-25', 9, 'Asia/Jerusalem', '2026-10-25T07:00:00.000Z'], // and back
    ['2026-07-01', 0, 'Asia/Kolkata', '2026-06-30T18:30:00.000Z'],
    ['2026-07-01', 9, 'Pacific/Apia', '2026-06-30T20:00:00.000Z'],
    ['2026-07-01', 9, 'Pacific/Honolulu', '2026-07-01T19:00:00.000Z'],
  ])('%s %i o’clock in %s is %s', (day, hour, zone, moment) => expect(at(day, hour, zone)).toBe(moment));

  it('is the one after it where clocks skip it, and the first where they show it twice', () => {
    expect(at('2026-03-27', 2, 'Asia/Jerusalem')).toBe('2026-03-27T00:00:00.000Z'); // shown as 03:00
    expect(at('2026-10-25', 1, 'Asia/Jerusalem')).toBe('2026-10-24T22:00:00.000Z');
    expect(at('2026-11-01', 1, 'America/New_York')).toBe('2026-11-01T05:00:00.000Z');
  });
});

it('counts days on the clocks of a zone, over months and changes of clocks', () => {
  expect(localDate(new Date('2026-03-26T22:30:00Z'), 'Asia/Jerusalem')).toBe('2026-03-27');
  expect(localDate(new Date('2026-03-26T22:30:00Z'), 'UTC')).toBe('2026-03-26');
  expect(addDays('2026-03-01', -3)).toBe('2026-02-26');
  expect(daysBetween('2026-03-26', '2026-03-29')).toBe(3);
  expect(daysBetween('2026-03-29', '2026-03-26')).toBe(-3);
});
