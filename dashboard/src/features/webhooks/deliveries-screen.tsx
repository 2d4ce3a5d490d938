'use client';
import { may, WEBHOOK_EVENT_TYPES } from '@wasel/backend/contract/words';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ListChecks, Webhook, X } from 'lucide-react';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { SettingsLink } from '@/features/account/settings-link';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { Field, SelectField } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { Page } from '@/ui/page';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { ReplayAll } from './replay-all';
import { deliveriesQuery, type DeliveryFilters, endpointsQuery } from './webhooks.api';

const DeliveryRows = lazy(() => import('./delivery-rows'));
const DeliveryDialog = lazy(() => import('./delivery-dialog'));

const STATES = ['waiting', 'delivered', 'failed'] as const;
const NAMES = ['endpoint', 'state', 'type', 'from', 'to'] as const satisfies readonly (keyof DeliveryFilters)[];

/** The filters, kept in the address: what was found can be passed on. */
function useFilters(): [DeliveryFilters, (changes: Partial<DeliveryFilters>) => void] {
  const path = usePathname();
  const params = useSearchParams();
  const valueOf = (name: string): string => params.get(name) ?? '';
  const filters: DeliveryFilters = {
    endpoint: valueOf('endpoint'),
    state: valueOf('state'),
    type: valueOf('type'),
    from: valueOf('from'),
    to: valueOf('to'),
  };
  const set = (changes: Partial<DeliveryFilters>): void => {
    const next = new URLSearchParams(
      Object.entries({ ...filters, ...changes }).filter((pair): pair is [string, string] => Boolean(pair[1])),
    );
    history.replaceState(null, '', next.size > 0 ? `${path}?${next.toString()}` : path); // nothing to ask the server for
  };
  return [filters, set];
}

/** What was told where, and telling it again. */
export function DeliveriesScreen() {
  const t = useTranslations('webhooks');
  const { data: membership } = useMembership();
  const back = <SettingsLink href="/settings/webhooks">{t('title')}</SettingsLink>;
  if (membership && may(membership.role, 'webhooks:manage')) return <Deliveries back={back} />;
  return (
    <Page above={back} title={t('deliveries.title')}>
      <Card>
        {membership ? (
          <EmptyState title={t('notAllowed.title')} icon={<Webhook className="size-6" />}>
            {t('notAllowed.text')}
          </EmptyState>
        ) : null}
      </Card>
    </Page>
  );
}

function Deliveries({ back }: { back: React.ReactNode }) {
  const t = useTranslations('webhooks');
  const [filters, set] = useFilters();
  const [shown, show] = useState<string>();
  const deliveries = useInfiniteQuery(deliveriesQuery(filters));
  const items = deliveries.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      above={back}
      title={t('deliveries.title')}
      action={items && items.length > 0 && filters.state !== 'waiting' ? <ReplayAll filters={filters} /> : null}
    >
      <FilterBar filters={filters} set={set} />
      {deliveries.isPending ? (
        <Card>
          <SkeletonRows rows={4} />
        </Card>
      ) : null}
      {deliveries.isError && !items ? (
        <ErrorState
          text={sayOf(deliveries.error, t('failed'))}
          again={t('retry')}
          retry={() => void deliveries.refetch()}
        />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('deliveries.empty.title')} icon={<ListChecks className="size-6" />}>
            {t('deliveries.empty.text')}
          </EmptyState>
        </Card>
      ) : null}
      {items && items.length > 0 ? (
        <Card className="p-0">
          <Suspense fallback={<SkeletonRows rows={4} />}>
            <DeliveryRows deliveries={items} complete={!deliveries.hasNextPage} open={show} />
          </Suspense>
        </Card>
      ) : null}
      {deliveries.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={deliveries.isFetchingNextPage}
          load={() => void deliveries.fetchNextPage()}
        >
          {t('deliveries.older')}
        </LoadMore>
      ) : null}
      <Suspense>{shown ? <DeliveryDialog id={shown} leave={() => show(undefined)} /> : null}</Suspense>
    </Page>
  );
}

function FilterBar({ filters, set }: { filters: DeliveryFilters; set: (changes: Partial<DeliveryFilters>) => void }) {
  const t = useTranslations('webhooks');
  const { data: endpoints = [] } = useQuery(endpointsQuery());
  const filtered = NAMES.some((name) => filters[name] !== '');
  return (
    <div role="search" aria-label={t('deliveries.filters')} className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <SelectField
        label={t('deliveries.endpoint')}
        options={[['', t('deliveries.any')], ...endpoints.map(({ id, url }) => [id, url] as const)]}
        value={filters.endpoint}
        onChange={(event) => set({ endpoint: event.target.value })}
      />
      <SelectField
        label={t('deliveries.state')}
        options={[['', t('deliveries.any')], ...STATES.map((state) => [state, t(`states.${state}`)] as const)]}
        value={filters.state}
        onChange={(event) => set({ state: event.target.value })}
      />
      <SelectField
        label={t('deliveries.type')}
        options={[
          ['', t('deliveries.any')],
          ...WEBHOOK_EVENT_TYPES.map((type) => [type, t(`types.${type}`)] as const),
          ['webhook.test', t('types.webhook.test')],
        ]}
        value={filters.type}
        onChange={(event) => set({ type: event.target.value })}
      />
      <Field
        label={t('deliveries.from')}
        type="date"
        max={filters.to}
        value={filters.from}
        onChange={(event) => set({ from: event.target.value })}
      />
      <Field
        label={t('deliveries.to')}
        type="date"
        min={filters.from}
        value={filters.to}
        onChange={(event) => set({ to: event.target.value })}
      />
      {filtered ? (
        <Button
          look="ghost"
          className="col-span-full -ms-3 justify-self-start px-3"
          onClick={() => set({ endpoint: '', state: '', type: '', from: '', to: '' })}
        >
          <X className="size-4" aria-hidden /> {t('deliveries.clear')}
        </Button>
      ) : null}
    </div>
  );
}
