import { expect, it } from '@jest/globals';
import { isAfter, toPlace } from './fact-cursor.ts';

it('orders places by transaction and then by number, not as text', () => {
  const inOrder = ['9-1', '9-2', '9-10', '10-1', '10-3', '18446744073709551615-0'];
  expect(inOrder.map((cursor) => inOrder.map((other) => isAfter(cursor, other)))).toEqual(
    inOrder.map((_, n) => inOrder.map((__, m) => n > m)),
  );
});

it.each(['', '1', '1-', '-1', '1-2-3', '1-2 ', ' 1-2', '0x1-2', '18446744073709551616-0', '1-9223372036854775808'])(
  'takes %j for no cursor',
  (cursor) => expect(toPlace(cursor)).toBeNull(),
);
