/**
 * The phone is asked for a file that the media host has let go: it uploads it again and says where, encrypted under a key of the
 * message's own; or says that it has it no more. Learnt from Baileys' `encryptMediaRetryRequest` and `decodeMediaRetryNode`, and
 * whatsmeow's `mediaretry.go`.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import { type BinaryNode, bytesOf, child, node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ServerContext } from '../server/context.ts';
import { deliver } from '../server/delivery.ts';
import { PHONE_DEVICE } from '../server/directory.ts';
import { addressOf, findGroup } from '../server/groups/book.ts';
import type { MediaHost } from '../server/media-host.ts';
import { parseUserJid } from '../protocol/jid.ts';
import type { Chats } from './chats.ts';
import { type MediaPointer, mediaPointer } from './message-content.ts';

const TAG_BYTES = 16;
/** `MediaRetryNotification.ResultType.NOT_FOUND` */
const NOT_FOUND = '2';

export type RetryRooms = Readonly<{ context: ServerContext; chats: Chats; mediaHost: MediaHost }>;

/** @param receipt `server-error`, from one of the phone's own companions */
export function answerMediaRetry({ context, chats, mediaHost }: RetryRooms, phone: string, receipt: BinaryNode): void {
  const { id = '', from } = receipt.attrs;
  const asker = { phone, id: parseUserJid(from)?.device ?? PHONE_DEVICE };
  if (context.faults.strike('media-retry-silent', phone)) return;
  const rmr = child(receipt, 'rmr');
  const group = findGroup(context, rmr?.attrs['jid']);
  const chat = group ? addressOf(group) : context.directory.find(rmr?.attrs['jid'])?.phone;
  const partner = group ? context.directory.find(rmr?.attrs['participant'])?.phone : chat;
  const author = rmr?.attrs['from_me'] === 'true' ? phone : partner;
  const row = chat === undefined || author === undefined ? undefined : chats.find(chat, author, id);
  const pointer = row && !row.deletedAt ? mediaPointer(proto.Message.decode(row.content)) : undefined;
  const refused = context.faults.strike('media-retry-refused', phone) !== undefined;
  const file =
    pointer && !refused && isAuthentic(receipt, pointer, id) ? mediaHost.find(pointer.directPath) : undefined;
  const answer =
    pointer && file
      ? node('encrypt', {}, encrypted(pointer.mediaKey, id, mediaHost.keep(file).directPath))
      : node('error', { code: NOT_FOUND });
  const own = context.directory.userJid(phone, context.addressing);
  const attrs = { from: own, id, type: 'mediaretry', t: String(nowSeconds()) };
  deliver(context, asker, node('notification', attrs, [answer, node('rmr', rmr?.attrs ?? {})]));
}

const keyOf = (mediaKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(32), 'WhatsApp Media Retry Notification', 32));

/** Who asks has to know the message's key, and to mean this message. */
function isAuthentic(receipt: BinaryNode, { mediaKey }: MediaPointer, id: string): boolean {
  const encrypt = child(receipt, 'encrypt');
  const [sealed, iv] = [bytesOf(child(encrypt, 'enc_p')), bytesOf(child(encrypt, 'enc_iv'))];
  if (!sealed || !iv) return false;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(mediaKey), iv).setAAD(Buffer.from(id));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return proto.ServerErrorReceipt.decode(plain).stanzaId === id;
  } catch {
    return false;
  }
}

function encrypted(mediaKey: Uint8Array, stanzaId: string, directPath: string): BinaryNode[] {
  const result = proto.MediaRetryNotification.ResultType.SUCCESS;
  const plain = proto.MediaRetryNotification.encode({ stanzaId, directPath, result }).finish();
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(mediaKey), iv).setAAD(Buffer.from(stanzaId));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return [node('enc_p', {}, sealed), node('enc_iv', {}, iv)];
}
