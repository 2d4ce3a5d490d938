'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { LANGUAGE_COOKIE, LANGUAGES, type Theme, THEME_COOKIE } from '@/i18n/languages';
import { IconButton } from '@/ui/button';
import { Select } from '@/ui/select';

const YEAR_SECONDS = 31_536_000;
const remember = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
};

const themes = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const satisfies readonly (readonly [Theme, unknown])[];

function themeNow(): Theme {
  const { classList } = document.documentElement;
  return classList.contains('dark') ? 'dark' : classList.contains('light') ? 'light' : 'system';
}

/** Kept in a cookie, so that the server renders the page in the right colours at once. */
function choose(theme: Theme): void {
  const { classList } = document.documentElement;
  classList.remove('light', 'dark');
  if (theme !== 'system') classList.add(theme);
  remember(THEME_COOKIE, theme);
}

/** From what is seen now to the other, whoever chose it. */
export function toggleTheme(): void {
  const now = themeNow();
  const dark = now === 'dark' || (now === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  choose(dark ? 'light' : 'dark');
}

export function ThemeButton() {
  const t = useTranslations('shell');
  return (
    <IconButton look="ghost" label={t('theme')} onClick={toggleTheme}>
      <Moon className="size-5" aria-hidden />
    </IconButton>
  );
}

/** Light, dark, or as the device is. */
export function ThemeChoice({ label }: { label: string }) {
  const t = useTranslations('settings.themes');
  const [theme, setTheme] = useState(themeNow);
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="grid grid-cols-3 gap-1 rounded-lg bg-raised p-1">
        {themes.map(([name, Icon]) => (
          <label key={name} className="relative grid">
            <input
              type="radio"
              name="theme"
              className="peer absolute inset-0 cursor-pointer appearance-none rounded-md"
              checked={theme === name}
              onChange={() => {
                setTheme(name);
                choose(name);
              }}
            />
            <span className="pointer-events-none flex min-h-10 items-center justify-center gap-2 rounded-md px-2 text-sm text-quiet peer-checked:bg-surface peer-checked:font-medium peer-checked:text-ink peer-checked:shadow-card">
              <Icon className="size-4 max-sm:hidden" aria-hidden /> {t(name)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function LanguageSelect({ id, className = 'w-32' }: { id?: string; className?: string }) {
  const t = useTranslations('shell');
  return (
    <Select
      {...(id ? { id } : { 'aria-label': t('language') })}
      quiet={id === undefined}
      className={className}
      defaultValue={useLocale()}
      options={Object.entries(LANGUAGES)}
      onChange={(event) => {
        remember(LANGUAGE_COOKIE, event.target.value);
        location.reload();
      }}
    />
  );
}
