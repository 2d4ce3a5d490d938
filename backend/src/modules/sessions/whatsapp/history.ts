import { type BaileysEventMap, proto } from '@whiskeysockets/baileys';
import type { IncomingMessage, Peer } from '../session-traffic.ts';
import { toContent } from './content.ts';
import { peerOf } from './peer.ts';
import { placesOf } from './poll-votes.ts';
import { finerTime, storableId, storableText, storableTime } from './storable.ts';

type History = BaileysEventMap['messaging-history.set'];
type Told = History['messages'][number];

/** The messages of a history chunk, the oldest first. They have no inbox row: the chunk itself is in the inbox until then. */
export function historyOf({ messages, lidPnMappings = [] }: History): IncomingMessage[] {
  const phoneOfLid = new Map(lidPnMappings.map(({ lid, pn }) => [peerOf(lid).lid, pn]));
  return messages
    .flatMap((message) => {
      const { key } = message;
      const peer = peerOf(key.remoteJid, key.remoteJidAlt, phoneOfLid.get(peerOf(key.remoteJid).lid));
      if (!peer.phone && !peer.lid) return [];
      const read = messageOf(message, peer);
      return read ? [read, ...changesOf(message, read)] : [];
    })
    .toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

function messageOf({ key, message, pushName, messageTimestamp }: Told, peer: Peer): IncomingMessage | null {
  const fromMe = key.fromMe ?? false;
  const said = message ? toContent(message, { fromMe, peer }) : null;
  if (!said || !key.id || !message) return null;
  const { atMs, ...content } = said;
  return {
    inboxId: '',
    whatsappMessageId: storableId(key.id),
    groupJid: null,
    peer,
    fromMe,
    pushName: fromMe ? null : storableText(pushName ?? null),
    sentAt: finerTime(storableTime(messageTimestamp), atMs),
    isHistory: true,
    ...content,
    payload: proto.Message.encode(message).finish(),
  };
}

/** What is told with a message: who reacted to it, who voted. Each has its own id, under which it may have come by itself, too. */
function changesOf(message: Told, of: IncomingMessage): IncomingMessage[] {
  const direction = of.fromMe ? ('outbound' as const) : ('inbound' as const);
  const change = (
    key: proto.IMessageKey | null | undefined,
    atMs: unknown,
    said: Pick<IncomingMessage, 'type' | 'text' | 'content'>,
  ): IncomingMessage[] => {
    if (!key?.id) return [];
    return [
      {
        ...of,
        whatsappMessageId: storableId(key.id),
        fromMe: key.fromMe ?? false,
        pushName: null,
        sentAt: storableTime(Number(atMs) / 1000),
        hasFile: false,
        replyTo: null,
        target: { whatsappMessageId: of.whatsappMessageId, direction },
        payload: new Uint8Array(),
        ...said,
      },
    ];
  };
  const options = of.content?.poll?.options ?? [];
  return [
    ...(message.reactions ?? []).flatMap(({ key, text, senderTimestampMs }) =>
      change(key, senderTimestampMs, { type: 'reaction', text: storableText(text ?? ''), content: null }),
    ),
    ...(message.pollUpdates ?? []).flatMap(({ pollUpdateMessageKey: key, vote, senderTimestampMs }) =>
      change(key, senderTimestampMs, {
        type: 'poll_vote',
        text: null,
        content: { vote: placesOf(vote?.selectedOptions ?? [], options) },
      }),
    ),
  ];
}
