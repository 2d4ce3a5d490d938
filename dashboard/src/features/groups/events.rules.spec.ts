import { describe, expect, it } from '@jest/globals';
import type { GroupEventView } from '@wasel/backend/contract';
import { byDay, happeningsIn } from './events.rules.ts';

const NOA = { phone_number: '+972501111111', lid: '1', contact: null };
const anEvent = (lid: string, over: Partial<GroupEventView> = {}): GroupEventView => ({
  type: 'added',
  at: '2026-11-22T10:00:00.000Z',
  phone_number: null,
  lid,
  contact: null,
  actor: NOA,
  size: 5,
  noticed: false,
  ...over,
});
const told = (events: GroupEventView[]) =>
  happeningsIn(events).map(
    ({ type, people, actor }) => `${type} ${people.map(({ lid }) => lid).join()} by ${actor?.lid}`,
  );

describe('what happened', () => {
  it('to many at once is told once, with the size after it', () => {
    const events = [
      anEvent('4', { size: 7 }),
      anEvent('3', { at: '2026-11-22T09:59:30.000Z' }),
      anEvent('2', { at: '2026-11-22T08:00:00.000Z' }),
    ];
    expect(told(events)).toEqual(['added 4,3 by 1', 'added 2 by 1']);
    expect(happeningsIn(events)[0]).toMatchObject({ size: 7 });
  });

  it('is apart when another did it, when it is something else, and when nobody told of it', () => {
    const events = [
      anEvent('5'),
      anEvent('4', { actor: { ...NOA, lid: '9' } }),
      anEvent('3', { type: 'removed' }),
      anEvent('2', { type: 'removed', noticed: true, actor: null }),
    ];
    expect(told(events)).toEqual(['added 5 by 1', 'added 4 by 9', 'removed 3 by 1', 'removed 2 by undefined']);
  });

  it('by somebody to himself is by nobody else', () => {
    expect(told([anEvent('1', { type: 'left' })])).toEqual(['left 1 by undefined']);
  });

  it('is told day by day', () => {
    const days = byDay(
      happeningsIn([
        anEvent('1', { at: new Date(2026, 10, 22, 9).toISOString() }),
        anEvent('2', { at: new Date(2026, 10, 21, 9).toISOString() }),
      ]),
    );
    expect(days.map(({ day, items }) => [day.getDate(), items.length])).toEqual([
      [22, 1],
      [21, 1],
    ]);
  });
});
