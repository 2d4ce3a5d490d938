'use client';
import type { ConversationView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { SessionState } from '@/features/sessions/session-state';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { Avatar } from '@/ui/avatar';
import { IconButton } from '@/ui/button';
import { DropZone } from '@/ui/drop-zone';
import { Composer } from './composer';
import { markRead } from './inbox.api';
import { MessageList } from './message-list';

export default function Chat({ conversation, back }: { conversation: ConversationView; back: () => void }) {
  const t = useTranslations('inbox');
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: membership } = useMembership();
  const [file, setFile] = useState<File | null>(null);
  const [draft, setDraft] = useState({ text: '', n: 0 });
  const session = sessions?.find(({ id }) => id === conversation.session_id);
  const suspended = membership?.organization.suspension != null;
  const sends = membership ? may(membership.role, 'messages:send') && !suspended : false;
  useMarkRead(conversation, sends);
  useEscapeOnPhone(back);

  const disabledBecause = suspended
    ? t('suspended')
    : !sends
      ? t('viewer')
      : sessions && !session
        ? t('numberGone')
        : conversation.contact.phone_number
          ? null
          : t('noPhone');
  return (
    <DropZone
      className="flex h-full min-h-0 flex-col"
      invitation={t('drop')}
      onFile={disabledBecause ? undefined : setFile}
    >
      <header className="flex items-center gap-3 border-b border-line bg-surface px-4 py-3">
        <IconButton look="ghost" className="-ms-2 -me-1 md:hidden" label={t('back')} onClick={back}>
          <ArrowLeft className="size-5 rtl:-scale-x-100" aria-hidden />
        </IconButton>
        <Avatar name={conversation.contact.name} className="max-sm:hidden" />
        <div className="grid min-w-0 grow">
          <h2 className="truncate font-medium">
            {conversation.contact.name ? (
              <bdi>{conversation.contact.name}</bdi>
            ) : (
              <bdi dir="ltr">{conversation.contact.phone_number}</bdi>
            )}
          </h2>
          {conversation.contact.name ? (
            <bdi dir="ltr" className="w-fit text-xs text-quiet">
              {conversation.contact.phone_number}
            </bdi>
          ) : null}
        </div>
        {session ? (
          <div className="grid min-w-0 shrink-0 justify-items-end text-end">
            <SessionState session={session} />
            <bdi className="max-w-28 truncate text-xs text-quiet sm:max-w-56">{session.name}</bdi>
          </div>
        ) : null}
      </header>
      <MessageList conversation={conversation.id} rewrite={(text) => setDraft(({ n }) => ({ text, n: n + 1 }))} />
      {session && session.state !== 'connected' && !disabledBecause ? (
        <p className="bg-warn-soft px-4 py-2 text-center text-sm text-warn">{t('held')}</p>
      ) : null}
      <Composer
        key={draft.n}
        draft={draft.text}
        conversation={conversation}
        disabledBecause={disabledBecause}
        file={file}
        setFile={setFile}
      />
    </DropZone>
  );
}

/** What is on the screen of somebody who may answer is read. */
function useMarkRead({ id, unread_count: unread }: ConversationView, sends: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (unread === 0 || !sends) return;
    void markRead(id).then(() => cache.invalidateQueries({ queryKey: ['conversations'] }));
  }, [id, unread, sends, cache]);
}

/** Where the chat covers the list, Escape uncovers it. An open dialog takes the key for itself. */
function useEscapeOnPhone(back: () => void): void {
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && matchMedia('(width < 48rem)').matches) back();
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [back]);
}
