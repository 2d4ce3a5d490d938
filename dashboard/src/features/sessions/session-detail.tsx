'use client';
import type { SessionView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, Skeleton } from '@/ui/states';
import { ConnectButtons } from './connect-buttons';
import { DeleteButton, LogOutButton } from './end-session';
import { Restriction } from './restriction';
import { ReasonHelp, SessionReason, SessionState } from './session-state';
import { sessionsQuery } from './sessions.api';
import { Link } from '@/ui/link';

const Health = lazy(() => import('./session-health'));
const LinkPhone = lazy(() => import('./link-phone'));
const Statement = lazy(() => import('./statement'));
const NumberSettings = lazy(() => import('./number-settings'));

/** Everything about one number, and all that can be done with it. */
export function SessionDetail({ id }: { id: string }) {
  const t = useTranslations('sessions');
  const sessions = useQuery(sessionsQuery());
  const session = sessions.data?.find((one) => one.id === id);
  if (sessions.isError && !sessions.data)
    return <ErrorState text={t('failed')} again={t('retry')} retry={() => void sessions.refetch()} />;
  return (
    <Page
      above={
        <Link href="/numbers" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('detail.back')}
        </Link>
      }
      title={<Name session={session} gone={sessions.data !== undefined} />}
    >
      {sessions.isPending ? (
        <>
          <Skeleton className="h-56 rounded-card" />
          <Skeleton className="h-80 rounded-card" />
        </>
      ) : null}
      {sessions.data && !session ? <p className="text-quiet">{t('detail.gone.text')}</p> : null}
      {session ? <Detail session={session} /> : null}
    </Page>
  );
}

function Name({ session, gone }: { session: SessionView | undefined; gone: boolean }) {
  const t = useTranslations('sessions');
  if (!session) return gone ? t('detail.gone.title') : t('title');
  return (
    <>
      <bdi>{session.name}</bdi>
      {session.is_default ? <Chip>{t('default')}</Chip> : null}
    </>
  );
}

function Detail({ session }: { session: SessionView }) {
  const t = useTranslations('sessions');
  const router = useRouter();
  const { data: membership } = useMembership();
  const [linking, setLinking] = useState(false);
  const manages = membership ? may(membership.role, 'sessions:manage') : false;
  return (
    <>
      <Card className="grid gap-5">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="grid gap-1">
            <h2 className="sr-only">{t('detail.state')}</h2>
            <SessionState session={session} />
            <SessionReason session={session} />
            <ReasonHelp session={session} />
            <Restriction session={session} />
            {session.state === 'connected' ? (
              <p className="text-sm leading-6 text-quiet">{t('detail.working')}</p>
            ) : null}
            {session.attempts > 0 && session.state !== 'connected' ? (
              <p className="text-sm text-quiet">{t('detail.attempts', { count: session.attempts })}</p>
            ) : null}
          </div>
          {manages ? (
            <div className="flex flex-wrap gap-2">
              <ConnectButtons session={session} link={() => setLinking(true)} />
            </div>
          ) : null}
        </div>
        <Facts session={session} />
      </Card>
      <Suspense fallback={<Skeleton className="h-80 rounded-card" />}>
        <Health session={session} />
      </Suspense>
      <Suspense fallback={<Skeleton className="h-80 rounded-card" />}>
        <Statement session={session} />
      </Suspense>
      <Suspense fallback={<Skeleton className="h-80 rounded-card" />}>
        <NumberSettings session={session} manages={manages} />
      </Suspense>
      {manages ? (
        <Card className="grid gap-5">
          <h2 className="font-semibold">{t('detail.danger')}</h2>
          {session.phone_number && session.reason !== 'logged_out' ? (
            <Ending text={t('detail.logOutText')} button={<LogOutButton session={session} />} />
          ) : null}
          <Ending
            text={t('detail.deleteText')}
            button={<DeleteButton session={session} deleted={() => router.replace('/numbers')} />}
          />
        </Card>
      ) : null}
      <Dialog title={t('link.title')} close={t('close')} open={linking} onOpenChange={setLinking}>
        <Suspense fallback={<Skeleton className="h-64" />}>
          <LinkPhone session={session} />
        </Suspense>
      </Dialog>
    </>
  );
}

const Ending = ({ text, button }: { text: string; button: React.ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-3">
    <p className="min-w-0 flex-1 basis-60 text-sm leading-6 text-quiet">{text}</p>
    {button}
  </div>
);

/** A minute is near enough for “seen 3 minutes ago”. */
const MINUTE_MS = 60_000;

function Facts({ session }: { session: SessionView }) {
  const t = useTranslations('sessions.detail');
  const format = useFormatter();
  const now = useNow({ updateInterval: MINUTE_MS });
  const at = (time: string | null) =>
    time ? (
      <time dateTime={time}>{format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' })}</time>
    ) : null;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [t('phone'), session.phone_number ? <bdi dir="ltr">{session.phone_number}</bdi> : null],
    [t('pushName'), session.push_name ? <bdi>{session.push_name}</bdi> : null],
    [t('connectedSince'), at(session.connected_since)],
    [
      t('lastSeen'),
      session.last_seen_at ? (
        <time
          dateTime={session.last_seen_at}
          title={format.dateTime(new Date(session.last_seen_at), { dateStyle: 'medium', timeStyle: 'medium' })}
        >
          {format.relativeTime(new Date(Math.min(Date.parse(session.last_seen_at), now.getTime())), now)}
        </time>
      ) : null,
    ],
    [t('created'), at(session.created_at)],
  ];
  return (
    <dl className="grid gap-x-6 gap-y-4 border-t border-line pt-5 text-sm sm:grid-cols-2">
      {facts.map(([name, value]) => (
        <div key={name} className="grid gap-0.5">
          <dt className="text-quiet">{name}</dt>
          <dd>{value ?? <span className="text-quiet">{t('unknown')}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
