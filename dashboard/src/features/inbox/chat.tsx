'use client';
import { type ConversationView, may } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useMembership } from '@/features/account/account.api';
import { SessionState } from '@/features/sessions/session-state';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { Button } from '@/ui/button';
import { ErrorState, Skeleton } from '@/ui/states';
import { Bubble } from './bubble';
import { Composer } from './composer';
import { markRead, messagesQuery } from './inbox.api';

export function Chat({ conversation, back }: { conversation: ConversationView; back: () => void }) {
  const t = useTranslations('inbox');
  const messages = useInfiniteQuery(messagesQuery(conversation.id));
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: membership } = useMembership();
  const cache = useQueryClient();
  const session = sessions?.find(({ id }) => id === conversation.session_id);
  const sends = membership ? may(membership.role, 'messages:send') : false;

  const unread = conversation.unread_count;
  useEffect(() => {
    if (unread === 0 || !sends) return;
    void markRead(conversation.id).then(() => cache.invalidateQueries({ queryKey: ['conversations'] }));
  }, [conversation.id, unread, sends, cache]);

  const disabledBecause = !sends
    ? t('viewer')
    : sessions && !session
      ? t('numberGone')
      : conversation.contact.phone_number
        ? null
        : t('noPhone');
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-3 border-b border-line bg-surface px-4 py-3">
        <Button look="ghost" className="md:hidden" aria-label={t('back')} onClick={back}>
          <ArrowLeft className="size-5 rtl:-scale-x-100" aria-hidden />
        </Button>
        <div className="grid grow">
          <h2 className="font-medium">
            {conversation.contact.name ? (
              <bdi>{conversation.contact.name}</bdi>
            ) : (
              <bdi dir="ltr">{conversation.contact.phone_number}</bdi>
            )}
          </h2>
          <bdi dir="ltr" className="w-fit text-xs text-quiet">
            {conversation.contact.phone_number}
          </bdi>
        </div>
        {session ? <SessionState session={session} /> : null}
      </header>
      <div className="flex min-h-0 grow flex-col-reverse overflow-y-auto p-4">
        {messages.isPending ? <Skeleton className="h-16 w-60" /> : null}
        {messages.isError ? (
          <ErrorState text={t('failed')} again={t('retry')} retry={() => void messages.refetch()} />
        ) : null}
        <ol aria-label={t('conversation')} className="flex flex-col-reverse gap-2">
          {messages.data?.pages.flatMap((page) =>
            page.items.map((message) => <Bubble key={message.id} message={message} />),
          )}
        </ol>
        {messages.hasNextPage ? (
          <Button
            look="ghost"
            className="mx-auto mb-3"
            busy={messages.isFetchingNextPage}
            onClick={() => void messages.fetchNextPage()}
          >
            {t('older')}
          </Button>
        ) : null}
      </div>
      {session && session.state !== 'connected' && !disabledBecause ? (
        <p className="bg-accent-soft px-4 py-2 text-center text-xs">{t('held')}</p>
      ) : null}
      <Composer key={conversation.id} conversation={conversation} disabledBecause={disabledBecause} />
    </div>
  );
}
