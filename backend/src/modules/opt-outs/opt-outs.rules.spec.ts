import { expect, it } from '@jest/globals';
import { DEFAULT_WORDS, faultIn, wishOf } from './opt-outs.rules.ts';

it.each([
  ['STOP', 'out'],
  ['unsubscribe.', 'out'],
  ['הָסֵר', 'out'],
  ['إِلغاء', 'out'],
  ['Start', 'in'],
  ['התחל', 'in'],
  ['إبدأ', 'in'],
  ['Please stop by at nine', null],
  ['', null],
  [null, null],
])('%j means %j', (text, wish) => expect(wishOf(text, DEFAULT_WORDS)).toBe(wish));

it('refuses words that mean both, or nothing', () => {
  expect(faultIn(DEFAULT_WORDS)).toBeNull();
  expect(faultIn({ stop: ['الغاء'], start: ['إلغاء'] })).toMatchObject({ list: 'start' });
  expect(faultIn({ stop: ['STOP', '!!'], start: ['START'] })).toMatchObject({ list: 'stop' });
});
