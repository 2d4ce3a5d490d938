import { describe, expect, it } from '@jest/globals';
import { type Piece, piecesOf } from './formatted.rules.ts';

/** As it would be written in HTML. */
const shown = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      if (piece.kind === 'link') return `<a>${piece.text}</a>`;
      if (piece.kind === 'code') return `<code>${piece.text}</code>`;
      return `<${piece.kind}>${shown(piece.pieces)}</${piece.kind}>`;
    })
    .join('');

describe('a text is shown as WhatsApp shows it', () => {
  it.each([
    ['nothing special', 'nothing special'],
    ['until *nine*, _please_', 'until <bold>nine</bold>, <italic>please</italic>'],
    ['*_both_*', '<bold><italic>both</italic></bold>'],
    ['~old~ new', '<struck>old</struck> new'],
    ['*שלום* עולם', '<bold>שלום</bold> עולם'],
    ['`a*b*` and ```two\nlines```', '<code>a*b*</code> and <code>two\nlines</code>'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* a list', '* a list'],
    ['see https://example.com/a_b_c?x=1.', 'see <a>https://example.com/a_b_c?x=1</a>.'],
    ['(https://example.com)', '(<a>https://example.com</a>)'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['<b>*bold*</b>', '<b><bold>bold</bold></b>'],
  ])('%j', (text, expected) => expect(shown(piecesOf(text))).toBe(expected));

  it('in time that grows with it, whatever stands in it', () => {
    const text = '*a '.repeat(20_000);
    expect(shown(piecesOf(text))).toBe(text);
  }, 5_000);
});
