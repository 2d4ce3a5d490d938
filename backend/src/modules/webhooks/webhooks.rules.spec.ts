import { describe, expect, it } from '@jest/globals';
import { AddressNotAllowed, AddressUnreachable } from '../../platform/http/public-fetch.errors.ts';
import { bodyOf, WEBHOOK_EVENTS } from './webhook-events.ts';
import {
  ATTEMPTS_MAX,
  EXPIRES_MS,
  HOUR_MS,
  nextTryMs,
  outcomeOf,
  outcomeOfFault,
  PAUSES_MS,
  restMs,
} from './webhooks.rules.ts';

const NOW = new Date('2026-11-21T08:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}) =>
  outcomeOf({ status, headers, body: Buffer.from('ok'), url: 'https://example.com' }, NOW);

describe('the tries of one delivery', () => {
  it('end within a day of the first, the last near its end', () => {
    const lastMs = PAUSES_MS.reduce((sum, one) => sum + one, 0);
    expect(lastMs).toBeLessThan(EXPIRES_MS);
    expect(lastMs).toBeGreaterThan(0.95 * EXPIRES_MS);
  });

  it('are eleven', () => {
    const tries = Array.from({ length: 20 }, (_, n) => nextTryMs(n + 1, 0, EXPIRES_MS, 0)).filter((ms) => ms !== null);
    expect(tries.length + 1).toBe(ATTEMPTS_MAX);
    expect(ATTEMPTS_MAX).toBe(11);
  });

  it('come a little sooner by chance, and never later', () => {
    expect(nextTryMs(1, 0, EXPIRES_MS, 0)).toBe(5_000);
    expect(nextTryMs(1, 0, EXPIRES_MS, 0.999)).toBeGreaterThan(4_500);
  });

  it('wait for as long as they are asked to, and not beyond the day', () => {
    expect(nextTryMs(1, 600_000, EXPIRES_MS, 0)).toBe(600_000);
    expect(nextTryMs(1, 600_000, 60_000, 0)).toBe(60_000);
    expect(nextTryMs(1, 0, 0, 0)).toBeNull();
  });
});

it('an endpoint rests from its fifth failure in a row on, an hour at most, or as long as it asks', () => {
  expect([1, 4, 5, 6, 10, 50].map((failures) => restMs(failures, 0, 0))).toEqual([
    0,
    0,
    5_000,
    30_000,
    HOUR_MS,
    HOUR_MS,
  ]);
  expect(restMs(1, 120_000, 0)).toBe(120_000);
});

it.each([
  [200, {}, null, 0],
  [204, { 'retry-after': '60' }, null, 0],
  [302, {}, 'http_302', 0],
  [429, { 'retry-after': '60' }, 'http_429', 60_000],
  [503, { 'retry-after': 'Sat, 21 Nov 2026 08:02:00 GMT' }, 'http_503', 120_000],
  [503, { 'retry-after': 'Sat, 21 Nov 2026 07:00:00 GMT' }, 'http_503', 0],
  [503, { 'retry-after': '99999999' }, 'http_503', 12 * HOUR_MS],
  [503, { 'retry-after': 'soon' }, 'http_503', 0],
])('an answer %d with %j', (status, headers, error, retryAfterMs) => {
  expect(answer(status, headers)).toMatchObject({ status, error, retryAfterMs });
});

it('tells a time-out from nobody there, and from an address that is none', () => {
  const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  expect(outcomeOfFault(new AddressUnreachable({ cause: late })).error).toBe('timed_out');
  expect(outcomeOfFault(new AddressUnreachable()).error).toBe('address_unreachable');
  expect(outcomeOfFault(new AddressNotAllowed()).error).toBe('address_not_allowed');
});

describe('the catalogue of events', () => {
  it.each(Object.entries(WEBHOOK_EVENTS))(
    'has an example of %s that its schema takes, whole',
    (type, { data, example }) => {
      expect(data.parse(example)).toEqual(example);
      expect(JSON.parse(bodyOf(type, NOW, example))).toEqual({ type, timestamp: NOW.toISOString(), data: example });
    },
  );
});
