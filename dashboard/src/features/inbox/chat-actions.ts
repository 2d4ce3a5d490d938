'use client';
import type { MessageView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { createContext, useContext } from 'react';

/** What is asked about a message in a dialog. */
export type Question = 'details' | 'forward' | 'delete' | 'view';

/** What can be done with the messages of the chat that is open. They never change while it is. */
export type ChatActions = Readonly<{
  reply: (message: MessageView) => void;
  edit: (message: MessageView) => void;
  /** Writes a text into the composer again. */
  rewrite: (text: string) => void;
  ask: (question: Question, message: MessageView) => void;
  /** Shows a message that may not be loaded yet. */
  goTo: (id: string) => void;
  /** Says in the chat that something was not taken. */
  failed: (error: unknown) => void;
}>;

export const Actions = createContext<ChatActions | null>(null);

/** @throws outside of a chat */
export function useActions(): ChatActions {
  const actions = useContext(Actions);
  if (!actions) throw new Error('a message is shown outside of a chat');
  return actions;
}

/** Who is in the chat, whether messages may be sent there, and whether it is a group. */
export const Chatting = createContext<{ name: string; sends: boolean; inGroup: boolean }>({
  name: '',
  sends: false,
  inGroup: false,
});
export const useChatting = () => useContext(Chatting);

/** How whoever wrote a message is called. */
export function useWriter(): (message: Pick<MessageView, 'direction' | 'sender'>) => string {
  const t = useTranslations('inbox');
  const { name } = useChatting();
  return ({ direction, sender }) =>
    direction === 'outbound' ? t('you') : sender ? (sender.name ?? sender.phone_number ?? t('somebody')) : name;
}
