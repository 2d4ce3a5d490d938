'use client';
import type { ConversationView, MediaView, SendMessage } from '@wasel/backend/contract';
import { useRef } from 'react';
import type { z } from 'zod';
import { upload, useSend } from './inbox.api';
import { type Attached, takesCaption, takesViewOnce, waysToSend } from './message.rules';
import { addressOf } from './whom';

type Sent = z.input<typeof SendMessage>;
type WithoutTarget<M> = M extends { to: string } ? Omit<M, 'to' | 'session_id'> : never;
/** A message without whom it is for. */
export type Content = WithoutTarget<Sent>;

/** What goes to the person or the group of a conversation, from its number. */
export function useSendHere({ session_id, ...whom }: ConversationView) {
  const send = useSend();
  const to = addressOf(whom) ?? '';
  const unanswered = useRef<{ said: string; key: string } | null>(null);
  return {
    isPending: send.isPending,
    /** What was asked before and not answered is the same message when it is asked again: it may have been accepted. */
    send: async (content: Content) => {
      const message = { ...content, session_id, to };
      const said = JSON.stringify(message);
      if (unanswered.current?.said !== said) unanswered.current = { said, key: crypto.randomUUID() };
      const accepted = await send.mutateAsync({ key: unanswered.current.key, message });
      unanswered.current = null;
      return accepted;
    },
    /** What comes now is another message, even if it says the same. */
    begin: () => {
      unanswered.current = null;
    },
    change: (message: Extract<Sent, { message_id: string }>) => send.mutateAsync({ key: crypto.randomUUID(), message }),
  };
}

const uploads = new WeakMap<File, MediaView>();

/** The same file is uploaded once, however often it takes to send it. */
export async function uploadOnce(file: File): Promise<MediaView> {
  const media = uploads.get(file) ?? (await upload(file));
  uploads.set(file, media);
  return media;
}

/** Uploads a file and says what message it makes; how it goes, where the file is not what its name says. */
export async function messageOf({ file, as, viewOnce }: Attached, text: string): Promise<Content> {
  const media = await uploadOnce(file);
  const ways = waysToSend(media.mime_type);
  const type = ways.includes(as) ? as : ways[0];
  return {
    type,
    media_id: media.id,
    ...(takesCaption(type) && text.trim() ? { caption: text } : {}),
    ...(takesViewOnce(type) && viewOnce ? { view_once: true } : {}),
  };
}
