'use client';
import type { ConversationView, SendMessage } from '@wasel/backend/contract';
import type { z } from 'zod';
import { upload, useSend } from './inbox.api';
import { type Attached, takesCaption, takesViewOnce, waysToSend } from './message.rules';

type Sent = z.input<typeof SendMessage>;
type WithoutTarget<M> = M extends { to: string } ? Omit<M, 'to' | 'session_id'> : never;
/** A message without whom it is for. */
export type Content = WithoutTarget<Sent>;

/** What goes to the person of a conversation, from its number. */
export function useSendHere({ session_id, contact }: ConversationView) {
  const send = useSend();
  const to = contact.phone_number ?? '';
  return {
    isPending: send.isPending,
    send: (content: Content) => send.mutateAsync({ key: crypto.randomUUID(), message: { ...content, session_id, to } }),
    change: (message: Extract<Sent, { message_id: string }>) => send.mutateAsync({ key: crypto.randomUUID(), message }),
  };
}

/** Uploads a file and says what message it makes; how it goes, where the file is not what its name says. */
export async function messageOf({ file, as, viewOnce }: Attached, text: string): Promise<Content> {
  const media = await upload(file);
  const ways = waysToSend(media.mime_type);
  const type = ways.includes(as) ? as : ways[0];
  return {
    type,
    media_id: media.id,
    ...(takesCaption(type) && text.trim() ? { caption: text } : {}),
    ...(takesViewOnce(type) && viewOnce ? { view_once: true } : {}),
  };
}
