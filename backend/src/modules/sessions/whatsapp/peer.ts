import { isLidUser, isPnUser, jidDecode } from '@whiskeysockets/baileys';
import type { Chat, GroupChat, Peer } from '../session-traffic.ts';

/** Who is behind a few addresses of the same person; device parts are dropped. */
export function peerOf(...jids: readonly (string | null | undefined)[]): Peer {
  let phone: string | null = null;
  let lid: string | null = null;
  for (const jid of jids) {
    const user = jid ? jidDecode(jid)?.user : undefined;
    if (!jid || !user) continue;
    if (isPnUser(jid)) phone ??= `+${user}`;
    else if (isLidUser(jid)) lid ??= user;
  }
  return { phone, lid };
}

/** The same person, by an address that both know. */
export const samePeer = (a: Peer, b: Peer): boolean =>
  (a.lid !== null && a.lid === b.lid) || (a.phone !== null && a.phone === b.phone);

export const isGroupChat = (chat: Chat): chat is GroupChat => 'groupJid' in chat;

export const chatJid = (chat: Chat): string => (isGroupChat(chat) ? chat.groupJid : jidOf(chat));

/** By the address by which a group names its people, as far as it is known. */
export const memberJid = ({ phone, lid }: Peer, addressing: 'lid' | 'phone'): string =>
  jidOf(addressing === 'lid' && lid ? { phone: null, lid } : { phone, lid: phone ? null : lid });

/** Messages that were read, as they are named to whoever wrote them. */
export function readKeys(chat: Chat, ids: readonly string[], sender: Peer | null) {
  const remoteJid = isGroupChat(chat) ? chat.groupJid : memberJid(chat, 'lid');
  const who = sender ? { participant: memberJid(sender, 'lid') } : {};
  return ids.map((id) => ({ remoteJid, id, fromMe: false, ...who }));
}

/** The address to send to: the number when it is known, else the privacy address. */
export function jidOf({ phone, lid }: Peer): string {
  if (phone) return `${phone.slice(1)}@s.whatsapp.net`;
  if (lid) return `${lid}@lid`;
  throw new Error('a peer has a phone or a privacy address');
}
