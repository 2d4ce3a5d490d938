import { describe, expect, it } from '@jest/globals';
import { asleepUntil, zonesOf } from './recipient-night.ts';

const night = { from: '22:00', to: '07:00', time_zone: 'Asia/Jerusalem' };
const PEOPLE = { israel: '+972501234567', japan: '+819012345678', usa: '+12125550123', nowhere: '+88281234567' };
const until = (phone: string | null, at: string, quiet = night) =>
  asleepUntil(quiet, phone, new Date(at))?.toISOString() ?? null;

describe('the night of a person', () => {
  it('is that of the country of his number', () => {
    expect(until(PEOPLE.japan, '2026-12-01T14:00:00Z')).toBe('2026-12-01T22:00:00.000Z');
    expect(until(PEOPLE.israel, '2026-12-01T14:00:00Z')).toBeNull();
    expect(until(PEOPLE.israel, '2026-12-01T23:00:00Z')).toBe('2026-12-02T05:00:00.000Z');
    expect(until(PEOPLE.japan, '2026-12-01T23:00:00Z')).toBeNull();
  });

  it('is over in a country of several zones when it is day in all of them', () => {
    const newYorkMorning = '2026-12-01T13:00:00Z';
    expect(until(PEOPLE.usa, newYorkMorning)).toBe('2026-12-01T17:00:00.000Z'); // 07:00 in Honolulu
    expect(until(PEOPLE.usa, '2026-12-01T20:00:00Z')).toBeNull();
    const newYorkNight = '2026-12-02T03:30:00Z';
    expect(until(PEOPLE.usa, newYorkNight)).toBe('2026-12-02T17:00:00.000Z');
  });

  it('is that of the number that writes where a country is never awake as a whole, and where there is none', () => {
    const long = { from: '13:00', to: '12:00', time_zone: 'Asia/Jerusalem' };
    expect(until(PEOPLE.usa, '2026-12-01T10:30:00Z', long)).toBeNull();
    expect(until(PEOPLE.usa, '2026-12-01T09:00:00Z', long)).toBe('2026-12-01T10:00:00.000Z');
    expect(zonesOf(PEOPLE.nowhere)).toEqual([]);
    for (const somebody of [PEOPLE.nowhere, null])
      expect(until(somebody, '2026-12-01T23:00:00Z')).toBe('2026-12-02T05:00:00.000Z');
  });

  it('is no night without quiet hours', () => {
    expect(asleepUntil(null, PEOPLE.japan, new Date('2026-12-01T14:00:00Z'))).toBeNull();
  });
});
