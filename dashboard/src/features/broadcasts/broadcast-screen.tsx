'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { faultIn } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { ErrorState, Skeleton } from '@/ui/states';
import { broadcastQuery } from './broadcasts.api';
import { StateChip } from './state-chip';

const Summary = lazy(() => import('./summary'));
const Recipients = lazy(() => import('./recipients'));

/** One broadcast: how far it is, what can be done about it, what it says, and what became of each person. */
export function BroadcastScreen({ id }: { id: string }) {
  const t = useTranslations('broadcasts');
  const { data: broadcast, error, isPending, refetch } = useQuery(broadcastQuery(id));
  return (
    <Page
      above={<BackLink />}
      title={
        broadcast ? (
          <>
            <bdi className="min-w-0">{broadcast.name}</bdi> <StateChip state={broadcast.state} />
          </>
        ) : (
          t('one')
        )
      }
    >
      {isPending ? <Loading /> : null}
      {error && !broadcast ? (
        <ErrorState text={faultIn(t, error)} again={t('retry')} retry={() => void refetch()} />
      ) : null}
      {broadcast ? (
        <Suspense fallback={<Loading />}>
          <Summary broadcast={broadcast} />
          <Recipients broadcast={broadcast} />
        </Suspense>
      ) : null}
    </Page>
  );
}

/** The way back to all of them. */
export function BackLink() {
  const t = useTranslations('broadcasts');
  return (
    <Link href="/broadcasts" className={buttonClass('ghost', '-ms-4 justify-self-start')}>
      <ArrowLeft className="size-4 rtl:-scale-x-100" aria-hidden /> {t('title')}
    </Link>
  );
}

const Loading = () => (
  <>
    <Skeleton className="h-56 rounded-card" />
    <Skeleton className="h-96 rounded-card" />
  </>
);
