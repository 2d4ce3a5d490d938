'use client';
import { may } from '@wasel/backend/contract/words';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Megaphone, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense } from 'react';
import { useMembership } from '@/features/account/account.api';
import { HelpLink } from '@/features/help/help-link';
import { faultIn } from '@/lib/api';
import { buttonClass } from '@/ui/button';
import { Link } from '@/ui/link';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { broadcastsQuery } from './broadcasts.api';

const BroadcastRows = lazy(() => import('./broadcast-rows'));

/** Everything that was said to many, and the way to say something. */
export function BroadcastsScreen() {
  const t = useTranslations('broadcasts');
  const { data: membership } = useMembership();
  const sends = membership ? may(membership.role, 'broadcasts:send') : null;
  const broadcasts = useInfiniteQuery(broadcastsQuery());
  const items = broadcasts.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={t('title')} action={sends && items?.length !== 0 ? <NewLink /> : null}>
      {sends === false ? <NotYou /> : null}
      {broadcasts.isPending ? <Loading /> : null}
      {broadcasts.isError && !items ? (
        <ErrorState text={faultIn(t, broadcasts.error)} again={t('retry')} retry={() => void broadcasts.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState
            title={t('empty.title')}
            icon={<Megaphone className="size-6 rtl:-scale-x-100" />}
            action={sends ? <NewLink /> : null}
          >
            {t('empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <Suspense fallback={<Loading />}>
          <BroadcastRows broadcasts={items} complete={!broadcasts.hasNextPage} />
        </Suspense>
      ) : null}
      {broadcasts.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={broadcasts.isFetchingNextPage}
          load={() => void broadcasts.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
      <HelpLink topic="broadcasts#audience">{t('help')}</HelpLink>
    </Page>
  );
}

function NewLink() {
  const t = useTranslations('broadcasts');
  return (
    <Link href="/broadcasts/new" className={buttonClass()}>
      <Plus className="size-4" aria-hidden /> {t('new')}
    </Link>
  );
}

/** Why somebody who looks here finds no way to launch one. */
export function NotYou() {
  const t = useTranslations('broadcasts');
  return <p className="rounded-lg bg-raised px-4 py-3 text-sm leading-6 text-quiet">{t('notYou')}</p>;
}

const Loading = () => (
  <Card>
    <SkeletonRows rows={4} />
  </Card>
);
