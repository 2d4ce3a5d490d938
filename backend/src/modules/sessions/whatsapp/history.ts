import { type BaileysEventMap, proto } from '@whiskeysockets/baileys';
import type { IncomingMessage } from '../session-traffic.ts';
import { toContent } from './incoming.ts';
import { peerOf } from './peer.ts';
import { storableId, storableText, storableTime } from './storable.ts';

type History = BaileysEventMap['messaging-history.set'];

/** The messages of a history chunk, the oldest first. They have no inbox row: the chunk itself is in the inbox until then. */
export function historyOf({ messages, lidPnMappings = [] }: History): IncomingMessage[] {
  const phoneOfLid = new Map(lidPnMappings.map(({ lid, pn }) => [peerOf(lid).lid, pn]));
  return messages
    .flatMap((message) => {
      const { key } = message;
      const content = message.message ? toContent(message.message) : null;
      if (!content || !key.id || !key.remoteJid || !message.message) return [];
      const peer = peerOf(key.remoteJid, key.remoteJidAlt, phoneOfLid.get(peerOf(key.remoteJid).lid));
      if (!peer.phone && !peer.lid) return [];
      return [
        {
          inboxId: '',
          whatsappMessageId: storableId(key.id),
          peer,
          fromMe: key.fromMe ?? false,
          pushName: key.fromMe ? null : storableText(message.pushName ?? null),
          sentAt: storableTime(message.messageTimestamp),
          isHistory: true,
          ...content,
          payload: proto.Message.encode(message.message).finish(),
        },
      ];
    })
    .toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}
