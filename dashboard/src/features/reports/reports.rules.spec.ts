import { describe, expect, it } from '@jest/globals';
import { FILTERS, type Filters, queryOf } from './reports.rules.ts';

const filters = (over: Partial<Filters>): Filters => ({
  ...(Object.fromEntries(FILTERS.map((name) => [name, ''])) as Filters),
  ...over,
});

describe('what the report is asked', () => {
  it.each([
    ['user:1', { sent_by_user_id: '1' }],
    ['key:2', { sent_by_key_id: '2' }],
    ['3', { sent_by_user_id: '3' }],
    ['', {}],
  ])('of the sender %j', (sender, asked) => expect(queryOf(filters({ sender }))).toEqual(asked));

  it('is nothing of what is empty or half typed', () =>
    expect(queryOf(filters({ text: ' ', from: '2026-1', job: '7', contact: '8' }))).toEqual({
      job_id: '7',
      contact_id: '8',
    }));
});
