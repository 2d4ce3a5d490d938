'use client';
import type { OperatorNumber, OperatorOrganizationDetail } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { Link } from '@/ui/link';
import { useFormatter, useTranslations } from 'next-intl';
import { EntryRow } from '@/features/activity/entry-row';
import { namesIn } from '@/features/activity/activity.rules';
import { SessionState } from '@/features/sessions/session-state';
import { sayOf } from '@/lib/api';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, Skeleton } from '@/ui/states';
import { Conversations } from './conversations';
import { Fact, Facts, When } from './facts';
import { organizationQuery } from './operator.api';
import { Suspended } from './suspended';
import { SuspensionButton } from './suspension';

/** One organization, as far as whoever runs the installation sees it without a reason. */
export function OrganizationScreen({ id }: { id: string }) {
  const t = useTranslations('operator');
  const { data, isError, error, refetch } = useQuery(organizationQuery(id));
  const above = (
    <Link href="/operator" className="inline-flex min-h-10 w-fit items-center gap-2 text-sm text-quiet hover:text-ink">
      <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('organizations')}
    </Link>
  );
  if (!data)
    return (
      <Page title={t('organization')} above={above}>
        {isError ? (
          <ErrorState text={sayOf(error, t('failed'))} again={t('retry')} retry={() => void refetch()} />
        ) : (
          <Skeleton className="h-72 rounded-card" />
        )}
      </Page>
    );
  return (
    <Page
      above={above}
      title={
        <>
          <bdi>{data.name}</bdi> {data.suspension ? <Suspended /> : null}
        </>
      }
      action={<SuspensionButton organization={data} />}
    >
      <Summary organization={data} />
      <Numbers numbers={data.numbers} />
      <Members members={data.members} />
      <Conversations organization={data.id} />
      <Log organization={data} />
    </Page>
  );
}

function Summary({ organization }: { organization: OperatorOrganizationDetail }) {
  const t = useTranslations('operator');
  const format = useFormatter();
  return (
    <Card className="grid grid-cols-1 gap-5">
      {organization.suspension ? (
        <p role="status" className="rounded-lg bg-bad-soft px-3 py-2.5 text-sm leading-6 text-bad wrap-anywhere">
          {t('suspendedBecause')} <bdi>{organization.suspension.reason}</bdi>
        </p>
      ) : null}
      <Facts>
        <Fact name={t('list.messages')}>{format.number(organization.messages_24h)}</Fact>
        <Fact name={t('list.created')}>
          <When at={organization.created_at} />
        </Fact>
        <Fact name={t('detail.timeZone')}>{organization.time_zone}</Fact>
        <Fact name={t('detail.id')}>
          <bdi dir="ltr">{organization.id}</bdi>
        </Fact>
      </Facts>
      <p className="text-xs leading-5 text-quiet">{t('detail.seen')}</p>
    </Card>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: React.ReactNode }) {
  return (
    <Card aria-labelledby={id} className="grid grid-cols-1 gap-2">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {children}
    </Card>
  );
}

function Numbers({ numbers }: { numbers: readonly OperatorNumber[] }) {
  const t = useTranslations('operator.detail');
  const format = useFormatter();
  return (
    <Section id="numbers" title={t('numbers')}>
      {numbers.length === 0 ? <p className="text-sm text-quiet">{t('noNumbers')}</p> : null}
      <ul className="grid grid-cols-1 divide-y divide-line">
        {numbers.map((number) => (
          <li key={number.id} className="grid grid-cols-1 gap-3 py-3">
            <div className="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-1">
              <p className="min-w-0 text-sm wrap-anywhere">
                <bdi className="font-medium">{number.name}</bdi>{' '}
                <bdi dir="ltr" className="text-quiet">
                  {number.phone_number}
                </bdi>
              </p>
              <SessionState session={number} />
            </div>
            <Facts>
              <Fact name={t('lastSeen')}>{number.last_seen_at ? <When at={number.last_seen_at} /> : t('never')}</Fact>
              <Fact name={t('queued')}>{format.number(number.queued)}</Fact>
              <Fact name={t('oldestQueued')}>
                {number.oldest_queued_at ? <When at={number.oldest_queued_at} /> : t('nothing')}
              </Fact>
            </Facts>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Members({ members }: { members: OperatorOrganizationDetail['members'] }) {
  const t = useTranslations('operator.detail');
  const roles = useTranslations('members.roles');
  return (
    <Section id="members" title={t('members')}>
      <ul className="grid grid-cols-1 divide-y divide-line">
        {members.map(({ id, name, email, role }) => (
          <li key={id} className="flex min-w-0 items-center gap-3 py-3">
            <div className="grid min-w-0 grow text-sm">
              <bdi className="text-beside truncate font-medium">{name}</bdi>
              <bdi dir="ltr" className="text-beside truncate text-quiet">
                {email}
              </bdi>
            </div>
            <Chip>{roles(role)}</Chip>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What its own people read in their activity, the operator's looks included. */
function Log({ organization: { activity, members, numbers, id, name } }: { organization: OperatorOrganizationDetail }) {
  const t = useTranslations('operator.detail');
  const names = new Map([
    ...namesIn(activity),
    ...[...members, ...numbers].map((one) => [one.id as string, one.name] as const),
    [id as string, name] as const,
  ]);
  return (
    <Section id="log" title={t('log')}>
      <ol className="grid grid-cols-1 divide-y divide-line">
        {activity.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            names={{ of: (one) => names.get(one ?? ''), actors: [], foreign: true }}
          />
        ))}
      </ol>
    </Section>
  );
}
