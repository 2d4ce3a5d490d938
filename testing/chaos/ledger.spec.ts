import { describe, expect, it } from '@jest/globals';
import { type Account, audit, isFlawless, tableOf } from './ledger.ts';

const account = (change: Partial<Account>): Account => ({
  name: 'one',
  taken: ['a', 'b', 'c'],
  arrived: ['a', 'b', 'c'],
  statuses: [{ id: 'a', here: 'read', there: 'read' }],
  ...change,
});

it('finds nothing where all is well', () => {
  expect(audit(account({}))).toMatchObject({ taken: 3, arrived: 3 });
  expect(isFlawless(audit(account({})))).toBe(true);
});

describe.each([
  ['missing', { arrived: ['a', 'c'] }],
  ['doubled', { arrived: ['a', 'b', 'b', 'c'] }],
  ['strange', { arrived: ['a', 'b', 'c', 'd'] }],
  ['outOfOrder', { arrived: ['b', 'a', 'c'] }],
  ['untrue', { statuses: [{ id: 'a', here: 'read', there: 'delivered' }] }],
] as const)('what is %s', (fault, change) => {
  it('is found, and nothing else', () => {
    const finding = audit(account(change));
    expect(finding[fault]).toBe(1);
    expect(isFlawless(finding)).toBe(false);
    expect(isFlawless({ ...finding, [fault]: 0 })).toBe(true);
  });
});

it('adds up what was found', () => {
  const table = tableOf([audit(account({})), audit(account({ name: 'two', arrived: ['a'] }))]);
  expect(table.split('\n').at(-1)).toBe('| together | 6 | 4 | 2 | 0 | 0 | 0 | 0 |');
});
