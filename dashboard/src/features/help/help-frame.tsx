import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { LanguageSelect } from '@/features/shell/preferences';
import { Button, buttonClass } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { Link } from '@/ui/link';

/** Around every page of the help; on paper only what it says. */
export function HelpFrame({ search = '', children }: { search?: string; children: React.ReactNode }) {
  const t = useTranslations('help');
  return (
    <div className="min-h-dvh">
      <header className="border-b border-line bg-surface print:hidden">
        <div className="mx-auto flex min-h-16 max-w-3xl items-center justify-between gap-3 px-4 sm:px-6">
          <Link href="/" className="inline-flex min-h-10 items-center">
            <Logo />
          </Link>
          <div className="flex items-center gap-2">
            <LanguageSelect className="w-30" />
            <Link href="/overview" className={buttonClass('plain', 'max-sm:hidden')}>
              {t('toApp')}
            </Link>
          </div>
        </div>
      </header>
      <main className="mx-auto grid max-w-3xl grid-cols-1 gap-8 px-4 py-8 sm:px-6">
        <form action="/help" role="search" className="flex gap-2 print:hidden">
          <div className="relative grid min-w-0 grow">
            <Search className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-quiet" aria-hidden />
            <input
              type="search"
              name="search"
              dir="auto"
              defaultValue={search}
              aria-label={t('search')}
              placeholder={t('search')}
              className="control ps-9"
            />
          </div>
          <Button type="submit" look="plain">
            {t('find')}
          </Button>
        </form>
        {children}
      </main>
    </div>
  );
}
