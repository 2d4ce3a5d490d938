'use client';
import type { ConversationView, MessageView, SessionView } from '@wasel/backend/contract';
import { may } from '@wasel/backend/contract/words';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useMembership } from '@/features/account/account.api';
import { groupHref } from '@/features/groups/groups.links';
import { SessionState } from '@/features/sessions/session-state';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { IconButton } from '@/ui/button';
import { DropZone } from '@/ui/drop-zone';
import { Link } from '@/ui/link';
import { Actions, type ChatActions, Chatting, type Question } from './chat-actions';
import { type About, Composer } from './composer';
import { refreshConversations } from './conversations.live';
import { useDraft } from './drafts';
import { markRead } from './inbox.api';
import { type Attached, attach as attachOf } from './message.rules';
import { MessageList } from './message-list';
import { addressOf, Label, labelOf, nameOf, WhomAvatar } from './whom';

/** What is asked about one message. */
const DIALOGS: Readonly<Record<Question, React.ComponentType<{ message: MessageView; leave: () => void }>>> = {
  details: lazy(() => import('./message-details')),
  forward: lazy(() => import('./forward-dialog')),
  delete: lazy(() => import('./delete-message')),
  view: lazy(() => import('./media-viewer')),
};

/** @param message that somebody is led to */
export default function Chat({
  conversation,
  message,
  back,
}: {
  conversation: ConversationView;
  message: string | null;
  back: () => void;
}) {
  const t = useTranslations('inbox');
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: membership } = useMembership();
  const [attached, setAttached] = useState<Attached | null>(null);
  const [target, setTarget] = useState<string | null>(message);
  const [notice, setNotice] = useState<string | null>(null);
  const { actions, about, forget, answered, asked, close } = useChatActions(conversation.id, setTarget, setNotice);
  const session = sessions?.find(({ id }) => id === conversation.session_id);
  const suspended = membership?.organization.suspension != null;
  const sends = membership ? may(membership.role, 'messages:send') && !suspended : false;
  useMarkRead(conversation, sends);
  useEscapeOnPhone(back);
  const address = addressOf(conversation);
  const name = labelOf(conversation);
  const inGroup = conversation.group !== null;
  const canSend = sends && address !== null && session !== undefined;
  const chatting = useMemo(() => ({ name, sends: canSend, inGroup }), [name, canSend, inGroup]);
  const gone = t('quotedGone');
  const goal = useMemo(
    () => ({
      id: target,
      reached: (found: boolean) => {
        setTarget(null);
        setNotice(found ? null : gone);
      },
    }),
    [target, gone],
  );

  const disabledBecause = suspended
    ? t('suspended')
    : !sends
      ? t('viewer')
      : sessions && !session
        ? t('numberGone')
        : address
          ? null
          : t('noPhone');
  const Asked = asked ? DIALOGS[asked.question] : null;
  return (
    <Actions value={actions}>
      <Chatting value={chatting}>
        <DropZone
          className="flex h-full min-h-0 flex-col"
          invitation={t('drop')}
          onFile={disabledBecause ? undefined : (file) => setAttached(attachOf(file))}
        >
          <Header conversation={conversation} session={session} back={back} />
          <MessageList conversation={conversation.id} target={goal} />
          {notice ? (
            <p role="alert" className="bg-bad-soft px-4 py-2 text-center text-sm text-bad">
              {notice}
            </p>
          ) : null}
          {session && session.state !== 'connected' && !disabledBecause ? (
            <p className="bg-warn-soft px-4 py-2 text-center text-sm text-warn">{t('held')}</p>
          ) : null}
          <Composer
            conversation={conversation}
            disabledBecause={disabledBecause}
            attached={attached}
            attach={setAttached}
            about={about}
            forget={forget}
            answered={answered}
          />
          {Asked && asked ? (
            <Suspense>
              <Asked message={asked.message} leave={close} />
            </Suspense>
          ) : null}
        </DropZone>
      </Chatting>
    </Actions>
  );
}

function useChatActions(conversation: string, goTo: (id: string) => void, tell: (notice: string | null) => void) {
  const t = useTranslations('inbox');
  const [about, setAbout] = useState<About | null>(null);
  const [asked, setAsked] = useState<{ question: Question; message: MessageView } | null>(null);
  const [, write] = useDraft(conversation);
  const actions: ChatActions = useMemo(
    () => ({
      reply: (message) => {
        tell(null);
        setAbout({ kind: 'reply', message });
      },
      edit: (message) => setAbout({ kind: 'edit', message }),
      rewrite: write,
      ask: (question, message) => setAsked({ question, message }),
      goTo,
      failed: (error) => tell(faultIn(t, error, t('notTaken'))),
    }),
    [write, goTo, tell, t],
  );
  return {
    actions,
    about,
    forget: () => setAbout(null),
    answered: (one: About | null) => setAbout((now) => (now === one ? null : now)),
    asked,
    close: () => setAsked(null),
  };
}

function Header({
  conversation,
  session,
  back,
}: {
  conversation: ConversationView;
  session: SessionView | undefined;
  back: () => void;
}) {
  const t = useTranslations('inbox');
  const { contact, group } = conversation;
  return (
    <header className="flex items-center gap-3 border-b border-line bg-surface px-4 py-3">
      <IconButton look="ghost" className="-ms-2 -me-1 md:hidden" label={t('back')} onClick={back}>
        <ArrowLeft className="size-5 rtl:-scale-x-100" aria-hidden />
      </IconButton>
      <WhomAvatar whom={conversation} className="max-sm:hidden" />
      <div className="grid min-w-0 grow">
        <h2 className="truncate font-medium">
          <Label whom={conversation} />
        </h2>
        {group ? (
          <Link href={groupHref(group.jid)} className="w-fit text-xs text-quiet hover:underline">
            {t('people', { count: group.size })}
          </Link>
        ) : null}
        {contact && nameOf(conversation) !== null ? (
          <bdi dir="ltr" className="w-fit text-xs text-quiet">
            {contact.phone_number}
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
  );
}

const MARK_TRIES = 5;

/**
 * What is on the screen of somebody who may answer is read. The count alone does not say that something new has come: as many
 * may have been read meanwhile.
 */
function useMarkRead({ id, unread_count: unread, last_message_at: lastAt }: ConversationView, sends: boolean): void {
  const cache = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ shown }: { shown: string; newest: string | null }) => markRead(shown),
    retry: MARK_TRIES,
    onSuccess: (_, { shown }) => refreshConversations(cache, new Set([shown])),
  });
  useEffect(() => {
    if (unread > 0 && sends) mutate({ shown: id, newest: lastAt });
  }, [id, unread, lastAt, sends, mutate]);
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
