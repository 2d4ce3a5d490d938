import { useTranslations } from 'next-intl';
import { LanguageSelect } from '@/features/shell/preferences';
import { buttonClass } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { Link } from '@/ui/link';

const ANCHORS = ['how', 'features', 'questions'] as const;
const LINK = 'inline-flex min-h-10 items-center rounded-lg px-3 text-sm text-quiet hover:text-ink';

export function LandingHeader() {
  const t = useTranslations('landing');
  return (
    <header className="sticky top-0 z-10 border-b border-line bg-canvas/90 backdrop-blur">
      <div className="mx-auto flex min-h-16 max-w-6xl items-center gap-2 px-4 sm:px-6">
        <Link href="/" className="inline-flex min-h-10 items-center">
          <Logo />
        </Link>
        <nav aria-label={t('page')} className="ms-4 flex grow max-md:hidden">
          {ANCHORS.map((anchor) => (
            <a key={anchor} href={`#${anchor}`} className={LINK}>
              {t(`${anchor}.short`)}
            </a>
          ))}
        </nav>
        <div className="flex items-center gap-1 max-md:ms-auto sm:gap-2">
          <LanguageSelect className="w-30 max-sm:hidden" />
          <Link href="/sign-in" className={buttonClass('ghost', 'max-sm:px-2')}>
            {t('signIn')}
          </Link>
          <Link href="/sign-up" className={buttonClass('primary', 'max-sm:px-3')}>
            {t('signUp')}
          </Link>
        </div>
      </div>
    </header>
  );
}

export function LandingFooter() {
  const t = useTranslations('landing');
  return (
    <footer className="border-t border-line">
      <div className="mx-auto grid max-w-6xl gap-6 px-4 py-10 text-sm text-quiet sm:px-6">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <Logo />
          <LanguageSelect />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
          <p className="max-w-2xl leading-6">{t('risk')}</p>
          <Link href="/help" className={LINK}>
            {t('help')}
          </Link>
          {/* oxlint-disable-next-line nextjs/no-html-link-for-pages -- the backend serves it */}
          <a href="/api/docs" className={LINK}>
            {t('api')}
          </a>
        </div>
      </div>
    </footer>
  );
}
