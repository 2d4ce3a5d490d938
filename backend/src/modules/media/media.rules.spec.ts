import { describe, expect, it } from '@jest/globals';
import {
  assertSendableAs,
  cleanFileName,
  dispositionOf,
  fetchDelayMs,
  parseRange,
  uploadLimitOf,
} from './media.rules.ts';

it.each([
  ['bytes=0-99', { start: 0, end: 99 }],
  ['bytes=900-', { start: 900, end: 999 }],
  ['bytes=-100', { start: 900, end: 999 }],
  ['bytes=-5000', { start: 0, end: 999 }],
  ['bytes=0-5000', { start: 0, end: 999 }],
  ['bytes=1000-', null],
  ['bytes=-0', null],
  ['bytes=5-2', null],
  ['bytes=0-1,5-6', undefined],
  [undefined, undefined],
])('reads the range %p of a thousand bytes', (header, range) => {
  expect(parseRange(header, 1000)).toEqual(range);
});

it('takes directories and control characters out of names', () => {
  expect(cleanFileName('../../etc/pass\u0000wd')).toBe('passwd');
  expect(cleanFileName('C:\\temp\\חשבונית.pdf')).toBe('חשבונית.pdf');
  expect(cleanFileName('a\nb/c\r\nd')).toBe('cd');
  expect(cleanFileName('/')).toBeNull();
});

it('cuts long names between characters', () => {
  expect(cleanFileName('😀'.repeat(300))).toBe('😀'.repeat(200));
});

it('knows that pictures must be smaller than documents', () => {
  expect(uploadLimitOf('image/png')).toBeLessThan(uploadLimitOf('application/pdf'));
});

it.each([
  ['image/png', 'cat.png', `inline; filename="cat.png"; filename*=UTF-8''cat.png`],
  ['image/svg+xml', null, 'attachment'],
  ['text/html', 'a"b%.html', `attachment; filename="a_b_.html"; filename*=UTF-8''a%22b%25.html`],
  [
    'application/pdf',
    "it's (1) שלום.pdf",
    `attachment; filename="it's (1) ____.pdf"; filename*=UTF-8''it%27s%20%281%29%20%D7%A9%D7%9C%D7%95%D7%9D.pdf`,
  ],
])('offers %s named %p as %s', (mimeType, fileName, disposition) => {
  expect(dispositionOf(mimeType, fileName)).toBe(disposition);
});

it('waits longer after each failed fetch, and gives up after the fifth', () => {
  const delays = [1, 2, 3, 4].map((tries) => fetchDelayMs(tries) ?? 0);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(new Set(delays).size).toBe(4);
  expect(fetchDelayMs(5)).toBeNull();
});

describe('a file', () => {
  const sticker = { mimeType: 'image/webp', sizeBytes: 90_000, width: 512, height: 512, preparation: 'none' };
  const file = (over: Partial<typeof sticker>) => ({ ...sticker, ...over });
  const film = file({ mimeType: 'video/mp4', preparation: 'ready' });

  it.each([
    ['image', file({ mimeType: 'image/jpeg' })],
    ['video', film],
    ['gif', film],
    ['audio', file({ mimeType: 'audio/mpeg' })],
    ['audio', file({ mimeType: 'audio/ogg; codecs=opus' })],
    ['voice', file({ mimeType: 'audio/wav', preparation: 'pending' })],
    ['sticker', sticker],
    ['document', file({ mimeType: 'video/quicktime', sizeBytes: 90_000_000 })],
  ] as const)('may go as %s', (as, sendable) => {
    expect(() => assertSendableAs(as, sendable)).not.toThrow();
  });

  it.each([
    ['image', film, 'JPEG or PNG'],
    ['video', file({ mimeType: 'video/quicktime' }), 'MP4'],
    ['gif', file({ mimeType: 'image/gif' }), 'a short film'],
    ['audio', file({ mimeType: 'audio/wav' }), 'MP3'],
    ['voice', film, 'any sound file'],
    ['voice', file({ mimeType: 'audio/wav', preparation: 'failed' }), 'record it again'],
    ['sticker', file({ mimeType: 'image/png' }), 'as WebP'],
    ['sticker', file({ width: 500 }), '512 by 512'],
    ['sticker', file({ sizeBytes: 600_000 }), '500 KB'],
    ['video', file({ mimeType: 'video/mp4', sizeBytes: 17_000_000 }), '16 MB'],
  ] as const)('may not go as %s: %p', (as, sendable, cure) => {
    expect(() => assertSendableAs(as, sendable)).toThrow(cure);
  });
});
