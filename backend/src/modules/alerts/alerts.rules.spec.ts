import { describe, expect, it } from '@jest/globals';
import { SessionReason } from '../sessions/sessions.dto.ts';
import { alertOf, isWithdrawn, wellAfterMs } from './alerts.rules.ts';

describe('a state', () => {
  it('alerts when it is an error that a person can do something about', () => {
    const alerting = SessionReason.options.filter((reason) => alertOf({ state: 'error', reason }) !== null);
    expect(alerting).toEqual([
      'logged_out',
      'replaced',
      'banned',
      'outdated',
      'network',
      'server',
      'proxy_unreachable',
      'proxy_refused',
      'passkey_required',
      'keys_unreadable',
    ]);
  });

  it('alerts nobody while it is tried again, nor when a person wanted it', () => {
    for (const reason of SessionReason.options)
      for (const state of ['connecting', 'qr_pending', 'connected', 'disconnected'] as const)
        expect(alertOf({ state, reason })).toBeNull();
  });

  it('is withdrawn when a person disconnected, switched off or unlinked it here, and not when he was too slow', () => {
    const withdrawn = SessionReason.options.filter((reason) => isWithdrawn({ state: 'disconnected', reason }));
    expect(withdrawn).toEqual(['logged_out', 'stopped', 'disabled']);
    expect(isWithdrawn({ state: 'error', reason: 'logged_out' })).toBe(false);
  });
});

it('a number that falls back again and again has to stay longer each time, and an hour at most', () => {
  expect([1, 2, 3, 4, 90].map((occurrences) => wellAfterMs(occurrences) / 60_000)).toEqual([1, 5, 25, 60, 60]);
});
