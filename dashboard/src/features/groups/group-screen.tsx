'use client';
import type { GroupView } from '@wasel/backend/contract';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { usePathname, useSearchParams } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { BroadcastLink } from '@/features/broadcasts/broadcast-link';
import { faultIn } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Card, Chip, ErrorState, Skeleton } from '@/ui/states';
import { Tabs } from '@/ui/tabs';
import { GroupFace } from './group-face';
import { groupQuery } from './groups.api';

const About = lazy(() => import('./about'));
const Members = lazy(() => import('./members'));
const Growth = lazy(() => import('./growth'));
const Activity = lazy(() => import('./activity'));
const Community = lazy(() => import('./community'));
const Requests = lazy(() => import('./requests'));
const SettingsTab = lazy(() => import('./settings-tab'));
const WriteButton = lazy(() => import('./write-button'));

const TABS = {
  members: Members,
  growth: Growth,
  activity: Activity,
  community: Community,
  requests: Requests,
  settings: SettingsTab,
} as const;
type TabName = keyof typeof TABS;
const NAMES = Object.keys(TABS) as TabName[];

/** Everything that is known of one group. */
export function GroupScreen({ jid }: { jid: string }) {
  const t = useTranslations('groups');
  const { data: group, error, isPending, refetch } = useQuery(groupQuery(jid));
  return (
    <Page
      above={
        <Link href="/groups" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
          <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
        </Link>
      }
      title={group ? <Title group={group} /> : t('group')}
      action={
        group ? (
          <div className="flex flex-wrap items-start gap-2">
            <BroadcastLink jid={jid} />
            <Suspense>
              <WriteButton group={group} />
            </Suspense>
          </div>
        ) : null
      }
    >
      {isPending ? (
        <>
          <Skeleton className="h-48 rounded-card" />
          <Skeleton className="h-96 rounded-card" />
        </>
      ) : null}
      {error && !group ? <ErrorState text={faultIn(t, error)} again={t('retry')} retry={() => void refetch()} /> : null}
      {group ? (
        <>
          {group.ended ? <Ended ended={group.ended} /> : null}
          <Suspense fallback={<Skeleton className="h-48 rounded-card" />}>
            <About group={group} />
          </Suspense>
          <Parts group={group} />
        </>
      ) : null}
    </Page>
  );
}

/** There is no such group any more; what is below is what was known of it. */
function Ended({ ended: { at, reason } }: { ended: NonNullable<GroupView['ended']> }) {
  const t = useTranslations('groups');
  const format = useFormatter();
  const when = format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Card className="grid gap-1 text-sm leading-6 text-quiet">
      <p>{t('endedText', { when })}</p>
      {reason === null ? null : (
        <p>
          {t('endedReason')} <bdi>{reason}</bdi>
        </p>
      )}
    </Card>
  );
}

const Title = ({ group }: { group: GroupView }) => {
  const t = useTranslations('groups');
  return (
    <>
      <span className="flex min-w-0 items-center gap-3">
        <GroupFace group={group} className="size-10 text-sm sm:size-12 sm:text-base" />
        <bdi className="min-w-0">{group.subject}</bdi>
      </span>
      {group.kind === 'group' ? null : <Chip>{t(`kinds.${group.kind}`)}</Chip>}
      {group.ended ? <Chip>{t('ended')}</Chip> : null}
    </>
  );
};

/** Which part is seen stands in the address, so that a link can lead to it. */
function Parts({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormatter();
  const path = usePathname();
  const asked = useSearchParams().get('tab');
  const names = NAMES.filter((name) => name !== 'community' || group.kind === 'community' || group.community_jid);
  const shown = names.find((name) => name === asked) ?? 'members';
  const Shown = TABS[shown];
  return (
    <Tabs
      label={t('tabs.label')}
      tabs={names.map((name) => ({
        name,
        label: t(`tabs.${name}`),
        count: name === 'members' ? format.number(group.size) : undefined,
      }))}
      shown={shown}
      show={(name) => history.replaceState(null, '', name === 'members' ? path : `${path}?tab=${name}`)}
    >
      <Suspense fallback={<Skeleton className="h-96 rounded-card" />}>
        <Shown group={group} />
      </Suspense>
    </Tabs>
  );
}
