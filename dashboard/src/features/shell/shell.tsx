'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useState } from 'react';
import { configQuery, membershipOf, meQuery } from '@/features/account/account.api';
import { helpHref } from '@/features/help/help-link';
import { Problem } from '@/lib/api';
import { session } from '@/lib/auth';
import { followLive } from '@/lib/live';
import { ErrorState, Skeleton } from '@/ui/states';
import { InOwnTime } from './in-own-time';
import { Navigation, PhoneHeader } from './navigation';
import { WithPalette } from './palette-button';
import { Link } from '@/ui/link';

const Trouble = lazy(() => import('./trouble'));
const inbox = () => import('@/features/inbox/inbox.live');
const groups = () => import('@/features/groups/groups.live');
const FirstOrganization = lazy(() => import('@/features/account/first-organization'));

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
    return (
      <main className="grid min-h-dvh place-items-center">
        <ErrorState text={t('unreachable')} again={t('retry')} retry={() => void me.refetch()} />
      </main>
    );
  if (!me.data) return <Waiting />;
  const membership = membershipOf(me.data);
  if (!membership)
    return (
      <Suspense fallback={<Waiting />}>
        <FirstOrganization />
      </Suspense>
    );
  session.actFor(membership.organization.id);
  return (
    <InOwnTime>
      <WithPalette>
        <div className="flex h-dvh flex-col">
          <Banners organization={membership.organization.id} />
          <Suspense fallback={null}>
            <Trouble organization={membership.organization} />
          </Suspense>
          <PhoneHeader organization={membership.organization.name} />
          <div className="flex min-h-0 grow flex-col-reverse md:flex-row">
            <Navigation organization={membership.organization.name} />
            <main className="min-h-0 min-w-0 grow overflow-y-auto">{children}</main>
          </div>
        </div>
      </WithPalette>
    </InOwnTime>
  );
}

/** The places of the navigation and of a page, before it is known whose they are. */
const Waiting = () => (
  <div className="flex h-dvh flex-col-reverse md:flex-row">
    <div className="flex gap-3 border-line bg-surface p-3 max-md:border-t md:w-64 md:flex-col md:border-e">
      {['organization', 'search', 'overview', 'inbox', 'numbers'].map((name) => (
        <Skeleton key={name} className="h-9 max-md:flex-1" />
      ))}
    </div>
    <div className="mx-auto grid w-full max-w-4xl grow content-start gap-6 px-4 py-6 sm:px-8 sm:py-9">
      <Skeleton className="h-9 w-48" />
      <Skeleton className="h-56 rounded-card" />
    </div>
  </div>
);

/** What must be known on every page: that these numbers are virtual, and that the line is down. */
function Banners({ organization }: { organization: string }) {
  const t = useTranslations('shell');
  const cache = useQueryClient();
  const { data: config } = useQuery(configQuery());
  const [connected, setConnected] = useState(true);
  useEffect(
    () =>
      followLive({
        cache,
        organization,
        onState: setConnected,
        refreshMessages: (changed) => inbox().then(({ refreshMessages }) => refreshMessages(cache, changed)),
        refreshConversations: (changed) =>
          inbox().then(({ refreshConversations }) => refreshConversations(cache, changed)),
        refreshGroups: (changed) =>
          Promise.all([
            groups().then(({ refreshGroups }) => refreshGroups(cache, changed)),
            inbox().then(({ refreshConversationsOf }) => refreshConversationsOf(cache, changed)),
          ]),
        refreshWaiting: () => inbox().then(({ refreshWaiting }) => refreshWaiting(cache)),
      }),
    [cache, organization],
  );
  return (
    <>
      {config?.sandbox ? (
        <p className="bg-warn-soft px-4 py-1.5 text-center text-xs leading-5 text-warn sm:text-sm">
          {t('sandbox')}{' '}
          <a
            className="font-semibold whitespace-nowrap underline"
            href={config.sandbox.phones_url}
            target="_blank"
            rel="noreferrer"
          >
            {t('phones')}
          </a>
          {config.mail === 'mailbox' ? (
            <>
              {' · '}
              <Link className="font-semibold whitespace-nowrap underline" href="/mailbox">
                {t('mailbox')}
              </Link>
            </>
          ) : null}
        </p>
      ) : null}
      {connected ? null : (
        <p role="status" className="bg-bad px-4 py-1.5 text-center text-sm text-bad-ink">
          {t('offline')}{' '}
          <a
            href={helpHref('troubleshooting#offline')}
            target="_blank"
            rel="noreferrer"
            className="font-semibold underline"
          >
            {t('whatToDo')}
          </a>
        </p>
      )}
    </>
  );
}
