'use client';
import type { OperatorOrganization } from '@wasel/backend/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Building2, ChevronRight, SearchX } from 'lucide-react';
import { Link } from '@/ui/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { sayOf } from '@/lib/api';
import { Field } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { SwitchField } from '@/ui/switch-field';
import { Fact, Facts, When } from './facts';
import { organizationsQuery } from './operator.api';
import { Suspended } from './suspended';

/** Every organization of the installation. */
export function OrganizationsScreen() {
  const t = useTranslations('operator');
  const [search, setSearch] = useState('');
  const [suspended, setSuspended] = useState(false);
  const wanted = useDeferredValue(search.trim());
  const found = useInfiniteQuery({ ...organizationsQuery(wanted, suspended), placeholderData: keepPreviousData });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = wanted !== '' || suspended;
  return (
    <Page title={t('organizations')}>
      <div role="search" className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-end">
        <Field
          label={t('list.search')}
          type="search"
          dir="auto"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <SwitchField
          label={t('list.suspendedOnly')}
          hint={t('list.suspendedHint')}
          checked={suspended}
          disabled={false}
          onCheckedChange={setSuspended}
        />
      </div>
      {found.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {found.isError && !found.data ? (
        <ErrorState text={sayOf(found.error, t('failed'))} again={t('retry')} retry={() => void found.refetch()} />
      ) : null}
      {found.data && items.length === 0 ? (
        <Card>
          <EmptyState
            title={t(filtered ? 'list.nothing.title' : 'list.empty.title')}
            icon={filtered ? <SearchX className="size-6" /> : <Building2 className="size-6" />}
          >
            {t(filtered ? 'list.nothing.text' : 'list.empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      <ul className="grid grid-cols-1 gap-3" aria-busy={found.isFetching}>
        {items.map((organization) => (
          <Row key={organization.id} organization={organization} />
        ))}
      </ul>
      {found.isFetchNextPageError ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void found.fetchNextPage()} />
      ) : found.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={found.isFetchingNextPage}
          load={() => void found.fetchNextPage()}
        >
          {t('more')}
        </LoadMore>
      ) : null}
    </Page>
  );
}

function Row({ organization }: { organization: OperatorOrganization }) {
  const t = useTranslations('operator');
  const format = useFormatter();
  return (
    <li className="grid grid-cols-1 gap-4 rounded-card border border-line bg-surface p-4 shadow-card">
      <div className="flex min-w-0 items-center gap-3">
        <div className="grid min-w-0 grow">
          <Link
            href={`/operator/organizations/${organization.id}`}
            className="flex min-h-10 min-w-0 items-center gap-1 font-semibold underline-offset-4 hover:underline"
          >
            <bdi className="wrap-anywhere">{organization.name}</bdi>
            <ChevronRight className="size-4 shrink-0 rtl:-scale-x-100" aria-hidden />
          </Link>
          <bdi dir="ltr" className="text-beside truncate text-sm text-quiet">
            {organization.owner_email ?? t('list.noOwner')}
          </bdi>
        </div>
        {organization.suspension ? <Suspended /> : null}
      </div>
      <Facts>
        <Fact name={t('list.members')}>{format.number(organization.member_count)}</Fact>
        <Fact name={t('list.connected')}>
          {t('list.connectedOf', {
            connected: organization.numbers_by_state.connected,
            all: Object.values(organization.numbers_by_state).reduce((sum, one) => sum + one, 0),
          })}
        </Fact>
        <Fact name={t('list.messages')}>{format.number(organization.messages_24h)}</Fact>
        <Fact name={t('list.created')}>
          <When at={organization.created_at} />
        </Fact>
      </Facts>
    </li>
  );
}
