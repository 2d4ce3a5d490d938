import { readFileSync } from 'node:fs';
import { createTranslator } from 'next-intl';

type Words = (key: string, values?: Record<string, string | number>) => string;

/** What a page says in a language, by the key of its text: a walk in Arabic reads as one in English does. */
export function wordsOf(locale: 'ar' | 'en' | 'he', namespace: string): Words {
  const file = new URL(`../messages/${locale}.json`, import.meta.url);
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, never>;
  return createTranslator<Record<string, never>>({
    locale,
    messages,
    namespace: namespace as never,
  }) as unknown as Words;
}
