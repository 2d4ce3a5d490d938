import { describe, expect, it } from '@jest/globals';
import { backoffMs, type Event, type State, step, viewOf } from './sessions.machine.ts';

const connected: State = { name: 'connected', attempts: 0 };
const closed = (code: number, over: Partial<Extract<Event, { name: 'closed' }>> = {}): Event => ({
  name: 'closed',
  code,
  linked: true,
  autoReconnect: true,
  ...over,
});
const after = (state: State, ...events: Event[]): State => events.reduce((now, event) => step(now, event, 0)[0], state);

describe('a linked number', () => {
  it.each([428, 408, 0, 1006])('comes back by itself after code %i', (code) => {
    expect(step(connected, closed(code), 0)).toEqual([
      { name: 'waiting', attempts: 1, reason: 'network' },
      { do: 'retry', inMs: 1_000 },
    ]);
  });

  it.each([500, 503])('knows that code %i is the server', (code) => {
    expect(step(connected, closed(code), 0)[0]).toMatchObject({ name: 'waiting', reason: 'server' });
  });

  it.each([
    [401, 'logged_out'],
    [402, 'banned'],
    [403, 'banned'],
    [405, 'outdated'],
    [440, 'replaced'],
  ] as const)('stops at code %i as %s and is not tried again', (code, reason) => {
    const [state, ...effects] = step(connected, closed(code), 0);
    expect(viewOf(state)).toEqual({ state: 'error', reason, attempts: 0 });
    expect(effects.map((effect) => effect.do)).not.toContain('retry');
  });

  it('forgets its keys only when the phone unlinked it', () => {
    expect(step(connected, closed(401), 0)).toContainEqual({ do: 'forget-keys' });
    for (const code of [402, 403, 440, 500])
      expect(step(connected, closed(code), 0)).not.toContainEqual({ do: 'forget-keys' });
  });

  it('opens again at once when the server asks for a restart', () => {
    expect(step({ name: 'linking' }, closed(515), 0)).toEqual([
      { name: 'connecting', attempts: 0, reason: null },
      { do: 'open' },
    ]);
  });

  it('stays down when it is told not to reconnect by itself', () => {
    const [state, ...effects] = step(connected, closed(428, { autoReconnect: false }), 0);
    expect(viewOf(state)).toMatchObject({ state: 'error', reason: 'network' });
    expect(effects).toEqual([]);
  });

  it('is an error after five failures in a row, and is still tried', () => {
    let state: State = connected;
    for (let failure = 1; failure <= 5; failure += 1) {
      expect(viewOf(state).state).not.toBe('error');
      state = after(state, closed(428), { name: 'retry-due' });
    }
    expect(viewOf(state)).toEqual({ state: 'error', reason: 'network', attempts: 5 });
    expect(step(state, closed(428), 0)).toContainEqual({ do: 'retry', inMs: 30_000 });
  });

  it('counts as recovered only when it stayed', () => {
    const flapping = after(connected, closed(428), { name: 'retry-due' }, { name: 'opened' });
    expect(flapping).toEqual({ name: 'connected', attempts: 1 });
    expect(after(flapping, { name: 'stayed' })).toEqual(connected);
  });
});

describe('a number that is being linked', () => {
  it('rests when nobody scanned', () => {
    const [state] = step({ name: 'linking' }, closed(408, { linked: false }), 0);
    expect(viewOf(state)).toEqual({ state: 'disconnected', reason: 'qr_expired', attempts: 0 });
  });

  it('says so when the phone refused', () => {
    const [state, ...effects] = step({ name: 'linking' }, closed(401, { linked: false }), 0);
    expect(viewOf(state)).toEqual({ state: 'disconnected', reason: 'pairing_failed', attempts: 0 });
    expect(effects).toContainEqual({ do: 'forget-keys' });
  });
});

describe('a number with a proxy', () => {
  it.each(['proxy_unreachable', 'proxy_refused'] as const)(
    'says %s while it tries again, whatever the code',
    (fault) => {
      for (const code of [0, 401, 403, 407, 408, 503]) {
        const [waiting, ...effects] = step(connected, closed(code, { proxyFault: fault }), 0);
        expect(viewOf(waiting)).toEqual({ state: 'connecting', reason: fault, attempts: 1 });
        expect(effects).toEqual([{ do: 'retry', inMs: 1_000 }]);
        expect(viewOf(after(waiting, { name: 'retry-due' }))).toMatchObject({ reason: fault });
      }
    },
  );

  it('connects anew when it is to go another way, and rests if it rested', () => {
    for (const state of [
      connected,
      { name: 'linking' },
      { name: 'waiting', attempts: 4, reason: 'network' },
    ] as State[])
      expect(step(state, { name: 'reroute' }, 0)).toEqual([
        { name: 'connecting', attempts: 0, reason: null },
        { do: 'open' },
      ]);
    const resting: State = { name: 'resting', state: 'disconnected', reason: 'stopped' };
    expect(step(resting, { name: 'reroute' }, 0)).toEqual([resting]);
  });
});

it('asked for a passkey, a number that is being linked rests and says so; one that is linked does not care', () => {
  for (const state of [{ name: 'linking' }, { name: 'connecting', attempts: 0, reason: null }] as State[]) {
    const [resting, ...effects] = step(state, { name: 'passkey-wanted' }, 0);
    expect(viewOf(resting)).toEqual({ state: 'error', reason: 'passkey_required', attempts: 0 });
    expect(effects).toEqual([{ do: 'close' }, { do: 'forget-keys' }]);
  }
  expect(step(connected, { name: 'passkey-wanted' }, 0)).toEqual([connected]);
});

it('changes nothing by a late event after it came to rest', () => {
  const resting: State = { name: 'resting', state: 'disconnected', reason: 'stopped' };
  for (const event of [closed(428), { name: 'retry-due' }, { name: 'stayed' }] as const) {
    expect(step(resting, event, 0)).toEqual([resting]);
  }
});

it('is closed by a person from any state', () => {
  const states: State[] = [
    connected,
    { name: 'linking' },
    { name: 'connecting', attempts: 3, reason: 'network' },
    { name: 'waiting', attempts: 2, reason: 'server' },
  ];
  for (const state of states) {
    expect(step(state, { name: 'rest', reason: 'stopped' }, 0)).toEqual([
      { name: 'resting', state: 'disconnected', reason: 'stopped' },
      { do: 'close' },
    ]);
  }
});

it('waits longer each time, to thirty seconds, never less than half', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map((attempts) => backoffMs(attempts, 0))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect(backoffMs(6, 0.999)).toBeGreaterThanOrEqual(15_000);
});
