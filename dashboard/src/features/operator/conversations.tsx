'use client';
import type { OperatorConversation, OperatorMessage } from '@wasel/backend/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Card, ErrorState, SkeletonRows } from '@/ui/states';
import { When } from './facts';
import { conversationsOfQuery, useLook } from './operator.api';
import { ReasonDialog } from './reason-dialog';

/** With whom an organization speaks, as far as one is told from another; what was said is shown for a reason. */
export function Conversations({ organization }: { organization: string }) {
  const t = useTranslations('operator');
  const found = useInfiniteQuery(conversationsOfQuery(organization));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const [asked, setAsked] = useState<OperatorConversation>();
  return (
    <Card aria-labelledby="conversations" className="grid grid-cols-1 gap-2">
      <h2 id="conversations" className="font-semibold">
        {t('look.conversations')}
      </h2>
      {found.isPending ? <SkeletonRows rows={3} /> : null}
      {found.isError && !found.data ? (
        <ErrorState text={sayOf(found.error, t('failed'))} again={t('retry')} retry={() => void found.refetch()} />
      ) : null}
      {found.data && items.length === 0 ? <p className="text-sm text-quiet">{t('look.none')}</p> : null}
      <ul className="grid grid-cols-1 divide-y divide-line">
        {items.map((conversation) => (
          <li
            key={conversation.id}
            className="flex min-w-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3"
          >
            <p className="grid min-w-0 text-sm">
              <bdi dir="ltr" className="text-beside font-medium">
                {conversation.is_group ? t('look.group') : (conversation.phone_number_masked ?? t('look.unknown'))}
              </bdi>
              <span className="text-quiet wrap-anywhere">
                <bdi>{conversation.session_name}</bdi> · <When at={conversation.last_message_at} />
              </span>
            </p>
            <Button look="plain" onClick={() => setAsked(conversation)}>
              {t('look.action')}
            </Button>
          </li>
        ))}
      </ul>
      {found.hasNextPage ? (
        <Button look="ghost" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
      {asked ? (
        <Look
          key={asked.id}
          organization={organization}
          conversation={asked.id}
          done={() => {
            setAsked(undefined);
            void found.refetch();
          }}
        />
      ) : null}
    </Card>
  );
}

/** Asks why, and then shows what was said until it is closed. */
function Look({ organization, conversation, done }: { organization: string; conversation: string; done: () => void }) {
  const t = useTranslations('operator');
  const look = useLook(organization);
  const [shown, setShown] = useState<{ reason: string; messages: OperatorMessage[]; next: string | null }>();
  const ask = (reason: string, cursor?: string) =>
    look.mutate(
      { conversation, reason, ...(cursor ? { cursor } : {}) },
      {
        onSuccess: ({ items, next_cursor: next }) =>
          setShown((before) => ({ reason, messages: [...(before?.messages ?? []), ...items], next })),
      },
    );
  if (!shown)
    return (
      <ReasonDialog
        title={t('look.title')}
        text={t('look.text')}
        hint={t('look.hint')}
        confirm={t('look.confirm')}
        open
        onOpenChange={done}
        work={look}
        run={(reason) => ask(reason)}
      />
    );
  const { next } = shown;
  return (
    <Dialog title={t('look.messages')} close={t('close')} open onOpenChange={done}>
      {shown.messages.length === 0 ? <p className="text-sm text-quiet">{t('look.nothing')}</p> : null}
      <ol className="grid grid-cols-1 divide-y divide-line">
        {shown.messages.map((message) => (
          <Said key={message.id} message={message} />
        ))}
      </ol>
      {next ? (
        <Button look="ghost" busy={look.isPending} onClick={() => ask(shown.reason, next)}>
          {t('more')}
        </Button>
      ) : null}
    </Dialog>
  );
}

function Said({ message }: { message: OperatorMessage }) {
  const t = useTranslations('operator.look');
  return (
    <li className="grid grid-cols-1 gap-1 py-3 text-sm">
      <p className="text-xs text-quiet">
        {t(message.direction)} · <When at={message.created_at} />
      </p>
      <p dir="auto" className="leading-6 wrap-anywhere whitespace-pre-wrap">
        {message.text ?? message.file_name ?? <span className="text-quiet">{t('noText', { type: message.type })}</span>}
      </p>
    </li>
  );
}
