import { describe, expect, it } from '@jest/globals';
import { partsOf, reachOf } from './progress.rules.ts';

const NONE = { pending: 0, queued: 0, sending: 0, sent: 0, delivered: 0, read: 0, played: 0, failed: 0, cancelled: 0 };

describe('how far a broadcast is', () => {
  it('counts who read it among those who have it, and those among who it was sent to', () => {
    const counts = { ...NONE, pending: 1, queued: 2, sending: 3, sent: 4, delivered: 5, read: 6, played: 7, failed: 8 };
    expect(reachOf(counts)).toEqual({ waiting: 6, sent: 22, delivered: 18, read: 13, failed: 8, cancelled: 0 });
  });

  it('puts each person into one part of the bar', () => {
    const counts = { ...NONE, queued: 2, sent: 4, delivered: 5, read: 6, failed: 1, cancelled: 3 };
    const parts = partsOf(reachOf(counts));
    expect(parts).toEqual({ read: 6, delivered: 5, sent: 4, failed: 1, cancelled: 3 });
    expect(Object.values(parts).reduce((all, one) => all + one, reachOf(counts).waiting)).toBe(21);
  });
});
