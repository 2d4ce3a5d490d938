'use client';
import { useQuery } from '@tanstack/react-query';
import { Activity, ArrowLeft, Building2, Lock, ScrollText } from 'lucide-react';
import { Link } from '@/ui/link';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { meQuery } from '@/features/account/account.api';
import { InOwnTime } from '@/features/shell/in-own-time';
import { LanguageSelect, ThemeButton } from '@/features/shell/preferences';
import { Problem, sayOf } from '@/lib/api';
import { cx } from '@/lib/cx';
import { buttonClass } from '@/ui/button';
import { LogoMark } from '@/ui/logo';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';

const PAGES = [
  ['/operator', 'organizations', Building2],
  ['/operator/health', 'health', Activity],
  ['/operator/log', 'log.title', ScrollText],
] as const;

/** Everything around the pages of whoever runs the installation; nobody else sees more of them than this. */
export function OperatorShell({ children }: { children: React.ReactNode }) {
  const t = useTranslations('operator');
  const router = useRouter();
  const me = useQuery(meQuery());
  const signedOut = me.error instanceof Problem && me.error.status === 401;
  useEffect(() => {
    if (signedOut) router.replace('/sign-in');
  }, [signedOut, router]);
  return (
    <InOwnTime>
      <div className="flex min-h-dvh flex-col">
        <Header />
        <main className="min-w-0 grow">
          {me.data?.super_admin ? (
            children
          ) : (
            <div className="mx-auto w-full max-w-4xl px-4 py-6 sm:px-8 sm:py-9">
              <Card>
                {me.isError && !signedOut ? (
                  <ErrorState text={sayOf(me.error, t('failed'))} again={t('retry')} retry={() => void me.refetch()} />
                ) : me.data ? (
                  <EmptyState title={t('notAllowed.title')} icon={<Lock className="size-6" />} action={<Back />}>
                    {t('notAllowed.text')}
                  </EmptyState>
                ) : (
                  <SkeletonRows rows={4} />
                )}
              </Card>
            </div>
          )}
        </main>
      </div>
    </InOwnTime>
  );
}

const Back = () => (
  <Link href="/overview" className={buttonClass('plain')}>
    <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {useTranslations('operator')('back')}
  </Link>
);

function Header() {
  const t = useTranslations('operator');
  const path = usePathname();
  // The pages of one organization belong to the list of all.
  const [, ...others] = PAGES.map(([href]) => href);
  const at = others.find((href) => path.startsWith(href)) ?? '/operator';
  const here = (href: string) => href === at;
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex w-full max-w-4xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 sm:px-8">
        <LogoMark className="size-7" />
        <p className="grow font-semibold">{t('title')}</p>
        <LanguageSelect className="w-24 sm:w-28" />
        <ThemeButton />
        <Link
          href="/overview"
          aria-label={t('back')}
          title={t('back')}
          className={buttonClass('ghost', 'size-10 shrink-0 px-0')}
        >
          <ArrowLeft className="size-5 rtl:-scale-x-100" aria-hidden />
        </Link>
        <nav aria-label={t('pages')} className="flex w-full gap-1">
          {PAGES.map(([href, name, Icon]) => (
            <Link
              key={href}
              href={href}
              aria-current={here(href) ? 'page' : undefined}
              className={cx(
                'flex min-h-10 items-center gap-2 rounded-lg px-3 text-sm text-quiet hover:bg-raised hover:text-ink',
                here(href) && 'bg-raised font-medium text-ink',
              )}
            >
              <Icon className={cx('size-4', here(href) && 'text-accent')} aria-hidden /> {t(name)}
            </Link>
          ))}
        </nav>
      </div>
    </header>
  );
}
