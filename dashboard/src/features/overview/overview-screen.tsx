'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { meQuery, useMembership } from '@/features/account/account.api';
import { ConversationRow } from '@/features/inbox/conversation-row';
import { SessionReason, SessionState } from '@/features/sessions/session-state';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { Page } from '@/ui/page';
import { Card, ErrorState, SkeletonRows } from '@/ui/states';
import { Onboarding } from './onboarding';
import { isComplete, stepsFrom } from './onboarding.rules';
import { milestonesQuery } from './milestones.api';
import { latestQuery } from './overview.api';
import { Link } from '@/ui/link';

/** Conversations that the overview shows. */
const SHOWN = 5;

/** What there is to do, and how everything stands. */
export function OverviewScreen() {
  const t = useTranslations('overview');
  const { data: me } = useQuery(meQuery());
  return (
    <Page title={t('title', { name: me?.name ?? '' })}>
      <FirstSteps />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <Numbers />
        <LatestConversations />
      </div>
    </Page>
  );
}

function FirstSteps() {
  const sessions = useQuery(sessionsQuery());
  const milestones = useQuery(milestonesQuery());
  const { data: membership } = useMembership();
  const hidden = `wasel-onboarding-hidden:${membership?.organization.id ?? ''}`;
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(hidden) !== null);
  if (dismissed || !sessions.data || !milestones.data) return null;
  const numberLinked = sessions.data.some(({ phone_number: phone }) => phone !== null);
  const steps = stepsFrom({ numberLinked, ...milestones.data });
  if (isComplete(steps)) return null;
  return (
    <Onboarding
      steps={steps}
      dismiss={() => {
        localStorage.setItem(hidden, 'yes');
        setDismissed(true);
      }}
    />
  );
}

function Numbers() {
  const t = useTranslations('overview');
  const sessions = useQuery(sessionsQuery());
  const items = sessions.data ?? [];
  const connected = items.filter(({ state }) => state === 'connected').length;
  return (
    <Section title={t('numbers')} href="/numbers" link={t('allNumbers')}>
      {sessions.isPending ? <SkeletonRows rows={2} /> : null}
      {sessions.isError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void sessions.refetch()} />
      ) : null}
      {sessions.data ? (
        <p className="text-sm text-quiet">
          {items.length === 0 ? t('noNumbers') : t('connected', { connected, total: items.length })}
        </p>
      ) : null}
      <ul className="-mx-3 -mb-3 grid grid-cols-1">
        {items.map((session) => (
          <li key={session.id}>
            <Link
              href={`/numbers/${session.id}`}
              className="grid grid-cols-1 gap-0.5 rounded-lg px-3 py-3 hover:bg-raised"
            >
              <span className="flex items-center justify-between gap-4">
                <span dir="auto" className="text-beside min-w-0 truncate text-sm font-medium">
                  {session.name}
                </span>
                <span className="shrink-0">
                  <SessionState session={session} />
                </span>
              </span>
              {session.phone_number ? (
                <bdi dir="ltr" className="w-fit text-sm text-quiet">
                  {session.phone_number}
                </bdi>
              ) : null}
              <SessionReason session={session} />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function LatestConversations() {
  const t = useTranslations('overview');
  const latest = useQuery(latestQuery());
  return (
    <Section title={t('conversations')} href="/inbox" link={t('allConversations')}>
      {latest.isPending ? <SkeletonRows rows={4} /> : null}
      {latest.isError ? <ErrorState text={t('failed')} again={t('retry')} retry={() => void latest.refetch()} /> : null}
      {latest.data ? (
        <p className="text-sm text-quiet">
          {latest.data.items.length === 0
            ? t('noConversations')
            : latest.data.more && latest.data.unread > 0
              ? t('unreadOrMore', { count: latest.data.unread })
              : t('unread', { count: latest.data.unread })}
        </p>
      ) : null}
      <ul className="-mx-3 -mb-3 grid grid-cols-1">
        {latest.data?.items.slice(0, SHOWN).map((conversation) => (
          <li key={conversation.id}>
            <ConversationRow conversation={conversation} className="rounded-lg px-3" />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Section({
  title,
  href,
  link,
  children,
}: {
  title: string;
  href: string;
  link: string;
  children: React.ReactNode;
}) {
  return (
    <Card className="grid grid-cols-1 gap-2">
      <header className="-my-2 flex items-center justify-between gap-3">
        <h2 className="font-semibold">{title}</h2>
        <Link
          href={href}
          className="inline-flex min-h-10 items-center text-sm font-medium text-accent underline-offset-4 hover:underline"
        >
          {link}
        </Link>
      </header>
      {children}
    </Card>
  );
}
