'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { MessageCirclePlus } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { Problem } from '@/lib/api';
import { textOf } from '@/lib/form';
import { cx } from '@/lib/cx';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { EmptyState, ErrorState, Skeleton } from '@/ui/states';
import { Chat } from './chat';
import { conversationsQuery, openConversation } from './inbox.api';
import { Ticks } from './ticks';

export function InboxScreen() {
  const t = useTranslations('inbox');
  const [search, setSearch] = useState('');
  const [openId, setOpenId] = useState<string>();
  const [opened, setOpened] = useState<ConversationView>();
  const [starting, setStarting] = useState(false);
  const conversations = useInfiniteQuery(conversationsQuery(useDeferredValue(search)));
  const items = conversations.data?.pages.flatMap((page) => page.items) ?? [];
  const open = items.find(({ id }) => id === openId) ?? (opened?.id === openId ? opened : undefined);

  return (
    <div className="grid h-full min-h-0 md:grid-cols-[20rem_1fr]">
      <section
        aria-label={t('conversations')}
        className={cx('flex min-h-0 flex-col border-e border-line bg-surface', open && 'max-md:hidden')}
      >
        <header className="flex items-center gap-2 p-3">
          <input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            className="min-h-9 min-w-0 grow rounded-lg border border-line bg-canvas px-3 text-sm"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Button look="ghost" aria-label={t('new')} onClick={() => setStarting(true)}>
            <MessageCirclePlus className="size-5" aria-hidden />
          </Button>
        </header>
        {conversations.isPending ? <Skeleton className="m-3 h-14" /> : null}
        {conversations.isError ? (
          <ErrorState text={t('failed')} again={t('retry')} retry={() => void conversations.refetch()} />
        ) : null}
        {conversations.data && items.length === 0 ? (
          <EmptyState
            title={search ? t('nothing.title') : t('empty.title')}
            action={
              search ? null : (
                <Link href="/numbers" className={buttonClass('plain')}>
                  {t('empty.action')}
                </Link>
              )
            }
          >
            {search ? t('nothing.text') : t('empty.text')}
          </EmptyState>
        ) : null}
        <ul className="min-h-0 grow overflow-y-auto">
          {items.map((conversation) => (
            <li key={conversation.id}>
              <Row
                conversation={conversation}
                selected={conversation.id === openId}
                select={() => setOpenId(conversation.id)}
              />
            </li>
          ))}
          {conversations.hasNextPage ? (
            <li className="p-3 text-center">
              <Button look="ghost" onClick={() => void conversations.fetchNextPage()}>
                {t('more')}
              </Button>
            </li>
          ) : null}
        </ul>
      </section>
      <section className={cx('min-h-0', !open && 'max-md:hidden')}>
        {open ? (
          <Chat conversation={open} back={() => setOpenId(undefined)} />
        ) : (
          <EmptyState title={t('choose.title')}>{t('choose.text')}</EmptyState>
        )}
      </section>
      <Dialog title={t('new')} close={t('close')} open={starting} onOpenChange={setStarting}>
        <NewChat
          done={(conversation) => {
            setStarting(false);
            setOpened(conversation);
            setOpenId(conversation.id);
          }}
        />
      </Dialog>
    </div>
  );
}

function Row({
  conversation,
  selected,
  select,
}: {
  conversation: ConversationView;
  selected: boolean;
  select: () => void;
}) {
  const t = useTranslations('inbox');
  const format = useFormatter();
  const { contact, last_message: last, unread_count: unread } = conversation;
  return (
    <button
      type="button"
      aria-current={selected}
      onClick={select}
      className={cx('grid w-full gap-0.5 px-4 py-3 text-start hover:bg-raised', selected && 'bg-accent-soft')}
    >
      <span className="flex items-baseline justify-between gap-3">
        <span dir="auto" className="truncate text-sm font-medium">
          {contact.name ?? <bdi dir="ltr">{contact.phone_number}</bdi>}
        </span>
        {conversation.last_message_at ? (
          <time dateTime={conversation.last_message_at} className="shrink-0 text-xs text-quiet">
            {format.dateTime(new Date(conversation.last_message_at), { timeStyle: 'short' })}
          </time>
        ) : null}
      </span>
      <span className="flex items-center gap-1.5 text-sm text-quiet">
        {last?.direction === 'outbound' ? <Ticks status={last.status} /> : null}
        <span dir="auto" className="grow truncate">
          {last ? (last.preview ?? t(`types.${last.type}`)) : t('nothingYet')}
        </span>
        {unread > 0 ? (
          <span
            className="rounded-full bg-accent px-1.5 text-xs font-medium text-accent-ink"
            aria-label={t('unread', { count: unread })}
          >
            {format.number(unread)}
          </span>
        ) : null}
      </span>
    </button>
  );
}

function NewChat({ done }: { done: (conversation: ConversationView) => void }) {
  const t = useTranslations('inbox');
  const cache = useQueryClient();
  const [fault, setFault] = useState<string>();

  async function submit(to: string): Promise<void> {
    try {
      done(await openConversation(to));
      await cache.invalidateQueries({ queryKey: ['conversations'] });
    } catch (error) {
      setFault(error instanceof Problem ? (error.fields[0]?.detail ?? error.detail) : t('notSent'));
    }
  }
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(textOf(new FormData(event.currentTarget), 'to'));
      }}
    >
      <Field label={t('phone')} name="to" type="tel" dir="ltr" placeholder="+972 54 123 4567" error={fault} required />
      <Button type="submit">{t('open')}</Button>
    </form>
  );
}
