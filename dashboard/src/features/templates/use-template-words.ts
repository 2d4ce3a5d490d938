'use client';
import { TEMPLATE_CATEGORIES } from '@wasel/backend/contract/words';
import { useLocale, useTranslations } from 'next-intl';
import type { Options } from '@/ui/select';

/** Those that are offered; any other that a program chose is shown as well. */
const LANGUAGES = ['en', 'he', 'ar', 'am', 'de', 'es', 'fa', 'fr', 'hi', 'it', 'pt-BR', 'ru', 'tr', 'ur'] as const;
const RIGHT_TO_LEFT = /^(ar|he|fa|ur|yi|ps|ckb)\b/;

/** How a text of a language runs; where the language does not say, its first letter does. */
export const directionOf = (language: string): 'rtl' | 'auto' => (RIGHT_TO_LEFT.test(language) ? 'rtl' : 'auto');

/** What categories, languages and variables are called. */
export function useTemplateWords() {
  const t = useTranslations('templates');
  const names = new Intl.DisplayNames([useLocale()], { type: 'language', fallback: 'code' });
  const categories: Options = TEMPLATE_CATEGORIES.map((one) => [one, t(`categories.${one}`)] as const);
  const languages: Options = LANGUAGES.map((one) => [one, names.of(one) ?? one] as const);
  return {
    categories,
    languages,
    categoryOf: (category: string): string => t(`categories.${category}`),
    languageOf: (language: string): string => names.of(language) ?? language,
    /** What stands for a variable while nobody has given it a value. */
    sampleOf: (variable: string): string =>
      t.has(`samples.${variable}`) ? t(`samples.${variable}`) : variable.replaceAll('_', ' '),
  };
}
