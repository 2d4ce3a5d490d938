import { expect, it } from '@jest/globals';
import { columnOfVariable, minutesFor, phoneColumnOf, textColumnOf } from './bulk.rules.ts';

it.each([
  [['Name', 'Phone number', 'Message'], 1, 2],
  [['שם', 'נייד', 'הודעה'], 1, 2],
  [['رسالة', 'رقم الهاتف'], 1, 0],
  [['a', 'b'], 0, 1],
  [['a'], 0, 0],
])('of %j the numbers stand in %d and the texts in %d', (columns, phone, text) => {
  expect([phoneColumnOf(columns), textColumnOf(columns)]).toEqual([phone, text]);
});

it('finds the column of a variable by its name', () => {
  const columns = ['phone', 'Due date', 'name'];
  expect(['due_date', 'customer_name', 'amount'].map((one) => columnOfVariable(columns, one))).toEqual([1, 2, 0]);
});

it('says how long it takes at the pace of a number', () => {
  expect([minutesFor(1, null), minutesFor(100, null), minutesFor(100, 5)]).toEqual([1, 5, 20]);
});
