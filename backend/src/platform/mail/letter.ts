import type { Language } from '../../kernel/language.ts';

/** What a mail says, as plain text; values from outside go through `value`. */
export type Letter = Readonly<{
  language: Language;
  subject: string;
  paragraphs: readonly string[];
  /** The one thing to do. */
  action?: Readonly<{ label: string; url: string }>;
  /** Stands below, smaller. */
  notes?: readonly string[];
}>;

/** A letter as mail programs show it: with HTML, or without. */
export type RenderedLetter = Readonly<{ subject: string; text: string; html: string }>;

const DIRECTION: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', he: 'rtl', ar: 'rtl' };

/** Control characters, line breaks among them, and those that turn the direction of the text around them. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu;

/** A name or an address inside a sentence: in one line, and in its own direction whatever is around it. */
export const value = (text: string): string => `\u2068${text.replaceAll(UNSAFE, ' ').trim()}\u2069`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const paragraph = (text: string, style: string): string => `<p style="margin:0 0 16px;${style}">${escape(text)}</p>`;
const BUTTON =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b52;color:#ffffff;text-decoration:none;font-weight:600';
const SMALL = 'font-size:13px;color:#57645f';

/** @returns both parts; nothing in the HTML is loaded from elsewhere */
export function render({ language, subject, paragraphs, action, notes = [] }: Letter): RenderedLetter {
  const direction = DIRECTION[language];
  const text = [...paragraphs, ...(action ? [`${action.label}:\n${action.url}`] : []), ...notes, 'Wasel'].join('\n\n');
  const link = action
    ? `<p style="margin:0 0 16px"><a href="${escape(action.url)}" style="${BUTTON}">${escape(action.label)}</a></p>` +
      `<p dir="ltr" style="margin:0 0 16px;${SMALL};word-break:break-all">${escape(action.url)}</p>`
    : '';
  const html =
    `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>` +
    `<body dir="${direction}" style="margin:0;padding:24px;font:16px/1.6 system-ui,sans-serif;color:#16211d;background:#ffffff">` +
    `<div style="max-width:560px;margin:0 auto">${paragraphs.map((one) => paragraph(one, '')).join('')}${link}` +
    `${notes.map((one) => paragraph(one, SMALL)).join('')}${paragraph('Wasel', SMALL)}</div></body></html>`;
  return { subject, text, html };
}
