import { describe, expect, it } from '@jest/globals';
import { render, value } from './letter.ts';

const letter = {
  language: 'he',
  subject: `Join ${value('Acme')}`,
  paragraphs: [`Dear ${value('<b>"Dana" & co</b>')},`],
  action: { label: 'Open', url: 'https://wasel.example/join?a=1&b="#x' },
  notes: ['Nothing to do.'],
} as const;

describe('a letter', () => {
  it('is escaped in HTML, and plain in text', () => {
    const { text, html } = render(letter);
    expect(text).toContain('<b>"Dana" & co</b>');
    expect(text).toContain('Open:\nhttps://wasel.example/join?a=1&b="#x\n');
    expect(html).toContain('&lt;b&gt;&quot;Dana&quot; &amp; co&lt;/b&gt;');
    expect(html).toContain('href="https://wasel.example/join?a=1&amp;b=&quot;#x"');
    expect(html).not.toContain('<b>');
  });

  it.each([
    ['en', 'ltr'],
    ['he', 'rtl'],
    ['ar', 'rtl'],
  ] as const)('runs in %s from the side where it begins (%s)', (language, direction) => {
    expect(render({ ...letter, language }).html).toContain(`<html lang="${language}" dir="${direction}">`);
  });

  it('loads nothing from elsewhere', () => {
    expect(render(letter).html).not.toMatch(/<(img|script|link|iframe)|url\(/);
  });
});

it('keeps a value in one line and in its own direction', () => {
  expect(value('Acme\r\nBcc: eve@example.com\u202eevil\u2069')).toBe('\u2068Acme Bcc: eve@example.com evil\u2069');
});
