import { describe, expect, it } from '@jest/globals';
import type { AuditEntryView } from '@wasel/backend/contract';
import { entriesByDay, namesIn, queryOf } from './activity.rules.ts';

const NOTHING = { actor: '', about: '', from: '', to: '' };
const localDay = (day: number) => new Date(2026, 2, day).toISOString();

const entry = (id: string, changes: AuditEntryView['changes']) =>
  ({ target: { type: 'session', id }, changes }) as AuditEntryView;

describe('the query', () => {
  it('asks for everything when nothing is chosen', () => {
    expect(queryOf(NOTHING)).toEqual({});
  });

  it('takes whole days, the last one included', () => {
    expect(queryOf({ ...NOTHING, from: '2026-03-30', to: '2026-03-31' })).toEqual({
      since: localDay(30),
      until: localDay(32),
    });
  });

  it.each(['0002-03-30', '2026', 'yesterday'])('asks nothing of %s, which is no day yet', (from) => {
    expect(queryOf({ ...NOTHING, from })).toEqual({});
  });

  it('tells a person, and the system, which has no id', () => {
    expect(queryOf({ ...NOTHING, actor: 'user:1', about: 'session' })).toEqual({
      actor_type: 'user',
      actor_id: '1',
      target_type: 'session',
    });
    expect(queryOf({ ...NOTHING, actor: 'system' })).toEqual({ actor_type: 'system' });
  });
});

describe('entries', () => {
  it('stand under their days, in the order in which they came', () => {
    const times = [new Date(2026, 2, 31, 23), new Date(2026, 2, 31, 0), new Date(2026, 2, 30, 23)];
    const days = entriesByDay(times.map((time) => ({ time: time.toISOString() })));
    expect(days.map(({ entries }) => entries.length)).toEqual([2, 1]);
  });

  it('know what a target was called last, though it is gone', () => {
    const names = namesIn([
      entry('a', { name: { from: 'Sales', to: 'Front desk' } }),
      entry('a', { name: { to: 'Sales' } }),
      entry('b', { email: { from: 'dana@example.com' } }),
      entry('c', { enabled: { from: true, to: false } }),
    ]);
    expect(Object.fromEntries(names)).toEqual({ a: 'Front desk', b: 'dana@example.com' });
  });
});
