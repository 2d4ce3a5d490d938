/** A message on its way out of a phone. */
import { proto } from '@whiskeysockets/baileys';
import type { BinaryNode } from '../protocol/node.ts';
import { PHONE_DEVICE } from '../server/directory.ts';
import type { ChatMessage } from '../store/rows.ts';
import { describeMessage } from './message-content.ts';

/** Everything of a message that is ready to go; nothing of it is kept yet. */
export type PreparedMessage = Readonly<{ stanza: BinaryNode; row: Omit<ChatMessage, 'owner' | 'order'> }>;

/** A companion gives up asking after five tries, and so does the phone. */
export const MAX_RETRIES = 5;

/** What the stanza says about a message that the server cannot read. */
export function stanzaTraits(message: proto.IMessage): { type: string; edit: string | undefined } {
  const { kind, media } = describeMessage(message);
  const type = kind === 'reaction' ? kind : kind === 'poll' || kind === 'vote' ? 'poll' : media ? 'media' : 'text';
  if (kind === 'edit') return { type, edit: '1' };
  // Only a group's admin deletes what another has written.
  const isOthers = message.protocolMessage?.key?.fromMe === false;
  return { type, edit: kind === 'delete' ? (isOthers ? '8' : '7') : undefined };
}

export const rowOf = (
  { id, chat, from }: Pick<ChatMessage, 'id' | 'chat' | 'from'>,
  message: proto.IMessage,
): PreparedMessage['row'] => ({
  id,
  chat,
  from,
  to: chat,
  timestamp: Date.now(),
  content: Buffer.from(proto.Message.encode(message).finish()),
  senderDevice: PHONE_DEVICE,
  status: 'pending',
});

/** How often the device that sent this retry receipt has asked. */
export function retryCount(receipt: BinaryNode): number {
  const parts = Array.isArray(receipt.content) ? receipt.content : [];
  return Number(parts.find((part) => part.tag === 'retry')?.attrs['count'] ?? 1);
}
