import type { Language } from '@wasel/backend/contract';
import { LANGUAGE_COOKIE } from '@wasel/backend/contract/words';

export { LANGUAGE_COOKIE };

/** Languages by their own names, in the order in which they are offered. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', he: 'עברית', ar: 'العربية' };

export const DIRECTION: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', he: 'rtl', ar: 'rtl' };

export const THEME_COOKIE = 'wasel-theme';
/** `system` is what the browser asks for. */
export type Theme = 'system' | 'light' | 'dark';
/** The class of the whole page; none where nobody chose. */
export const themeClass = (chosen: string | undefined): string =>
  chosen === 'light' || chosen === 'dark' ? chosen : '';

/** The language that was chosen, else the first that the browser asks for and Wasel speaks, else English. */
export function languageOf(chosen: string | undefined, accepted: string | null): Language {
  const wanted = [chosen, ...(accepted ?? '').split(',').map((one) => one.split(';')[0]?.trim().slice(0, 2))];
  return wanted.find((one): one is Language => one !== undefined && Object.hasOwn(LANGUAGES, one)) ?? 'en';
}
