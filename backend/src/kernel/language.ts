import { z } from 'zod';
import { LANGUAGE_COOKIE } from './words.ts';

/** Languages that Wasel speaks. */
export const Language = z.enum(['en', 'he', 'ar']);
export type Language = z.infer<typeof Language>;

/**
 * What to speak to whoever sends these headers: the language that was chosen, else the first that the browser asks for and
 * Wasel speaks, else English.
 */
export function languageOfHeaders(cookies: string | null, accepted: string | null): Language {
  const chosen = (cookies ?? '').split(/; */).find((one) => one.startsWith(`${LANGUAGE_COOKIE}=`));
  const wanted = [
    chosen?.slice(LANGUAGE_COOKIE.length + 1),
    ...(accepted ?? '').split(',').map((one) => one.trim().slice(0, 2)),
  ];
  return wanted.map((one) => Language.safeParse(one)).find(({ success }) => success)?.data ?? 'en';
}
