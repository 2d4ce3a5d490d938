import { describe, expect, it } from '@jest/globals';
import { heldBack, nextSendAtMs, retryDelayMs, verdictOf, waitsFor } from './outbox.rules.ts';
import { paceOf } from './pace.ts';

const pace = { maxPerMinute: 20, minGapMs: 3_000 };

describe('what is queued', () => {
  const night = { from: '22:00', to: '07:00', time_zone: 'UTC' };
  const noon = new Date('2026-11-21T12:00:00Z');
  const midnight = new Date('2026-11-22T00:00:00Z');

  const suspended = false;

  it('leaves by day', () => {
    expect(heldBack({ state: 'connected', quietHours: night, suspended }, noon)).toBeNull();
    expect(heldBack({ state: 'connected', quietHours: null, suspended }, midnight)).toBeNull();
  });

  it('is held back in quiet hours, until they end', () => {
    const until = new Date('2026-11-22T07:00:00Z');
    expect(heldBack({ state: 'connected', quietHours: night, suspended }, midnight)).toEqual({
      reason: 'quiet_hours',
      until,
    });
  });

  it('waits first of all for its number, however long that takes', () => {
    for (const state of ['disconnected', 'connecting', 'qr_pending', 'error'] as const)
      expect(heldBack({ state, quietHours: night, suspended }, midnight)).toEqual({
        reason: 'session_offline',
        until: null,
      });
  });
});

describe('what is queued in an organization that is suspended', () => {
  it('waits for a person, whatever else there is', () => {
    for (const state of ['connected', 'error'] as const)
      expect(heldBack({ state, quietHours: null, suspended: true }, new Date())).toEqual({
        reason: 'organization_suspended',
        until: null,
      });
  });
});

describe('what waits for its file', () => {
  const today = { begun: 5, allowed: 5, until: new Date('2026-11-22T00:00:00Z') };
  const turn = { asleepUntil: null, chat: 'established', refused: null, today } as const;
  const until = new Date('2026-11-21T12:00:15Z');

  it('says so, and when it looks again', () => {
    expect(waitsFor({ ...turn, file: { until } })).toEqual({ reason: 'media_not_ready', until });
    expect(waitsFor({ ...turn, file: { until: null } })).toEqual({ reason: 'media_not_ready', until: null });
    expect(waitsFor(turn)).toBeNull();
  });

  it('says first what lasts longer', () => {
    const file = { until };
    expect(waitsFor({ ...turn, file, asleepUntil: today.until })?.reason).toBe('recipient_quiet_hours');
    expect(waitsFor({ ...turn, file, chat: 'to be begun' })?.reason).toBe('new_chat_budget');
  });
});

describe('the pace', () => {
  it('of a number is slower than that of its node, never faster, and even', () => {
    expect(paceOf(pace, null)).toEqual(pace);
    expect(paceOf(pace, 6)).toEqual({ maxPerMinute: 6, minGapMs: 10_000 });
    expect(paceOf({ maxPerMinute: 10, minGapMs: 6_000 }, 20)).toEqual({ maxPerMinute: 10, minGapMs: 6_000 });
  });

  it('lets the first message leave at once', () => {
    expect(nextSendAtMs([], pace, 0.9)).toBe(-Infinity);
  });

  it('keeps the gap, and never less whatever the dice say', () => {
    expect(nextSendAtMs([10_000], pace, 0)).toBe(13_000);
    expect(nextSendAtMs([10_000], pace, 0.999)).toBeGreaterThan(13_000);
  });

  it('lets no more than twenty leave in any minute', () => {
    const sent: number[] = [];
    let now = 0;
    for (let n = 0; n < 200; n += 1) {
      now = Math.max(now, nextSendAtMs(sent, { maxPerMinute: 20, minGapMs: 0 }, 0));
      sent.push(now);
    }
    for (const [n, at] of sent.entries()) {
      const inMinute = sent.filter((other, m) => m >= n && other < at + 60_000);
      expect(inMinute.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['463', false, 'reach_out_limited'],
    ['404', false, 'not_on_whatsapp'],
    ['429', true, 'rate_limited'],
    ['503', true, 'whatsapp_unavailable'],
    ['479', false, 'rejected_by_whatsapp'],
  ])('%s: tried again %p, as %s', (error, retry, code) => {
    expect(verdictOf(error)).toEqual({ retry, code });
  });

  it('is tried again later each time', () => {
    expect([1, 2].map(retryDelayMs)).toEqual([5_000, 20_000]);
  });
});
