'use client';
import type { GroupView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { faultIn } from '@/lib/api';
import { LoadMore } from '@/ui/load-more';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { GroupRow } from './group-rows';
import GroupRows from './group-rows';
import { groupQuery, groupsQuery } from './groups.api';

/** The community that a group is a part of, and the other parts of it. */
export default function Community({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const of = group.community_jid ?? group.jid;
  const community = useQuery({ ...groupQuery(of), enabled: group.community_subject !== null });
  const groups = useInfiniteQuery(groupsQuery({ community_jid: of }));
  const items = groups.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p className="max-w-prose text-sm leading-6 text-quiet">{t('community.text')}</p>
      {community.data && community.data.id !== group.id ? (
        <Card className="overflow-hidden p-0 sm:p-0">
          <GroupRow group={community.data} />
        </Card>
      ) : null}
      {groups.isPending ? (
        <Card>
          <SkeletonRows rows={3} />
        </Card>
      ) : null}
      {groups.isError && !groups.data ? (
        <ErrorState text={faultIn(t, groups.error)} again={t('retry')} retry={() => void groups.refetch()} />
      ) : null}
      {groups.data && items.length === 0 ? (
        <Card>
          <EmptyState title={t('community.none.title')}>{t('community.none.text')}</EmptyState>
        </Card>
      ) : null}
      {items.length > 0 ? <GroupRows groups={items} complete={!groups.hasNextPage} /> : null}
      {groups.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={groups.isFetchingNextPage}
          load={() => void groups.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
    </>
  );
}
