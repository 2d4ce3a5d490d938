'use client';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { MessageCirclePlus, MessagesSquare } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useCallback } from 'react';
import { cx } from '@/lib/cx';
import { useAsked } from '@/lib/use-asked';
import { Button, IconButton } from '@/ui/button';
import { EmptyState, ErrorState, SkeletonRows } from '@/ui/states';
import { conversationQuery, conversationsQuery, listedIn, messageQuery } from './inbox.api';
import { CONVERSATION_PARAM, conversationHref, MESSAGE_PARAM } from './inbox.links';

/** Each is loaded when it is there to be seen: the page itself is light. */
const ConversationList = lazy(() => import('./conversation-list'));
const Chat = lazy(() => import('./chat'));
const NewChat = lazy(() => import('./new-chat'));

export function InboxScreen() {
  const t = useTranslations('inbox');
  const [starting, setStarting] = useAsked('new');
  const { openId, message, isGone } = useAddress();
  const chosen = openId ?? message;
  const show = useCallback((id: string) => history.pushState(null, '', conversationHref(id)), []);
  const leave = useCallback(() => history.pushState(null, '', '/inbox'), []);
  const { data } = useInfiniteQuery(conversationsQuery({}));
  const isEmpty = !data?.length;
  const newChat = (
    <Button onClick={() => setStarting(true)}>
      <MessageCirclePlus className="size-4" aria-hidden /> {t('new')}
    </Button>
  );

  return (
    <div className="grid h-full min-h-0 grid-cols-1 md:grid-cols-[20rem_minmax(0,1fr)]">
      <section
        aria-label={t('conversations')}
        className={cx('flex min-h-0 flex-col border-e border-line bg-surface', chosen && 'max-md:hidden')}
      >
        <header className="flex items-center justify-between p-3 ps-4 pt-4">
          <h1 className="text-lg font-semibold tracking-tight">{t('conversations')}</h1>
          <IconButton look="ghost" label={t('new')} onClick={() => setStarting(true)}>
            <MessageCirclePlus className="size-5" aria-hidden />
          </IconButton>
        </header>
        <Suspense fallback={<SkeletonRows rows={6} className="px-4 py-4" />}>
          <ConversationList openId={openId} show={show} start={newChat} />
        </Suspense>
      </section>
      <section className={cx('min-h-0', !chosen && 'max-md:hidden')}>
        {openId ? (
          <OpenChat key={`${openId} ${message ?? ''}`} id={openId} message={message} leave={leave} />
        ) : message ? (
          <Led isGone={isGone} leave={leave} />
        ) : isEmpty ? null : (
          <div className="grid h-full place-items-center">
            <EmptyState title={t('choose.title')} icon={<MessagesSquare className="size-6" />} action={newChat}>
              {t('choose.text')}
            </EmptyState>
          </div>
        )}
      </section>
      {starting ? (
        <Suspense>
          <NewChat leave={() => setStarting(false)} show={show} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** What the address names. A message without its conversation is looked up. */
function useAddress(): { openId: string | null; message: string | null; isGone: boolean } {
  const params = useSearchParams();
  const [conversation, message] = [params.get(CONVERSATION_PARAM), params.get(MESSAGE_PARAM)];
  const found = useQuery({ ...messageQuery(message ?? ''), enabled: message !== null && conversation === null });
  return { openId: conversation ?? found.data?.conversation_id ?? null, message, isGone: found.isError };
}

/** Until it is known in which conversation the message is. */
function Led({ isGone, leave }: { isGone: boolean; leave: () => void }) {
  const t = useTranslations('inbox');
  return isGone ? (
    <ErrorState text={t('quotedGone')} again={t('back')} retry={leave} />
  ) : (
    <SkeletonRows rows={1} className="border-b border-line bg-surface px-4 py-3" />
  );
}

/** The conversation of the address, whatever the list shows. */
function OpenChat({ id, message, leave }: { id: string; message: string | null; leave: () => void }) {
  const t = useTranslations('inbox');
  const cache = useQueryClient();
  const { data, isError, refetch } = useQuery({
    ...conversationQuery(id),
    placeholderData: () => listedIn(cache, id),
  });
  const waiting = <SkeletonRows rows={1} className="border-b border-line bg-surface px-4 py-3" />;
  if (data)
    return (
      <Suspense fallback={waiting}>
        <Chat conversation={data} message={message} back={leave} />
      </Suspense>
    );
  if (isError) return <ErrorState text={t('gone')} again={t('retry')} retry={() => void refetch()} />;
  return waiting;
}
