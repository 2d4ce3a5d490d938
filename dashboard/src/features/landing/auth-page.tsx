import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { LanguageSelect } from '@/features/shell/preferences';
import { Logo } from '@/ui/logo';
import { Preview } from './preview';
import { PROMISES } from './promises';
import { Link } from '@/ui/link';

/** A form at the door; beside it, where there is room, what is behind. */
export function AuthPage({ children }: { children: React.ReactNode }) {
  const t = useTranslations('landing');
  return (
    <div className="grid min-h-dvh bg-surface lg:grid-cols-2">
      <div className="grid grid-cols-1 grid-rows-[auto_1fr] gap-8 p-5 sm:p-8">
        <header className="flex items-center justify-between gap-3">
          <Link href="/" className="inline-flex min-h-10 items-center">
            <Logo />
          </Link>
          <LanguageSelect />
        </header>
        <main className="mx-auto w-full max-w-sm self-center pb-16">{children}</main>
      </div>
      <aside className="grid content-center gap-10 overflow-hidden border-s border-line bg-canvas p-12 max-lg:hidden">
        <ul className="mx-auto grid w-full max-w-lg gap-4">
          {PROMISES.map(([name]) => (
            <li key={name} className="flex gap-3">
              <Check className="mt-0.5 size-5 shrink-0 text-accent" aria-hidden />
              <div className="grid gap-1">
                <p className="font-medium">{t(`${name}.title`)}</p>
                <p className="text-sm leading-6 text-quiet">{t(`${name}.text`)}</p>
              </div>
            </li>
          ))}
        </ul>
        <div className="mx-auto w-full max-w-lg">
          <Preview />
        </div>
      </aside>
    </div>
  );
}
