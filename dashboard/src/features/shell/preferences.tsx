'use client';
import type { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE } from '@/i18n/languages';

const YEAR_SECONDS = 31_536_000;
const remember = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
};

/** Kept in a cookie, so that the server renders the page in the right colours at once. */
export function toggleTheme(router: ReturnType<typeof useRouter>): void {
  const dark = document.documentElement.classList.toggle('dark');
  remember(THEME_COOKIE, dark ? 'dark' : 'light');
  router.refresh();
}

export function LanguageSelect() {
  const t = useTranslations('shell');
  return (
    <select
      aria-label={t('language')}
      className="min-h-9 rounded-lg border border-line bg-surface px-2 text-sm"
      defaultValue={useLocale()}
      onChange={(event) => {
        remember(LANGUAGE_COOKIE, event.target.value);
        location.reload();
      }}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
