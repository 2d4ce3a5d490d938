import { expect, it } from '@jest/globals';
import { firstHour, isWithinAYear, localTime } from './send-later.rules.ts';

it('begins with a full hour that is not too near', () => {
  expect(firstHour(new Date('2026-11-21T10:10:00Z'))).toEqual(new Date('2026-11-21T11:00:00Z'));
  expect(firstHour(new Date('2026-11-21T10:40:00Z'))).toEqual(new Date('2026-11-21T12:00:00Z'));
});

it('writes a time as the field reads it', () => {
  const at = new Date(2026, 0, 5, 7, 3);
  expect(localTime(at)).toBe('2026-01-05T07:03');
  expect(new Date(localTime(at))).toEqual(at);
});

it('takes what is still to come, within a year', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  expect(isWithinAYear(new Date('2026-11-21T10:01:00Z'), now)).toBe(true);
  for (const wrong of ['2026-11-21T09:59:00Z', '2027-11-22T10:00:00Z', 'no time'])
    expect(isWithinAYear(new Date(wrong), now)).toBe(false);
});
