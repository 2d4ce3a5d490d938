'use client';
import type { ConversationView, MessageView } from '@wasel/backend/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, FormFault } from '@/ui/field';
import { SkeletonRows } from '@/ui/states';
import { conversationsQuery, useSend } from './inbox.api';
import { addressOf, Label, labelOf, nameOf, WhomAvatar } from './whom';

const SHOWN_MAX = 20;

/** Passes a message on to as many chats as are chosen, one after the other. */
export default function ForwardDialog({ message, leave }: { message: MessageView; leave: () => void }) {
  const t = useTranslations('inbox.forwarding');
  const close = useTranslations('inbox')('close');
  const [search, setSearch] = useState('');
  const found = useInfiniteQuery(conversationsQuery({ search: useDeferredValue(search) }));
  const chats = found.data?.filter((chat) => addressOf(chat) !== null);
  return (
    <Dialog title={t('title')} close={close} open onOpenChange={leave}>
      <div className="grid grid-cols-1 gap-3">
        <Field label={t('search')} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        {chats ? null : <SkeletonRows rows={3} />}
        {chats?.length === 0 ? <p className="py-6 text-center text-sm text-quiet">{t('nobody')}</p> : null}
        <ul className="grid max-h-[50dvh] grid-cols-1 gap-1 overflow-y-auto">
          {chats?.slice(0, SHOWN_MAX).map((chat) => (
            <Whom key={chat.id} chat={chat} message={message} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Whom({ chat, message }: { chat: ConversationView; message: MessageView }) {
  const t = useTranslations('inbox.forwarding');
  const send = useSend();
  const { data: sessions } = useQuery(sessionsQuery());
  const { contact, session_id } = chat;
  const number = sessions && sessions.length > 1 ? sessions.find(({ id }) => id === session_id)?.name : undefined;
  const to = addressOf(chat) ?? '';
  const name = labelOf(chat);
  return (
    <li className="grid grid-cols-1 gap-2">
      <div className="flex min-w-0 items-center gap-3 py-1">
        <WhomAvatar whom={chat} />
        <span className="grid min-w-0 grow text-sm">
          <span className="truncate font-medium">
            <Label whom={chat} />
          </span>
          <bdi className="w-fit max-w-full truncate text-xs text-quiet">
            {number ?? (nameOf(chat) === null ? null : contact?.phone_number)}
          </bdi>
        </span>
        {send.isSuccess ? (
          <span role="status" className="flex items-center gap-1.5 px-3 text-sm text-good">
            <Check className="size-4" aria-hidden /> {t('done')}
          </span>
        ) : (
          <Button
            look="plain"
            aria-label={t('to', { name })}
            busy={send.isPending}
            onClick={() =>
              send.mutate({
                key: crypto.randomUUID(),
                message: { type: 'forward', session_id, to, message_id: message.id },
              })
            }
          >
            {t('forward')}
          </Button>
        )}
      </div>
      {send.error ? <FormFault>{sayOf(send.error, t('failed'))}</FormFault> : null}
    </li>
  );
}
