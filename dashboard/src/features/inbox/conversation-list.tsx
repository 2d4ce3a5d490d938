'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Inbox } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { cx } from '@/lib/cx';
import { buttonClass } from '@/ui/button';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import type { ConversationFilter } from './conversation-pages';
import { ConversationRow } from './conversation-row';
import { useDraft } from './drafts';
import { conversationsQuery } from './inbox.api';
import { Link } from '@/ui/link';

/** Of a row, in pixels; they are all as high, and measured where letters are larger. */
const HEIGHT = 68;
const AHEAD = 10;

/** All conversations, the latest first; searched and filtered. Only what is in sight is drawn. */
export default function ConversationList({
  openId,
  show,
  start,
}: {
  openId: string | null;
  show: (id: string) => void;
  /** Begins a conversation. */
  start: React.ReactNode;
}) {
  const t = useTranslations('inbox');
  const [filter, setFilter] = useState<ConversationFilter>({});
  const search = useDeferredValue(filter.search ?? '');
  const conversations = useInfiniteQuery(conversationsQuery({ ...filter, search }));
  const { data: items = [], hasNextPage, isFetchingNextPage, fetchNextPage } = conversations;
  const isFiltered = search !== '' || filter.unread === true || Boolean(filter.session);
  return (
    <>
      <Filters filter={filter} change={(to) => setFilter({ ...filter, ...to })} />
      {conversations.isPending ? <SkeletonRows rows={6} className="px-4 py-4" /> : null}
      {conversations.isError && !conversations.data ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void conversations.refetch()} />
      ) : null}
      {conversations.data?.length === 0 ? <NoConversations filtered={isFiltered} start={start} /> : null}
      {items.length > 0 ? (
        <Rows
          items={items}
          openId={openId}
          show={show}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : null}
          complete={!hasNextPage}
        />
      ) : null}
    </>
  );
}

function Filters({
  filter: { search = '', unread = false, session = '' },
  change,
}: {
  filter: ConversationFilter;
  change: (to: ConversationFilter) => void;
}) {
  const t = useTranslations('inbox');
  const { data: sessions } = useQuery(sessionsQuery());
  const numbers = sessions?.filter(({ phone_number: phone }) => phone !== null) ?? [];
  return (
    <div className="grid grid-cols-1 gap-2 border-b border-line px-3 pb-3">
      <SearchField label={t('search')} search={search} change={(to) => change({ search: to })} />
      <div className="flex min-w-0 items-center gap-2">
        <button
          type="button"
          aria-pressed={unread}
          className={cx(
            'button shrink-0 rounded-full border',
            unread ? 'border-accent bg-accent-soft text-accent' : 'border-line text-quiet hover:bg-raised',
          )}
          onClick={() => change({ unread: !unread })}
        >
          {t('onlyUnread')}
        </button>
        {numbers.length > 1 ? (
          <Select
            aria-label={t('number')}
            quiet
            className="min-w-0 grow"
            options={[['', t('allNumbers')], ...numbers.map(({ id, name }) => [id, name] as const)]}
            value={session}
            onChange={(event) => change({ session: event.target.value })}
          />
        ) : null}
      </div>
    </div>
  );
}

function Rows({
  items,
  openId,
  show,
  more,
  complete,
}: {
  items: readonly ConversationView[];
  openId: string | null;
  show: (id: string) => void;
  more: (() => void) | null;
  complete: boolean;
}) {
  const t = useTranslations('inbox');
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the compiler leaves this component alone then, as it should
  const list = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => items[index]?.id ?? index,
    estimateSize: () => HEIGHT,
    overscan: 6,
  });
  const last = list.range?.endIndex ?? 0;
  useEffect(() => {
    if (last >= items.length - AHEAD) more?.();
  }, [last, items.length, more]);
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto">
      <ul aria-label={t('conversations')} className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ key, index, start }) => {
          const conversation = items[index];
          return conversation ? (
            <li
              key={key}
              ref={list.measureElement}
              data-index={index}
              aria-setsize={complete ? items.length : -1}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <WithDraft conversation={conversation} selected={conversation.id === openId} show={show} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function WithDraft({
  conversation,
  selected,
  show,
}: {
  conversation: ConversationView;
  selected: boolean;
  show: (id: string) => void;
}) {
  const [draft] = useDraft(conversation.id);
  return (
    <ConversationRow
      conversation={conversation}
      selected={selected}
      // What is open is seen in its box.
      draft={selected ? '' : (draft ?? '')}
      select={() => show(conversation.id)}
    />
  );
}

/** A list without a row says how one comes into it; without a linked number that is the number. */
function NoConversations({ filtered, start }: { filtered: boolean; start: React.ReactNode }) {
  const t = useTranslations('inbox');
  const { data: sessions } = useQuery(sessionsQuery());
  const linked = sessions?.some(({ phone_number: phone }) => phone !== null);
  if (filtered) return <EmptyState title={t('nothing.title')}>{t('nothing.text')}</EmptyState>;
  return (
    <EmptyState
      title={t('empty.title')}
      icon={<Inbox className="size-6" />}
      action={
        linked ? (
          start
        ) : (
          <Link href="/numbers?add" className={buttonClass('primary')}>
            {t('empty.action')}
          </Link>
        )
      }
    >
      {linked ? t('empty.text') : t('empty.unlinked')}
    </EmptyState>
  );
}
