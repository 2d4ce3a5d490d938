import { type BaileysEventMap, isJidGroup, proto } from '@whiskeysockets/baileys';
import type { IncomingMessage, Peer } from '../session-traffic.ts';
import { toContent } from './content.ts';
import { peerOf } from './peer.ts';
import { placesOf } from './poll-votes.ts';
import { finerTime, storableId, storableText, storableTime } from './storable.ts';

type History = BaileysEventMap['messaging-history.set'];
type Told = History['messages'][number];

/** Where a message was written, and by whom. */
type Placed = Pick<IncomingMessage, 'groupJid' | 'peer' | 'fromMe'>;
/** Who is meant by a key, in a group or between two; null: nobody that it names. */
type Place = (key: proto.IMessageKey & { remoteJidAlt?: string; participantAlt?: string }) => Placed | null;

/**
 * The messages of a history chunk, the oldest first. They have no inbox row: the chunk itself is in the inbox until then.
 * @param us who the number is
 */
export function historyOf({ messages, lidPnMappings = [] }: History, us: Peer): IncomingMessage[] {
  const phoneOfLid = new Map(lidPnMappings.map(({ lid, pn }) => [peerOf(lid).lid, pn]));
  const person = (...jids: (string | null | undefined)[]) => peerOf(...jids, phoneOfLid.get(peerOf(...jids).lid));
  const place: Place = ({ remoteJid, remoteJidAlt, participant, participantAlt, fromMe }) => {
    const groupJid = remoteJid && isJidGroup(remoteJid) ? remoteJid : null;
    const peer =
      groupJid === null ? person(remoteJid, remoteJidAlt) : fromMe ? us : person(participant, participantAlt);
    return peer.phone || peer.lid ? { groupJid, peer, fromMe: fromMe ?? false } : null;
  };
  return messages
    .flatMap((message) => {
      const placed = place({ ...message.key, participant: message.key.participant ?? message.participant ?? null });
      const read = placed && messageOf(message, placed, us);
      return read ? [read, ...changesOf(message, read, place)] : [];
    })
    .toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

function messageOf(
  { key, message, pushName, messageTimestamp }: Told,
  placed: Placed,
  us: Peer,
): IncomingMessage | null {
  const { fromMe, peer, groupJid } = placed;
  const said = message ? toContent(message, { fromMe, peer, us: groupJid === null ? null : us }) : null;
  if (!said || !key.id || !message) return null;
  const { atMs, ...content } = said;
  return {
    inboxId: '',
    whatsappMessageId: storableId(key.id),
    ...placed,
    pushName: fromMe ? null : storableText(pushName ?? null),
    sentAt: finerTime(storableTime(messageTimestamp), atMs),
    isHistory: true,
    ...content,
    payload: proto.Message.encode(message).finish(),
  };
}

/** What is told with a message: who reacted to it, who voted. Each has its own id, under which it may have come by itself, too. */
function changesOf(message: Told, of: IncomingMessage, place: Place): IncomingMessage[] {
  const direction = of.fromMe ? ('outbound' as const) : ('inbound' as const);
  const inGroup = (key: proto.IMessageKey, remoteJid: string) => place({ ...key, remoteJid });
  const change = (
    key: proto.IMessageKey | null | undefined,
    atMs: unknown,
    said: Pick<IncomingMessage, 'type' | 'text' | 'content'>,
  ): IncomingMessage[] => {
    const by = !key ? null : of.groupJid === null ? { ...of, fromMe: key.fromMe ?? false } : inGroup(key, of.groupJid);
    if (!key?.id || !by) return [];
    return [
      {
        ...of,
        whatsappMessageId: storableId(key.id),
        peer: by.peer,
        fromMe: by.fromMe,
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
