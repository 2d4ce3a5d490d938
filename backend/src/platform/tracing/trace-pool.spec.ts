import { expect, it } from '@jest/globals';
import { withoutLiterals } from './trace-pool.ts';

it.each([
  [`select * from users where email = $1`, `select * from users where email = $1`],
  [`select 'it''s +972501234567', "name" from users`, `select ?, "name" from users`],
  [`select 'a\\', 'b'`, `select ?, ?`],
  [`select e'it\\'s', 'b'`, `select ?, ?`],
  [`do $x$ begin perform 'secret'; end $x$`, `do ?`],
  [`select 1\n   from t`, `select 1 from t`],
])('of %s leaves %s', (sql, left) => {
  expect(withoutLiterals(sql)).toBe(left);
});
