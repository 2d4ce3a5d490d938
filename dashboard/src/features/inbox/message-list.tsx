'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { LoadMore } from '@/ui/load-more';
import { EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { Bubble } from './bubble';
import { byDay } from './days';
import { messagesQuery } from './inbox.api';
import { useDayName } from './use-day-name';

/**
 * What was said, by day. It hangs from its lower edge (`flex-col-reverse`): the newest is in sight at first, and what is
 * loaded above moves nothing that is being read.
 */
export function MessageList({ conversation, rewrite }: { conversation: string; rewrite: (text: string) => void }) {
  const t = useTranslations('inbox');
  const messages = useInfiniteQuery(messagesQuery(conversation));
  const days = byDay(messages.data?.pages.flatMap((page) => page.items) ?? []);
  return (
    <div className="flex min-h-0 grow flex-col-reverse overflow-y-auto px-3 py-4 sm:px-6">
      {messages.isPending ? <Waiting /> : null}
      {messages.isError && !messages.data ? (
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void messages.refetch()} />
      ) : null}
      {messages.data && days.length === 0 ? (
        <EmptyState title={t('first.title')} icon={<MessageCircle className="size-6" />}>
          {t('first.text')}
        </EmptyState>
      ) : (
        <div className="grid">
          {messages.hasNextPage ? (
            <LoadMore
              className={`mx-auto mb-3 ${NO_ANCHOR}`}
              busy={messages.isFetchingNextPage}
              load={() => void messages.fetchNextPage()}
            >
              {t('older')}
            </LoadMore>
          ) : null}
          <ol aria-label={t('conversation')} className="grid gap-2">
            {days.flatMap(({ day, messages: said }) => [
              <Day key={said[0]?.id} day={day} />,
              ...said.map((message) => <Bubble key={message.id} message={message} rewrite={rewrite} />),
            ])}
          </ol>
        </div>
      )}
    </div>
  );
}

const Waiting = () => (
  <div className="grid gap-2">
    <Skeleton className="h-12 w-56" />
    <Skeleton className="ms-auto h-16 w-64" />
    <Skeleton className="h-12 w-40" />
  </div>
);

/** Browsers hold on to something in sight when content changes. This may go, and what was said may not: hold on to that. */
const NO_ANCHOR = '[overflow-anchor:none]';

function Day({ day }: { day: Date }) {
  const name = useDayName();
  return (
    <li className={`flex justify-center py-2 ${NO_ANCHOR}`}>
      <h3 className="rounded-full bg-raised px-3 py-1 text-xs font-medium text-quiet">{name(day)}</h3>
    </li>
  );
}
