import { expect, it } from '@jest/globals';
import { cleanFileName, parseRange, sizeLimitOf } from './media.rules.ts';

it.each([
  ['bytes=0-99', { start: 0, end: 99 }],
  ['bytes=900-', { start: 900, end: 999 }],
  ['bytes=-100', { start: 900, end: 999 }],
  ['bytes=0-5000', { start: 0, end: 999 }],
  ['bytes=1000-', null],
  ['bytes=5-2', null],
  ['bytes=0-1,5-6', undefined],
  [undefined, undefined],
])('reads the range %p of a thousand bytes', (header, range) => {
  expect(parseRange(header, 1000)).toEqual(range);
});

it('takes directories and control characters out of names', () => {
  expect(cleanFileName('../../etc/pass\u0000wd')).toBe('passwd');
  expect(cleanFileName('C:\\temp\\חשבונית.pdf')).toBe('חשבונית.pdf');
  expect(cleanFileName('/')).toBeNull();
});

it('knows that pictures must be smaller than documents', () => {
  expect(sizeLimitOf('image/png')).toBeLessThan(sizeLimitOf('application/pdf'));
});
