'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Inbox, MessageCirclePlus, MessagesSquare, Search } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback, useDeferredValue, useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { cx } from '@/lib/cx';
import { textOf } from '@/lib/form';
import { useAsked } from '@/lib/use-asked';
import { Button, buttonClass, IconButton } from '@/ui/button';
import { CONTROL } from '@/ui/control';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { ConversationRow } from './conversation-row';
import { conversationQuery, conversationsQuery, openConversation } from './inbox.api';
import { CONVERSATION_PARAM, conversationHref } from './inbox.links';
import { Link } from '@/ui/link';

/** Loaded with the first conversation that is opened. */
const Chat = lazy(() => import('./chat'));

export function InboxScreen() {
  const t = useTranslations('inbox');
  const [search, setSearch] = useState('');
  const [starting, setStarting] = useAsked('new');
  const openId = useSearchParams().get(CONVERSATION_PARAM);
  const cache = useQueryClient();
  const conversations = useInfiniteQuery(conversationsQuery(useDeferredValue(search)));
  const items = conversations.data?.pages.flatMap((page) => page.items) ?? [];
  const listed = items.find(({ id }) => id === openId);
  const alone = useQuery({ ...conversationQuery(openId ?? ''), enabled: openId !== null && !listed });
  const open = listed ?? (openId ? alone.data : undefined);
  const show = (id: string) => history.pushState(null, '', conversationHref(id));
  const leave = useCallback(() => history.pushState(null, '', '/inbox'), []);
  const newChat = (
    <Button onClick={() => setStarting(true)}>
      <MessageCirclePlus className="size-4" aria-hidden /> {t('new')}
    </Button>
  );

  return (
    <div className="grid h-full min-h-0 grid-cols-1 md:grid-cols-[20rem_minmax(0,1fr)]">
      <section
        aria-label={t('conversations')}
        className={cx('flex min-h-0 flex-col border-e border-line bg-surface', openId && 'max-md:hidden')}
      >
        <header className="grid gap-3 border-b border-line p-3 pt-4">
          <div className="flex items-center justify-between ps-1">
            <h1 className="text-lg font-semibold tracking-tight">{t('conversations')}</h1>
            <IconButton look="ghost" label={t('new')} onClick={() => setStarting(true)}>
              <MessageCirclePlus className="size-5" aria-hidden />
            </IconButton>
          </div>
          <div className="relative grid">
            <Search className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-quiet" aria-hidden />
            <input
              type="search"
              aria-label={t('search')}
              placeholder={t('search')}
              className={`${CONTROL} ps-9`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </div>
        </header>
        {conversations.isPending ? <SkeletonRows rows={6} className="px-4 py-4" /> : null}
        {conversations.isError ? (
          <ErrorState text={t('failed')} again={t('retry')} retry={() => void conversations.refetch()} />
        ) : null}
        {conversations.data && items.length === 0 ? <NoConversations searched={search !== ''} start={newChat} /> : null}
        <ul className="min-h-0 grow overflow-y-auto" hidden={items.length === 0}>
          {items.map((conversation) => (
            <li key={conversation.id}>
              <ConversationRow
                conversation={conversation}
                selected={conversation.id === openId}
                select={() => show(conversation.id)}
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
      <section className={cx('min-h-0', !openId && 'max-md:hidden')}>
        {open ? (
          <Suspense fallback={<SkeletonRows rows={1} className="border-b border-line bg-surface px-4 py-3" />}>
            <Chat key={open.id} conversation={open} back={leave} />
          </Suspense>
        ) : openId && alone.isPending ? (
          <SkeletonRows rows={1} className="border-b border-line bg-surface px-4 py-3" />
        ) : openId && alone.isError ? (
          <ErrorState text={t('gone')} again={t('retry')} retry={() => void alone.refetch()} />
        ) : items.length > 0 ? (
          <div className="grid h-full place-items-center">
            <EmptyState title={t('choose.title')} icon={<MessagesSquare className="size-6" />} action={newChat}>
              {t('choose.text')}
            </EmptyState>
          </div>
        ) : null}
      </section>
      <Dialog title={t('new')} close={t('close')} open={starting} onOpenChange={setStarting}>
        <NewChat
          done={(conversation) => {
            cache.setQueryData(conversationQuery(conversation.id).queryKey, conversation);
            show(conversation.id);
          }}
        />
      </Dialog>
    </div>
  );
}

/** A list without a row says how one comes into it; without a linked number that is the number. */
function NoConversations({ searched, start }: { searched: boolean; start: React.ReactNode }) {
  const t = useTranslations('inbox');
  const { data: sessions } = useQuery(sessionsQuery());
  const linked = sessions?.some(({ phone_number: phone }) => phone !== null);
  if (searched) return <EmptyState title={t('nothing.title')}>{t('nothing.text')}</EmptyState>;
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

function NewChat({ done }: { done: (conversation: ConversationView) => void }) {
  const t = useTranslations('inbox');
  const cache = useQueryClient();
  const [fault, setFault] = useState<string>();

  async function submit(to: string): Promise<void> {
    try {
      done(await openConversation(to));
      await cache.invalidateQueries({ queryKey: ['conversations'] });
    } catch (error) {
      setFault(faultIn(t, error, t('notSent')));
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
