import { describe, expect, it } from '@jest/globals';
import { delimiterOf, encodingOf } from './csv-reader.ts';
import { phoneIn, RowChecker } from './imports.rules.ts';

describe('a number', () => {
  it.each([
    ['+972 50-234-5678', undefined, '+972502345678'],
    ['00972502345678', undefined, '+972502345678'],
    ['972502345678', undefined, '+972502345678'],
    ['972502345678', 'IL', '+972502345678'],
    ['050-234 5678', 'IL', '+972502345678'],
    ['502345678', 'IL', '+972502345678'], // a spreadsheet took the zero
    ["'+972502345678", undefined, '+972502345678'],
    ['\u200e+972502345678\u202c', undefined, '+972502345678'],
    ['050-2345678', undefined, null],
    ['0502345678', 'XX', null],
    ['12', 'IL', null],
    ['Dana', 'IL', null],
    ['', 'IL', null],
  ])('%j of %s is %s', (cell, country, phone) => {
    expect(phoneIn(cell, country)).toBe(phone);
  });
});

describe('a file', () => {
  const bytes = (...list: number[]) => Buffer.from(list);
  const high = (...letters: number[]) => {
    const counts = Array.from({ length: 256 }, () => 0);
    for (const letter of letters) counts[letter] = (counts[letter] ?? 0) + 1;
    return counts;
  };
  it.each([
    ['a mark of UTF-8', bytes(0xef, 0xbb, 0xbf, 0x61), true, high(), 'utf-8'],
    ['a mark of UTF-16', bytes(0xff, 0xfe, 0x61, 0), false, high(), 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from('phone,name\n+972', 'utf16le'), true, high(), 'utf-16le'],
    ['UTF-8 without a mark', Buffer.from('טלפון'), true, high(0xd7), 'utf-8'],
    ['Hebrew of one byte', bytes(0xe3, 0xf0, 0xe4), false, high(0xe3, 0xf0, 0xe4), 'windows-1255'],
    ['Arabic of one byte', bytes(0xc7, 0xe1), false, high(0xc7, 0xe1, 0xe3, 0xc8, 0xd3), 'windows-1256'],
  ])('with %s is read as such', (_, head, isUtf8, counts, encoding) => {
    expect(encodingOf(head, isUtf8, counts)).toBe(encoding);
  });

  it.each([
    ['phone,name', ','],
    ['phone;name;"a,b,c,d"', ';'],
    ['\nphone\tname', '\t'],
    ['phone', ','],
  ])('that begins with %j is divided by %j', (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter);
  });
});

describe('a row', () => {
  it('is bad for a reason, and good where its number stands first', () => {
    const checker = new RowChecker({ phone_column: 0, country: 'IL', text_column: 1 }, null);
    const rows = [
      ['0502345678', ''],
      ['0502345678', 'Hi'],
      ['+972502345678', 'again'],
      ['', 'x'],
      ['abc', 'x'],
      ['0522345678'],
    ];
    expect(rows.map((cells, n) => checker.check({ line: n + 2, cells }))).toMatchObject([
      { line: 2, fault: 'text_missing' },
      { line: 3, message: { to: '+972502345678', text: 'Hi' } },
      { line: 4, fault: 'duplicate', detail: '3' },
      { line: 5, fault: 'phone_missing' },
      { line: 6, fault: 'phone_invalid', detail: 'abc' },
      { line: 7, fault: 'text_missing' },
    ]);
  });

  it('fills a template, and names what it lacks', () => {
    const template = { id: 'x', language: 'en', body: 'Hi {{name}}, {{day}}', active: true, header: null };
    const checker = new RowChecker(
      { phone_column: 0, template_id: 'x' as never, variables: { name: 1, day: 2 } },
      template,
    );
    expect(checker.check({ line: 2, cells: ['+972502345678', '*Dana*', 'Friday'] })).toMatchObject({
      text: 'Hi ∗Dana∗, Friday',
      message: { parameters: { name: '*Dana*', day: 'Friday' } },
    });
    expect(checker.check({ line: 3, cells: ['+972501234568', 'Omar'] })).toMatchObject({
      fault: 'variables_missing',
      detail: 'day',
    });
  });
});
