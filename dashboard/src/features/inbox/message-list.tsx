'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageCircle } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Button } from '@/ui/button';
import { EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { Bubble } from './bubble';
import { byDay, isDayBefore, isSameDay } from './days';
import { messagesQuery } from './inbox.api';

/**
 * What was said, by day. It hangs from its lower edge (`flex-col-reverse`): the newest is in sight at first, and what is
 * loaded above moves nothing that is being read.
 */
export function MessageList({ conversation }: { conversation: string }) {
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
            <Older busy={messages.isFetchingNextPage} load={() => void messages.fetchNextPage()} />
          ) : null}
          <ol aria-label={t('conversation')} className="grid gap-2">
            {days.flatMap(({ day, messages: said }) => [
              <Day key={said[0]?.id} day={day} />,
              ...said.map((message) => <Bubble key={message.id} message={message} />),
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

/** Loads what was said before as soon as it comes into sight. */
function Older({ busy, load }: { busy: boolean; load: () => void }) {
  const t = useTranslations('inbox');
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (busy || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current());
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <Button ref={button} look="ghost" className={`mx-auto mb-3 ${NO_ANCHOR}`} busy={busy} onClick={load}>
      {t('older')}
    </Button>
  );
}

const MINUTE_MS = 60_000;

function Day({ day }: { day: Date }) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const now = useNow({ updateInterval: MINUTE_MS });
  const name = isSameDay(day, now)
    ? t('today')
    : isDayBefore(day, now)
      ? t('yesterday')
      : format.dateTime(day, {
          weekday: 'long',
          day: 'numeric',
          month: 'long',
          ...(day.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
        });
  return (
    <li className={`flex justify-center py-2 ${NO_ANCHOR}`}>
      <h3 className="rounded-full bg-raised px-3 py-1 text-xs font-medium text-quiet">{name}</h3>
    </li>
  );
}
