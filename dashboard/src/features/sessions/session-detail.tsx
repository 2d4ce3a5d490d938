'use client';
import { may, type SessionView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Card, EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { ConnectButtons } from './connect-buttons';
import { DeleteButton, LogOutButton } from './end-session';
import { LinkPhone } from './link-phone';
import { SessionReason, SessionState } from './session-state';
import { SessionSettings } from './session-settings';
import { sessionsQuery } from './sessions.api';

/** Everything about one number, and all that can be done with it. */
export function SessionDetail({ id }: { id: string }) {
  const t = useTranslations('sessions');
  const sessions = useQuery(sessionsQuery());
  const session = sessions.data?.find((one) => one.id === id);
  if (sessions.isError && !sessions.data)
    return <ErrorState text={t('failed')} again={t('retry')} retry={() => void sessions.refetch()} />;
  return (
    <div className="mx-auto grid max-w-3xl gap-6 p-5 sm:p-8">
      <Link href="/numbers" className={buttonClass('ghost', '-ms-3.5 justify-self-start')}>
        <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('detail.back')}
      </Link>
      {sessions.isPending ? <Skeleton className="h-60" /> : null}
      {sessions.data && !session ? (
        <EmptyState title={t('detail.gone.title')}>{t('detail.gone.text')}</EmptyState>
      ) : null}
      {session ? <Detail session={session} /> : null}
    </div>
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
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 dir="auto" className="text-2xl font-semibold tracking-tight">
          {session.name}
        </h1>
        {session.is_default ? (
          <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-medium">{t('default')}</span>
        ) : null}
      </header>
      <Card className="grid gap-5">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="grid gap-1">
            <h2 className="sr-only">{t('detail.state')}</h2>
            <SessionState session={session} />
            <SessionReason session={session} />
            {session.state === 'connected' ? <p className="text-sm text-quiet">{t('detail.working')}</p> : null}
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
      <Card className="grid gap-5">
        <h2 className="font-semibold">{t('detail.settings')}</h2>
        <SessionSettings session={session} manages={manages} />
      </Card>
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
        <LinkPhone session={session} />
      </Dialog>
    </>
  );
}

const Ending = ({ text, button }: { text: string; button: React.ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-3">
    <p className="min-w-0 flex-1 basis-60 text-sm text-quiet">{text}</p>
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
