import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../../testing/test-clock.ts';
import type { Condition } from './automations.dto.ts';
import { type Deed, holds, planOf, type Told } from './automations.rules.ts';

const DEED: Deed = {
  channel: 'whatsapp',
  daysBefore: null,
  localHour: null,
  conditions: [],
  delayMinutes: 0,
  variables: {},
};
const TOLD: Told = {
  name: 'subscription_expiring',
  phone: '+972501234567',
  email: null,
  variables: { customer_name: 'Dana', plan_name: 'Pro' },
  date: '2026-03-28',
  timeZone: null,
};

const plan = (deed: Partial<Deed>, told: Partial<Told> = {}, now = '2026-03-01T12:00:00Z') =>
  planOf({ ...DEED, ...deed }, { ...TOLD, ...told }, { now: new Date(now), timeZone: 'America/New_York' });
const timeOf = (...given: Parameters<typeof plan>) => {
  const made = plan(...given);
  return made.outcome === 'acted' ? made.scheduledFor.toISOString() : made.reason;
};

describe('an automation', () => {
  it('acts at once, or after its delay', () => {
    expect(timeOf({})).toBe('2026-03-01T12:00:00.000Z');
    expect(timeOf({ delayMinutes: 90 })).toBe('2026-03-01T13:30:00.000Z');
  });

  it('acts at the hour of the person, also on the far side of a change of clocks', () => {
    const nine = { daysBefore: 3, localHour: 9 };
    expect(timeOf(nine)).toBe('2026-03-25T07:00:00.000Z');
    expect(timeOf({ ...nine, daysBefore: 1 })).toBe('2026-03-27T06:00:00.000Z'); // clocks were put forward that night
    expect(timeOf(nine, { phone: '+14155552671' })).toBe('2026-03-25T13:00:00.000Z'); // many zones: the organization's
    expect(timeOf(nine, { phone: '+14155552671', timeZone: 'America/Los_Angeles' })).toBe('2026-03-25T16:00:00.000Z');
  });

  it('comes late rather than never, and never after the date', () => {
    const nine = { daysBefore: 3, localHour: 9 };
    const clock = new TestClock(new Date('2026-03-25T06:59:00Z'));
    const told = () => timeOf(nine, {}, clock.now().toISOString());
    expect(told()).toBe('2026-03-25T07:00:00.000Z');
    clock.advance(2 * 60_000);
    expect(told()).toBe('2026-03-26T07:00:00.000Z');
    clock.advance(2 * 86_400_000);
    expect(told()).toBe('2026-03-28T06:00:00.000Z');
    clock.advance(86_400_000);
    expect(told()).toBe('too_late');
    expect(timeOf(nine, { date: null })).toBe('no_date');
  });

  it('says how many days are left when it leaves, unless it was told', () => {
    const nine = { daysBefore: 3, localHour: 9 };
    expect(plan(nine)).toMatchObject({ variables: { days_remaining: '3' } });
    expect(plan(nine, { variables: { days_remaining: 'three' } })).toMatchObject({
      variables: { days_remaining: 'three' },
    });
  });

  it('does not act on somebody whom it cannot reach', () => {
    expect(plan({}, { phone: null })).toMatchObject({ outcome: 'skipped', reason: 'no_phone_number' });
    expect(plan({ channel: 'email' })).toMatchObject({ outcome: 'skipped', reason: 'no_email' });
    expect(plan({ channel: 'email' }, { email: 'dana@example.com' })).toMatchObject({ recipient: 'dana@example.com' });
  });

  it('acts when all of its conditions hold, and else says which does not', () => {
    const [pro, big]: Condition[] = [
      { field: 'plan_name', operator: 'equals', value: 'PRO' },
      { field: 'amount', operator: 'greater_than', value: '9' },
    ];
    expect(plan({ conditions: pro ? [pro] : [] })).toMatchObject({ outcome: 'acted' });
    expect(plan({ conditions: pro && big ? [pro, big] : [] })).toMatchObject({
      reason: 'conditions_not_met',
      detail: 'amount',
    });
  });

  it('writes what its variables are mapped to, and else the field of the same name', () => {
    const variables = { name: { field: 'customer_name' }, shop: { text: 'Acme' }, gone: { field: 'nothing' } };
    const made = plan({ variables });
    expect(made).toMatchObject({
      variables: { name: 'Dana', shop: 'Acme', plan_name: 'Pro', phone_number: '+972501234567' },
    });
    expect(made).not.toHaveProperty('variables.gone');
  });
});

it.each<[Condition['operator'], string | undefined, string, boolean]>([
  ['equals', 'Pro ', 'pro', true],
  ['equals', undefined, 'pro', false],
  ['not_equals', undefined, 'pro', true],
  ['not_equals', 'pro', 'PRO', false],
  ['contains', 'Professional', 'pro', true],
  ['contains', 'x', '', false],
  ['exists', ' ', '', false],
  ['exists', '0', '', true],
  ['not_exists', undefined, '', true],
  ['greater_than', '10', '9', true],
  ['greater_than', '9', '9', false],
  ['greater_than', 'many', '9', false],
  ['less_than', '-1', '0', true],
  ['less_than', '2026-03-01', '2026-04-01', true],
  ['less_than', '', '9', false],
])('%s of %j and %j is %j', (operator, found, value, is) => {
  expect(holds({ field: 'x', operator, value }, found === undefined ? {} : { x: found })).toBe(is);
});
