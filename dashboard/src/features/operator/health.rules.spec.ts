import { describe, expect, it } from '@jest/globals';
import type { OperatorHealth } from '@wasel/backend/contract';
import { concernsOf } from './health.rules.ts';

const WELL: OperatorHealth = {
  organizations: 3,
  suspended: 1,
  nodes: [{ id: 'one', sessions: 2 }],
  numbers_by_state: { connected: 2, connecting: 0, qr_pending: 1, disconnected: 1, error: 1 },
  numbers_silent: 0,
  numbers_unowned: 0,
  outbox: { due: 10, due_oldest_seconds: 60, held: 99, held_oldest_seconds: 900_000 },
  inbox: { rows: 1, oldest_seconds: 1 },
  mails: { waiting: 1, oldest_seconds: 30, failed: 1 },
  facts_lag_seconds: 1,
  database: { size_bytes: 1, connections: 50, connections_max: 100 },
};

describe('an installation', () => {
  it('that is well needs nobody, whatever is held back on purpose', () => {
    expect(concernsOf(WELL)).toEqual([]);
  });

  it.each<[string, Partial<OperatorHealth>]>([
    ['noNodes', { nodes: [] }],
    ['unowned', { numbers_unowned: 1 }],
    ['silent', { numbers_silent: 1 }],
    ['outbox', { outbox: { ...WELL.outbox, due_oldest_seconds: 901 } }],
    ['inbox', { inbox: { rows: 1, oldest_seconds: 121 } }],
    ['mails', { mails: { ...WELL.mails, oldest_seconds: 901 } }],
    ['facts', { facts_lag_seconds: 11 }],
    ['connections', { database: { ...WELL.database, connections: 91 } }],
  ])('needs somebody: %s', (concern, over) => {
    expect(concernsOf({ ...WELL, ...over })).toEqual([concern]);
  });
});
