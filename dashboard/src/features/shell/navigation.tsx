'use client';
import { useQuery } from '@tanstack/react-query';
import { CircleQuestionMark, LogOut } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { meQuery } from '@/features/account/account.api';
import { AlertBell } from '@/features/alerts/alert-bell';
import { latestQuery } from '@/features/overview/overview.api';
import { session } from '@/lib/auth';
import { cx } from '@/lib/cx';
import { Avatar } from '@/ui/avatar';
import { buttonClass, IconButton } from '@/ui/button';
import { LogoMark } from '@/ui/logo';
import { usePages } from './pages';
import { PaletteButton, PaletteIcon } from './palette-button';
import { LanguageSelect, ThemeButton } from './preferences';
import { Link } from '@/ui/link';

/** At the side of a wide screen; at the lower edge of a phone, where only the pages are. */
export function Navigation({ organization }: { organization: string }) {
  const t = useTranslations();
  const { data: latest } = useQuery(latestQuery());
  const pages = usePages();
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
      {pages.map(([href, name, Icon]) => (
        <PageLink
          key={href}
          href={href}
          label={t(name)}
          icon={<Icon className="size-5" aria-hidden />}
          unread={href === '/inbox' ? (latest?.unread ?? 0) : 0}
        />
      ))}
      <Account />
    </nav>
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

function HelpIcon() {
  const t = useTranslations('shell');
  return (
    <Link href="/help" aria-label={t('help')} title={t('help')} className={buttonClass('ghost', 'size-10 px-0')}>
      <CircleQuestionMark className="size-5" aria-hidden />
    </Link>
  );
}

function Account() {
  const t = useTranslations('shell');
  const { data: me } = useQuery(meQuery());
  return (
    <div className="mt-auto grid gap-3 border-t border-line pt-3 max-md:hidden">
      <div className="flex items-center gap-1">
        <LanguageSelect className="min-w-0 grow" />
        <HelpIcon />
        <ThemeButton />
      </div>
      <div className="flex items-center gap-2.5">
        <Avatar name={me?.name ?? null} className="size-9 text-xs" />
        <div className="grid min-w-0 grow text-sm">
          <span dir="auto" className="text-beside truncate font-medium">
            {me?.name}
          </span>
          <span dir="ltr" className="text-beside truncate text-xs text-quiet">
            {me?.email}
          </span>
        </div>
        <IconButton
          look="ghost"
          label={t('signOut')}
          onClick={() => void session.signOut().then(() => location.assign('/'))}
        >
          <LogOut className="size-5 rtl:-scale-x-100" aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

function PageLink({
  href,
  label,
  icon,
  unread,
}: {
  href: string;
  label: string;
  icon: React.ReactNode;
  unread: number;
}) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const here = usePathname().startsWith(href);
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={cx(
        'relative flex items-center',
        'max-md:min-h-14 max-md:min-w-0 max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-0.5 max-md:text-xs',
        'md:min-h-10 md:gap-3 md:rounded-lg md:px-3 md:text-sm md:hover:bg-raised',
        here ? 'font-medium text-ink md:bg-raised' : 'text-quiet hover:text-ink',
      )}
    >
      <span className={cx('max-md:rounded-full max-md:px-4 max-md:py-1', here && 'text-accent max-md:bg-accent-soft')}>
        {icon}
      </span>
      <span className="max-w-full truncate">{label}</span>
      {unread > 0 ? (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-medium text-accent-ink max-md:absolute max-md:start-1/2 max-md:top-1 max-md:ms-1.5 md:ms-auto">
          <span aria-hidden>{format.number(unread)}</span>
          <span className="sr-only">{t('unread', { count: unread })}</span>
        </span>
      ) : null}
    </Link>
  );
}
