'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut, Moon } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { NextIntlClientProvider, useFormatter, useLocale, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { configQuery, meQuery, useCreateOrganization } from '@/features/account/account.api';
import { OrganizationForm } from '@/features/account/organization-form';
import { Problem } from '@/lib/api';
import { session } from '@/lib/auth';
import { cx } from '@/lib/cx';
import { followLive } from '@/lib/live';
import { Button, buttonClass } from '@/ui/button';
import { Card, ErrorState, Skeleton } from '@/ui/states';
import { latestQuery } from '@/features/overview/overview.api';
import { PAGES } from './pages';
import { Palette } from './palette';
import { LanguageSelect, toggleTheme } from './preferences';

/** Everything around a page of somebody who is signed in. */
export function Shell({ children }: { children: React.ReactNode }) {
  const t = useTranslations('shell');
  const router = useRouter();
  const me = useQuery(meQuery());
  const signedOut = me.error instanceof Problem && me.error.status === 401;

  useEffect(() => {
    if (signedOut) router.replace('/sign-in');
  }, [signedOut, router]);

  if (me.isError && !signedOut)
    return <ErrorState text={t('unreachable')} again={t('retry')} retry={() => void me.refetch()} />;
  if (!me.data) return <Skeleton className="m-8 h-24" />;
  const membership = me.data.memberships[0];
  if (!membership) return <FirstOrganization />;
  session.actFor(membership.organization.id);
  return (
    <InOwnTime>
      <div className="flex h-dvh flex-col">
        <Banners organization={membership.organization.id} />
        <div className="flex min-h-0 grow flex-col-reverse md:flex-row">
          <Navigation organization={membership.organization.name} />
          <main className="min-h-0 min-w-0 grow overflow-y-auto">{children}</main>
        </div>
      </div>
    </InOwnTime>
  );
}

/** The server knows its own zone only; times are shown in that of who looks. */
function InOwnTime({ children }: { children: React.ReactNode }) {
  return (
    <NextIntlClientProvider locale={useLocale()} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      {children}
    </NextIntlClientProvider>
  );
}

function Navigation({ organization }: { organization: string }) {
  const t = useTranslations('shell');
  const router = useRouter();
  const { data: latest } = useQuery(latestQuery());
  return (
    <nav
      aria-label={t('pages')}
      className="flex border-line bg-surface max-md:border-t md:w-60 md:shrink-0 md:flex-col md:gap-1 md:border-e md:p-3"
    >
      <p className="truncate px-3 py-2 font-semibold max-md:hidden" dir="auto">
        {organization}
      </p>
      <div className="mb-2 grid grid-cols-1 max-md:hidden">
        <Palette />
      </div>
      {PAGES.map(([href, name, Icon]) => (
        <PageLink
          key={href}
          href={href}
          label={t(name)}
          icon={<Icon className="size-5" aria-hidden />}
          unread={name === 'inbox' ? (latest?.unread ?? 0) : 0}
        />
      ))}
      <div className="mt-auto grid gap-1 max-md:hidden">
        <LanguageSelect />
        <Button look="ghost" className="justify-start" onClick={() => toggleTheme(router)}>
          <Moon className="size-4" aria-hidden /> {t('theme')}
        </Button>
        <Button
          look="ghost"
          className="justify-start"
          onClick={() => void session.signOut().then(() => location.assign('/'))}
        >
          <LogOut className="size-4 rtl:-scale-x-100" aria-hidden /> {t('signOut')}
        </Button>
      </div>
    </nav>
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
        'flex min-h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium text-quiet hover:bg-raised hover:text-ink',
        'max-md:relative max-md:grow max-md:flex-col max-md:justify-center max-md:gap-0.5 max-md:py-1.5 max-md:text-xs',
        here && 'bg-accent-soft text-ink',
      )}
    >
      {icon}
      {label}
      {unread > 0 ? (
        <span className="rounded-full bg-accent px-1.5 text-xs font-medium text-accent-ink max-md:absolute max-md:ms-9 max-md:-mt-6 md:ms-auto">
          <span aria-hidden>{format.number(unread)}</span>
          <span className="sr-only">{t('unread', { count: unread })}</span>
        </span>
      ) : null}
    </Link>
  );
}

/** What must be known on every page: that these numbers are virtual, and that the line is down. */
function Banners({ organization }: { organization: string }) {
  const t = useTranslations('shell');
  const cache = useQueryClient();
  const { data: config } = useQuery(configQuery());
  const [connected, setConnected] = useState(true);
  useEffect(() => followLive(cache, organization, setConnected), [cache, organization]);
  return (
    <>
      {config?.sandbox ? (
        <p className="flex flex-wrap items-center justify-center gap-x-3 bg-amber-200 px-4 py-1.5 text-center text-sm text-amber-950">
          {t('sandbox')}
          <a className="font-semibold underline" href={config.sandbox.phones_url} target="_blank" rel="noreferrer">
            {t('phones')}
          </a>
        </p>
      ) : null}
      {connected ? null : (
        <p role="status" className="bg-bad px-4 py-1.5 text-center text-sm text-white dark:text-black">
          {t('offline')}
        </p>
      )}
    </>
  );
}

function FirstOrganization() {
  const t = useTranslations('organization');
  const create = useCreateOrganization();
  return (
    <main className="mx-auto grid max-w-lg gap-6 px-5 py-16">
      <div className="grid gap-2">
        <h1 className="text-2xl font-semibold tracking-tight">{t('first.title')}</h1>
        <p className="text-quiet">{t('first.text')}</p>
      </div>
      <Card>
        <OrganizationForm submit={(organization) => create.mutateAsync(organization)} label={t('first.create')} />
      </Card>
      <Link className={buttonClass('ghost', 'justify-self-start')} href="/">
        Wasel
      </Link>
    </main>
  );
}
