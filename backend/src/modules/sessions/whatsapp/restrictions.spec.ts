import { expect, it } from '@jest/globals';
import { quotaOf } from './restrictions.ts';

const END = '1796000000';

it('understands a quota', () => {
  expect(quotaOf({ total_quota: 40, used_quota: 3, cycle_end_timestamp: END })).toEqual({
    total: 40,
    used: 3,
    endsAt: new Date(Number(END) * 1000),
  });
});

it.each([
  ['no answer', null],
  ['nothing', {}],
  ['no quota', { total_quota: -1, used_quota: 0 }],
  ['a quota without an end', { total_quota: 40, used_quota: 3 }],
  ['an end that is no time', { total_quota: 40, used_quota: 3, cycle_end_timestamp: 'tomorrow' }],
  ['an end that no calendar has', { total_quota: 40, used_quota: 3, cycle_end_timestamp: '1e300' }],
  ['parts of chats', { total_quota: 1.5, used_quota: 1, cycle_end_timestamp: END }],
  ['more than there are people', { total_quota: 1e12, used_quota: 1, cycle_end_timestamp: END }],
])('takes %s for none', (_, cap) => {
  expect(quotaOf(cap)).toBeNull();
});
