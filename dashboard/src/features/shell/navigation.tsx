'use client';
import { useQuery } from '@tanstack/react-query';
import { Menu } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { AlertBell } from '@/features/alerts/alert-bell';
import { HelpIcon } from '@/features/help/help-icon';
import { latestQuery } from '@/features/overview/overview.api';
import { cx } from '@/lib/cx';
import { LogoMark } from '@/ui/logo';
import { Link } from '@/ui/link';
import { type Place, usePages } from './pages';
import { PaletteButton, PaletteIcon } from './palette-button';

const Account = lazy(() => import('./account'));
const MorePages = lazy(() => import('./more-pages'));

/** Places at the edge of a phone, the last of which may be the way to all others. */
const EDGE_MAX = 5;

/** At the side of a wide screen; at the lower edge of a phone, where only the pages are. */
export function Navigation({ organization }: { organization: string }) {
  const t = useTranslations();
  const { data: latest } = useQuery(latestQuery());
  const pages = usePages();
  const atEdge = pages.length > EDGE_MAX ? EDGE_MAX - 1 : EDGE_MAX;
  return (
    <nav
      aria-label={t('shell.pages')}
      className="flex border-line bg-surface max-md:border-t max-md:pb-[env(safe-area-inset-bottom)] md:w-64 md:shrink-0 md:flex-col md:gap-1 md:overflow-y-auto md:border-e md:p-3"
    >
      <div className="mb-2 flex items-center gap-2.5 px-2 py-1.5 max-md:hidden">
        <LogoMark className="size-7" />
        <p dir="auto" className="text-beside min-w-0 grow truncate font-semibold">
          {organization}
        </p>
        <AlertBell />
      </div>
      <div className="mb-3 grid grid-cols-1 max-md:hidden">
        <PaletteButton />
      </div>
      {pages.map(([href, name, Icon], n) => (
        <PageLink
          key={href}
          href={href}
          label={t(name)}
          icon={<Icon className="size-5" aria-hidden />}
          unread={href === '/inbox' ? (latest?.unread ?? 0) : 0}
          className={n < atEdge ? undefined : 'max-md:hidden'}
        />
      ))}
      <More pages={pages.slice(atEdge)} />
      <div className="mt-auto max-md:hidden">
        <Suspense fallback={null}>
          <Account />
        </Suspense>
      </div>
    </nav>
  );
}

/** The way to the pages that the edge of a phone has no room for. */
function More({ pages }: { pages: readonly Place[] }) {
  const t = useTranslations('shell');
  const path = usePathname();
  const [openAt, setOpenAt] = useState<string | null>(null);
  if (pages.length === 0) return null;
  const here = pages.some(([href]) => path.startsWith(href));
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        className={cx('md:hidden', placeClass(here))}
        onClick={() => setOpenAt(path)}
      >
        <PlaceFace icon={<Menu className="size-5" aria-hidden />} label={t('more')} here={here} />
      </button>
      <Suspense>{openAt === path ? <MorePages pages={pages} close={() => setOpenAt(null)} /> : null}</Suspense>
    </>
  );
}

/** What the edge of a phone has no room for. */
export const PhoneHeader = ({ organization }: { organization: string }) => (
  <header className="flex min-h-12 items-center gap-2.5 border-b border-line bg-surface ps-4 pe-1 md:hidden">
    <LogoMark className="size-6" />
    <p dir="auto" className="text-beside min-w-0 grow truncate text-sm font-semibold">
      {organization}
    </p>
    <AlertBell />
    <PaletteIcon />
    <HelpIcon />
  </header>
);

/** A place of the navigation: a line at the side, a column at the edge of a phone. */
const placeClass = (here: boolean): string =>
  cx(
    'relative flex items-center',
    'max-md:min-h-14 max-md:min-w-0 max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-0.5 max-md:text-xs',
    'md:min-h-10 md:gap-3 md:rounded-lg md:px-3 md:text-sm md:hover:bg-raised',
    here ? 'font-medium text-ink md:bg-raised' : 'text-quiet hover:text-ink',
  );

const PlaceFace = ({ icon, label, here }: { icon: React.ReactNode; label: string; here: boolean }) => (
  <>
    <span className={cx('max-md:rounded-full max-md:px-4 max-md:py-1', here && 'text-accent max-md:bg-accent-soft')}>
      {icon}
    </span>
    <span className="max-w-full truncate">{label}</span>
  </>
);

function PageLink({
  href,
  label,
  icon,
  unread,
  className,
}: {
  href: string;
  label: string;
  icon: React.ReactNode;
  unread: number;
  className: string | undefined;
}) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const here = usePathname().startsWith(href);
  return (
    <Link href={href} aria-current={here ? 'page' : undefined} className={cx(placeClass(here), className)}>
      <PlaceFace icon={icon} label={label} here={here} />
      {unread > 0 ? (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-medium text-accent-ink max-md:absolute max-md:start-1/2 max-md:top-1 max-md:ms-1.5 md:ms-auto">
          <span aria-hidden>{format.number(unread)}</span>
          <span className="sr-only">{t('unread', { count: unread })}</span>
        </span>
      ) : null}
    </Link>
  );
}
