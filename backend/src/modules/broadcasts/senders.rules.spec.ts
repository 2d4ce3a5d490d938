import { describe, expect, it } from '@jest/globals';
import { doneAt, type Sender, spread } from './senders.rules.ts';

const NOW = new Date('2026-11-22T08:00:00Z');
const HOUR_MS = 3_600_000;
const at = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS);
/** Ten a minute, without jitter between. */
const NODE = { maxPerMinute: 10, minGapMs: 0, newChatsPerDay: 100 };
const aSender = (over: Partial<Sender> = {}): Sender => ({
  session: 's',
  linked: true,
  quiet: null,
  maxPerMinute: null,
  newChatsPerDay: null,
  linkedAt: new Date(0),
  newChatsFrom: null,
  begunToday: 0,
  tomorrow: at(16),
  waiting: 0,
  waitingNew: 0,
  ...over,
});

describe('chats are spread', () => {
  const counts = (senders: Sender[], count: number): number[] => {
    const places = spread(NODE, senders, count, NOW);
    return senders.map((_, n) => places.filter((place) => place === n).length);
  };

  it.each([
    ['evenly over numbers that are alike', [{}, {}, {}], 30, [10, 10, 10]],
    ['by what is left of today', [{ begunToday: 100 }, { begunToday: 80 }, {}], 120, [0, 20, 100]],
    ['by the days that follow, when today is over', [{ newChatsPerDay: 10 }, { newChatsPerDay: 90 }], 300, [30, 270]],
    ['to numbers that may begin some', [{ newChatsPerDay: 0 }, {}], 500, [0, 500]],
    ['behind what waits already', [{ waitingNew: 90 }, {}], 110, [10, 100]],
  ] as const)('%s', (_, senders, count, expected) => {
    expect(counts(senders.map(aSender), count)).toEqual(expected);
  });

  it('evenly where numbers begin as many as they like', () => {
    const places = spread({ ...NODE, newChatsPerDay: null }, [aSender(), aSender()], 7, NOW);
    expect(places).toEqual([0, 1, 0, 1, 0, 1, 0]);
  });
});

describe('a number is done', () => {
  const done = (over: Partial<Sender>, work: { old?: number; fresh?: number }, from = NOW) =>
    doneAt(NODE, aSender(over), { old: 0, fresh: 0, ...work }, from);
  /** To the second. */
  const hours = (date: Date | null) => Math.round(((date?.getTime() ?? NaN) - NOW.getTime()) / 1000) / 3600;

  it.each([
    ['at once with nothing', {}, {}, 0],
    ['by its pace', {}, { old: 600 }, 1],
    ['by its own pace with its jitter, where that is slower', { maxPerMinute: 5 }, { old: 600 }, 2.5],
    ['after what waits', { waiting: 600 }, { old: 600 }, 2],
    ['after its quiet hours', { quiet: { from: '08:30', to: '12:00', time_zone: 'UTC' } }, { old: 600 }, 4.5],
    ['when WhatsApp lets it begin chats', { newChatsFrom: at(3) }, { old: 60, fresh: 60 }, 3.1],
    ['today with the chats of today', { begunToday: 40 }, { fresh: 60 }, 0.1],
    ['tomorrow with those of tomorrow', { begunToday: 50 }, { fresh: 60 }, 16 + 1 / 60],
    ['on the day after', {}, { fresh: 260 }, 16 + 24 + 0.1],
    ['as soon as it is warm', { linkedAt: at(-1) }, { fresh: 20 }, 16 + 1 / 60],
  ] as const)('%s', (_, over, work, expected) => {
    expect(hours(done(over, work))).toBeCloseTo(expected, 2);
  });

  it.each([
    ['never with chats that it may not begin', { newChatsPerDay: 0 }, { fresh: 1 }],
    ['not within a year', { newChatsPerDay: 1 }, { fresh: 400 }],
  ] as const)('%s', (_, over, work) => {
    expect(done(over, work)).toBeNull();
  });

  it('after it has begun', () => {
    expect(hours(done({ begunToday: 100 }, { fresh: 60 }, at(20)))).toBeCloseTo(20.1, 2);
  });

  it('is known soon, however long it takes', () => {
    const started = performance.now();
    const quiet = { from: '22:00', to: '07:00', time_zone: 'Asia/Jerusalem' };
    expect(done({ quiet, maxPerMinute: 1, newChatsPerDay: 30 }, { old: 5_000, fresh: 5_000 })).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
