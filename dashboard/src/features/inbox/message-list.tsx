'use client';
import type { MessageView } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowDown, MessageCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { Button, IconButton } from '@/ui/button';
import { EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { Bubble } from './bubble';
import { useWriter } from './chat-actions';
import { byDay, timeOf } from './days';
import { messagesQuery } from './inbox.api';
import { useDayName } from './use-day-name';
import {
  type Older,
  type Row,
  stepOf,
  type Target,
  useLed,
  useMessageList,
  useOlder,
  useTarget,
  useTrim,
} from './use-message-rows';

/** So far from the newest a button leads back to it, in pixels. */
const FAR = 400;

/** What was said, by day. It hangs from its lower edge, and only what is in sight is drawn. */
export function MessageList({ conversation, target }: { conversation: string; target: Target }) {
  const t = useTranslations('inbox');
  const messages = useInfiniteQuery(messagesQuery(conversation));
  const { data, hasNextPage, isFetching, fetchNextPage } = messages;
  const rows = useMemo(() => rowsOf(data?.pages.flatMap((page) => page.items) ?? [], hasNextPage), [data, hasNextPage]);
  const older = useMemo(
    () => ({
      busy: isFetching, // with what is read anew, too: nothing older is asked for meanwhile
      load: hasNextPage ? () => void fetchNextPage({ cancelRefetch: false }) : null,
    }),
    [isFetching, hasNextPage, fetchNextPage],
  );
  if (messages.isPending) return <Waiting />;
  if (!data)
    return (
      <div className="grow">
        <ErrorState text={t('failed')} again={t('retry')} retry={() => void messages.refetch()} />
      </div>
    );
  if (rows.length === 0)
    return (
      <div className="flex grow flex-col justify-end">
        <EmptyState title={t('first.title')} icon={<MessageCircle className="size-6" />}>
          {t('first.text')}
        </EmptyState>
      </div>
    );
  return <Rows rows={rows} conversation={conversation} older={older} target={target} />;
}

/** Of the first day that is loaded it is not known where it begins, as long as there is more. */
const rowsOf = (newestFirst: readonly MessageView[], more: boolean): Row[] =>
  byDay(newestFirst).flatMap(({ day, messages }, n) =>
    messages.map((message, at) => ({
      message,
      day: at === 0 && (n > 0 || !more) ? day : null,
      writes: message.sender?.participant_id !== messages[at - 1]?.sender?.participant_id,
    })),
  );

function Rows({
  rows,
  conversation,
  older,
  target,
}: {
  rows: readonly Row[];
  conversation: string;
  older: Older;
  target: Target;
}) {
  const t = useTranslations('inbox');
  const name = useDayName();
  const scroller = useRef<HTMLDivElement>(null);
  const { led, lead, light, follow } = useLed();
  const found = led ? rows.findIndex(({ message }) => message.id === led.id) : -1;
  const active = found === -1 ? rows.length - 1 : found;
  const list = useMessageList(rows, active, scroller);
  useTarget({ list, rows, older, target }, light);
  useOlder(list, older);
  useTrim(conversation, list.isAtEnd(), target.id !== null);
  const top = rows[list.range?.startIndex ?? 0];
  return (
    <div className="relative flex min-h-0 grow flex-col">
      {top ? <DayInSight shown={list.isScrolling && top.day === null}>{name(timeOf(top.message))}</DayInSight> : null}
      <div
        ref={scroller}
        className="relative flex min-h-0 grow flex-col overflow-x-hidden overflow-y-auto px-3 [overflow-anchor:none] sm:px-6"
      >
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows lead through it */}
        <ol
          aria-label={t('conversation')}
          className="relative mt-auto w-full shrink-0"
          style={{ height: list.getTotalSize() }}
          onKeyDown={(event) => {
            const next = stepOf(event, active, rows.length);
            const row = next === null ? undefined : rows[next];
            if (next === null || !row) return;
            event.preventDefault();
            list.scrollToIndex(next, { align: 'auto' });
            lead(row.message.id);
          }}
          onFocus={({ target: { dataset } }) => {
            if (dataset.message !== undefined) follow(dataset.message);
          }}
        >
          {list.getVirtualItems().map(({ key, index, start }) => {
            const row = rows[index];
            return row ? (
              <li
                key={key}
                ref={list.measureElement}
                data-index={index}
                aria-setsize={older.load ? -1 : rows.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row.day ? <Day>{name(row.day)}</Day> : null}
                <Bubble
                  message={row.message}
                  named={row.writes}
                  active={index === active}
                  focused={index === active && led?.focused === true}
                  lit={row.message.id === led?.id && led.lit}
                />
              </li>
            ) : null;
          })}
        </ol>
        {older.load ? (
          <Button
            look="ghost"
            className="absolute inset-x-0 top-1 mx-auto w-fit"
            busy={older.busy}
            onClick={older.load}
          >
            {t('older')}
          </Button>
        ) : null}
      </div>
      {list.isAtEnd(FAR) ? null : (
        <IconButton
          look="plain"
          label={t('newest')}
          className="absolute end-4 bottom-3 z-10 rounded-full shadow-float"
          onClick={() => list.scrollToEnd()}
        >
          <ArrowDown className="size-5" aria-hidden />
        </IconButton>
      )}
      <Heard newest={rows.at(-1)?.message} />
    </div>
  );
}

const Waiting = () => (
  <div className="flex min-h-0 grow flex-col justify-end gap-2 px-3 py-4 sm:px-6">
    <Skeleton className="h-12 w-56" />
    <Skeleton className="ms-auto h-16 w-64" />
    <Skeleton className="h-12 w-40" />
  </div>
);

const PILL = 'mx-auto w-fit rounded-full bg-raised px-3 py-1 text-xs font-medium text-quiet';

const Day = ({ children }: { children: string }) => <p className={`${PILL} mt-2 mb-3`}>{children}</p>;

/** Of what stands at the upper edge; seen while that changes. */
const DayInSight = ({ shown, children }: { shown: boolean; children: string }) => (
  <h3
    className={cx(
      PILL,
      'pointer-events-none absolute inset-x-0 top-2 z-10 shadow-card transition-opacity',
      !shown && 'opacity-0',
    )}
  >
    {children}
  </h3>
);

/** Says to who cannot see it that somebody wrote. */
function Heard({ newest }: { newest: MessageView | undefined }) {
  const t = useTranslations('inbox');
  const writerOf = useWriter();
  const [known] = useState(newest?.id);
  const isNew = newest !== undefined && newest.id !== known && newest.direction === 'inbound';
  return (
    <p role="status" className="sr-only">
      {isNew ? t('heard', { name: writerOf(newest), text: newest.text ?? t(`types.${newest.type}`) }) : ''}
    </p>
  );
}
