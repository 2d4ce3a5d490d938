import { describe, expect, it } from '@jest/globals';
import { numbersThatMay, outcomeOf, paceOf, readNumbers, refusalOf } from './changes.rules.ts';

type Number = Parameters<typeof numbersThatMay>[0]['numbers'][number];
const number = (id: string, role: Number['role'], cannot: Number['cannot'] = {}): Number =>
  ({ session_id: id, role, cannot }) as Number;

describe('the numbers that may do something', () => {
  it('are those that nothing refuses it, admins first', () => {
    const numbers = [number('a', 'member'), number('b', 'admin'), number('c', null, { add: 'not_in_group' })];
    expect(numbersThatMay({ numbers }, 'add').map(({ session_id: id }) => id)).toEqual(['b', 'a']);
    expect(refusalOf({ numbers }, 'add')).toBeNull();
  });

  it('are none, for the reason that is nearest to being allowed', () => {
    const gone = number('a', null, { add: 'not_in_group' });
    const member = number('b', 'member', { add: 'group_admin_required' });
    expect(refusalOf({ numbers: [gone] }, 'add')).toBe('not_in_group');
    expect(refusalOf({ numbers: [gone, member] }, 'add')).toBe('group_admin_required');
    expect(refusalOf({ numbers: [] }, 'add')).toBe('not_in_group');
  });
});

describe('a list of numbers', () => {
  const read = (written: string) => (/^\+?\d+$/.test(written) ? `+${written.replace('+', '')}` : null);

  it('is read by lines, commas, semicolons and tabs, each number once', () => {
    expect(readNumbers('+1, 2;3\n\n1\t 4 ', read)).toEqual({ good: ['+1', '+2', '+3', '+4'], wrong: [] });
  });

  it('says what is no number', () => {
    expect(readNumbers('Noa\n1', read)).toEqual({ good: ['+1'], wrong: ['Noa'] });
  });
});

it('many people take steps, with a pause between two', () => {
  expect(paceOf(11)).toEqual({ steps: 3, minutes: 6 });
  expect(paceOf(5)).toEqual({ steps: 1, minutes: 0 });
});

it('what became of people is told by what it is, what was refused first', () => {
  const result = (phone: string, status: string) => ({ phone_number: phone, lid: null, status }) as never;
  const told = outcomeOf([result('1', 'done'), result('2', 'failed'), result('3', 'done')]);
  expect(told.map(({ status, people }) => [status, people.length])).toEqual([
    ['failed', 1],
    ['done', 2],
  ]);
});
