import { describe, expect, it } from '@jest/globals';
import { Phone, maskPhone } from './phone.ts';

describe('Phone', () => {
  it.each([
    ['+972 54-123-4567', '+972541234567'],
    ['00972541234567', '+972541234567'],
    ['5511999990001', '+5511999990001'],
    ['+1 (415) 555-2671', '+14155552671'],
  ])('reads %s as %s', (input, phone) => {
    expect(Phone.parse(input)).toBe(phone);
  });

  it.each(['', 'call me', '12', '+9725412345678901234'])('refuses %p and says what to write', (input) => {
    expect(Phone.safeParse(input).error?.issues[0]?.message).toMatch(/country code/);
  });
});

it('is masked for logs so that nobody is named, and a number that is wrong can still be told apart', () => {
  expect(maskPhone('+972541234567')).toBe('+972…67');
  expect(maskPhone('123')).toBe('…');
});
