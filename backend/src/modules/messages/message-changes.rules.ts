import { isFileType } from '../media/media.dto.ts';
import {
  MessageDeleted,
  MessageNotEditable,
  MessageNotForwardable,
  MessageNotSent,
  MessageNotYours,
  MessageTooOld,
} from './messages.errors.ts';
import type { KnownMessage } from './messages.repository.ts';
import { DELETE_MINUTES, EDIT_MINUTES, FORWARDABLE } from './messages.words.ts';

const MINUTE_MS = 60_000;

const ON_WHATSAPP = new Set(['received', 'sent', 'delivered', 'read', 'played']);

/** It can be spoken of: others have it, and it still says something. @throws MessageDeleted | MessageNotSent */
export function assertThere({ status, deleted_at: deletedAt }: KnownMessage): void {
  if (deletedAt) throw new MessageDeleted();
  if (!ON_WHATSAPP.has(status)) throw new MessageNotSent(status);
}

/** @returns until when it can leave. @throws MessageDeleted | MessageNotSent | MessageNotYours | MessageNotEditable | MessageTooOld */
export function editUntil(message: KnownMessage, now: Date): Date {
  assertThere(message);
  const until = changeableUntil(message, now, EDIT_MINUTES);
  if (message.type !== 'text') throw new MessageNotEditable(message.type);
  return until;
}

/** @returns until when it can leave. @throws MessageDeleted | MessageNotSent | MessageNotYours | MessageTooOld */
export function deleteUntil(message: KnownMessage, now: Date): Date {
  assertThere(message);
  return changeableUntil(message, now, DELETE_MINUTES);
}

function changeableUntil({ direction, sent_at: sentAt }: KnownMessage, now: Date, minutes: number): Date {
  if (direction !== 'outbound') throw new MessageNotYours();
  const until = new Date((sentAt ?? now).getTime() + minutes * MINUTE_MS);
  if (until <= now) throw new MessageTooOld(minutes);
  return until;
}

/** @throws MessageDeleted | MessageNotSent | MessageNotForwardable */
export function assertForwardable(message: KnownMessage): void {
  assertThere(message);
  const { type, media_id: file, content } = message;
  const says = type === 'text' || (isFileType(type) ? file !== null : content !== null);
  if (!FORWARDABLE.includes(type) || !says || content?.view_once) throw new MessageNotForwardable(type);
}
