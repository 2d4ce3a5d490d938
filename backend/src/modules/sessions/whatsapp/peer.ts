import { isLidUser, isPnUser, jidDecode } from '@whiskeysockets/baileys';
import type { Peer } from '../session-traffic.ts';

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

/** The address to send to: the number when it is known, else the privacy address. */
export function jidOf({ phone, lid }: Peer): string {
  if (phone) return `${phone.slice(1)}@s.whatsapp.net`;
  if (lid) return `${lid}@lid`;
  throw new Error('a peer has a phone or a privacy address');
}
