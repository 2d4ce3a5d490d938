import { describe, expect, it } from '@jest/globals';
import { says } from './keywords.ts';

describe('a keyword', () => {
  it.each([
    ['stop', 'STOP'],
    ['  Stop!! ', 'STOP'],
    ['Stóp', 'STOP'],
    ['*STOP*', 'stop'],
    ['הסר', 'הסר'],
    ['הָסֵר.', 'הסר'],
    ['\u200fהסר\u200e', 'הסר'],
    ['إلغاء', 'إلغاء'],
    ['الغاء', 'إلغاء'],
    ['إِلْغَاء', 'الغاء'],
    ['إلـغـاء', 'إلغاء'],
    ['الخدمه', 'الخدمة'],
    ['un-subscribe', 'un subscribe'],
  ])('is what %j says: %j', (text, keyword) => expect(says(text, [keyword], 'whole')).toBe(true));

  it.each([
    ['stop it', 'STOP'],
    ['nonstop', 'STOP'],
    ['להסר', 'הסר'],
    ['', 'STOP'],
    ['👍', 'STOP'],
  ])('is not what %j says: %j', (text, keyword) => expect(says(text, [keyword], 'whole')).toBe(false));

  it('is found among other words, as a word of its own', () => {
    const found = (text: string) => says(text, ['price', 'מחיר', 'السعر'], 'contains');
    expect(['What is the PRICE?', 'מה המחיר מחיר', 'كم السعر؟'].map(found)).toEqual([true, true, true]);
    expect(['priceless', 'המחיר', ''].map(found)).toEqual([false, false, false]);
  });

  it('of marks alone is none', () => expect(says('👍', ['👍', '!'], 'contains')).toBe(false));
});
