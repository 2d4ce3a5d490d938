/**
 * WhatsApp's addresses. A user has two: the phone number (`15550100001@s.whatsapp.net`) and the privacy address, the
 * LID (`100000000000001@lid`). Both may carry a device: `15550100001:3@s.whatsapp.net`; device 0 is the phone itself.
 */
import { jidDecode, jidEncode } from '@whiskeysockets/baileys';

/** The server's own address. */
export const SERVER = '@s.whatsapp.net';

/** Groups in general: where one is created, joined and left. */
export const GROUP_SERVER = '@g.us';

/** Which of a user's two addresses stanzas are delivered under. */
export type AddressingMode = 'lid' | 'pn';

export type UserAddress = Readonly<{ user: string; mode: AddressingMode; device: number }>;

export function pnJid(phone: string, device?: number): string {
  return jidEncode(phone, 's.whatsapp.net', device);
}

export function lidJid(lid: string, device?: number): string {
  return jidEncode(lid, 'lid', device);
}

/** Reads a user's address; undefined for groups, broadcasts, newsletters and malformed input. */
export function parseUserJid(jid: string | undefined): UserAddress | undefined {
  const decoded = jidDecode(jid);
  if (!decoded?.user) return undefined;
  if (decoded.server !== 'lid' && decoded.server !== 's.whatsapp.net') return undefined;
  return { user: decoded.user, mode: decoded.server === 'lid' ? 'lid' : 'pn', device: decoded.device ?? 0 };
}

/** `120363…@g.us` */
export function groupJid(id: string): string {
  return `${id}${GROUP_SERVER}`;
}

/** The id of the group that an address names; undefined when it names no group. */
export function parseGroupJid(jid: string | undefined): string | undefined {
  const decoded = jidDecode(jid);
  return decoded?.server === 'g.us' && decoded.user ? decoded.user : undefined;
}
