'use client';
import type { BroadcastView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useEffect, useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { FormFault } from '@/ui/field';
import { LoadMore } from '@/ui/load-more';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { Card, EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { type RecipientFilters, recipientsQuery, useExportRecipients } from './broadcasts.api';
import { RecipientTable } from './recipient-table';

/** So many pages are asked for again whenever something moves; who reads further asks himself. */
const LIVE_PAGES = 3;
const STATES = ['pending', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'cancelled', 'replied'] as const;
const LEFT_OUT = 'excluded:';

type Narrowed = Readonly<{ choice: string; session: string; search: string }>;

/** As the API has it. `choice` is a state, or an exclusion behind `excluded:`. */
function filtersOf({ choice, session, search }: Narrowed): RecipientFilters {
  const exclusion = choice.startsWith(LEFT_OUT) ? choice.slice(LEFT_OUT.length) : '';
  const state = exclusion ? '' : choice;
  return Object.fromEntries(
    Object.entries({ state, exclusion, session_id: session, search: search.trim() }).filter(([, value]) => value),
  );
}

/** Everybody who was meant, with what became of his message or why he has none. */
export default function Recipients({ broadcast }: { broadcast: BroadcastView }) {
  const t = useTranslations('broadcasts');
  const [narrowed, setNarrowed] = useState<Narrowed>({ choice: '', session: '', search: '' });
  const filters = filtersOf(useDeferredValue(narrowed));
  const people = useInfiniteQuery(recipientsQuery(broadcast.id, filters));
  const items = people.data?.pages.flatMap((page) => page.items);
  const long = (people.data?.pages.length ?? 0) > LIVE_PAGES;
  const { refetch } = people;
  const moved = JSON.stringify([broadcast.counts, broadcast.replied]);
  useEffect(() => {
    if (moved && !long) void refetch();
  }, [moved, long, refetch]);
  return (
    <section className="grid grid-cols-1 gap-4" aria-labelledby="recipients">
      <h2 id="recipients" className="text-lg font-semibold">
        {t('recipients.title')}
      </h2>
      <Toolbar broadcast={broadcast} narrowed={narrowed} narrow={setNarrowed} />
      {people.isPending ? (
        <Card>
          <SkeletonRows rows={6} />
        </Card>
      ) : null}
      {people.isError && !items ? (
        <ErrorState text={faultIn(t, people.error)} again={t('retry')} retry={() => void refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <Card>
          <EmptyState title={t('recipients.nobody.title')}>{t('recipients.nobody.text')}</EmptyState>
        </Card>
      ) : null}
      {items && items.length > 0 ? <RecipientTable items={items} complete={!people.hasNextPage} /> : null}
      {people.hasNextPage ? (
        <LoadMore
          className="justify-self-center"
          busy={people.isFetchingNextPage}
          load={() => void people.fetchNextPage()}
        >
          {t('recipients.more')}
        </LoadMore>
      ) : null}
      {long ? (
        <Button look="ghost" className="justify-self-center" busy={people.isRefetching} onClick={() => void refetch()}>
          <RotateCw className="size-4 rtl:-scale-x-100" aria-hidden /> {t('recipients.refresh')}
        </Button>
      ) : null}
    </section>
  );
}

function Toolbar({
  broadcast: { id, numbers, excluded },
  narrowed,
  narrow,
}: {
  broadcast: BroadcastView;
  narrowed: Narrowed;
  narrow: (to: Narrowed) => void;
}) {
  const t = useTranslations('broadcasts');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const download = useExportRecipients(id);
  const set = (change: Partial<Narrowed>) => narrow({ ...narrowed, ...change });
  const nameOf = (session: string) => sessions.find((one) => one.id === session)?.name ?? t('goneNumber');
  return (
    <div className="grid grid-cols-1 gap-3">
      <div role="search" className="grid grid-cols-1 gap-2 sm:flex sm:flex-wrap sm:items-center sm:gap-3">
        <SearchField
          className="min-w-48 flex-1"
          label={t('recipients.search')}
          search={narrowed.search}
          change={(search) => set({ search })}
        />
        <Select
          quiet
          aria-label={t('recipients.state')}
          value={narrowed.choice}
          options={[
            ['', t('recipients.everybody')],
            ...STATES.map((state) => [state, t(`statuses.${state}`)] as const),
            ...(excluded.length > 0 ? [['excluded', t('recipients.excluded')] as const] : []),
            ...excluded.map(
              ({ exclusion, count }) =>
                [`${LEFT_OUT}${exclusion}`, `${t(`exclusions.${exclusion}`)} (${count})`] as const,
            ),
          ]}
          onChange={(event) => set({ choice: event.target.value })}
        />
        {numbers.length > 1 ? (
          <Select
            quiet
            aria-label={t('number')}
            value={narrowed.session}
            options={[
              ['', t('recipients.everyNumber')],
              ...numbers.map(({ session_id: one }) => [one, nameOf(one)] as const),
            ]}
            onChange={(event) => set({ session: event.target.value })}
          />
        ) : null}
        <Button look="plain" busy={download.isPending} onClick={() => download.mutate(filtersOf(narrowed))}>
          <Download className="size-4" aria-hidden /> {t('export')}
        </Button>
      </div>
      {download.error ? <FormFault>{faultIn(t, download.error)}</FormFault> : null}
    </div>
  );
}
