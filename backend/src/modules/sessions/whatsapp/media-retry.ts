import {
  type BaileysEventMap,
  type BinaryNode,
  decryptMediaRetryData,
  encryptMediaRetryRequest,
  proto,
} from '@whiskeysockets/baileys';
import { MediaExpired } from '../sessions.errors.ts';
import type { FileAnswer, LostFile } from '../session-traffic.ts';
import { boundedMap } from './bounded-map.ts';
import { fileIn } from './media-download.ts';
import { chatJid, jidOf } from './peer.ts';

const ASKED_MAX = 1_000;

/**
 * Asks the number's own phone for files that WhatsApp's media hosts have let go, and reads its answers. What was asked is known to
 * the connection alone.
 */
export class MediaRetry {
  private readonly asked = boundedMap<Uint8Array>(ASKED_MAX);

  /** The stanza that asks. @param ownJid the number itself @throws MediaExpired when the message has no key to a file */
  request({ whatsappMessageId, chat, sender, fromMe, payload }: LostFile, ownJid: string): BinaryNode {
    const [file] = fileIn(proto.Message.decode(payload));
    if (!file.mediaKey) throw new MediaExpired();
    this.asked.set(whatsappMessageId, payload);
    const key = {
      id: whatsappMessageId,
      remoteJid: chatJid(chat),
      fromMe,
      ...(sender ? { participant: jidOf(sender) } : {}),
    };
    return encryptMediaRetryRequest(key, file.mediaKey, ownJid);
  }

  /** @returns undefined for an answer to what was not asked here */
  read({ key, media }: BaileysEventMap['messages.media-update'][number]): FileAnswer | undefined {
    const payload = key.id ? this.asked.get(key.id) : undefined;
    if (!key.id || !payload) return undefined;
    this.asked.delete(key.id);
    return { whatsappMessageId: key.id, payload: media ? relocated(key.id, payload, media) : null };
  }
}

/** The message with the place where its file lies now; null when the phone has it no more. */
function relocated(
  id: string,
  payload: Uint8Array,
  media: { ciphertext: Uint8Array; iv: Uint8Array },
): Uint8Array | null {
  const message = proto.Message.decode(payload);
  const [file] = fileIn(message);
  const { result, directPath } = decryptMediaRetryData(media, file.mediaKey ?? new Uint8Array(), id);
  if (result !== proto.MediaRetryNotification.ResultType.SUCCESS || !directPath) return null;
  file.directPath = directPath; // the host stays: of `url` only that is used beside a direct path
  return proto.Message.encode(message).finish();
}
