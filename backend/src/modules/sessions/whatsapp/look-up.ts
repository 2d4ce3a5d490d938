import { isPnUser, USyncQuery, USyncUser, type BinaryNode, type WASocket } from '@whiskeysockets/baileys';
import type { NumberAnswer } from '../session-traffic.ts';
import { peerOf } from './peer.ts';

type Contact = { isIn: boolean; asked: string | null };

/**
 * Baileys' `onWhatsApp` drops which number an answer is for. The server repeats it (whatsmeow's `IsOnWhatsApp` reads it, too),
 * and names the one that it has for it: only so a number of several forms, as with Brazil's ninth digit, is told apart.
 */
class ContactProtocol {
  readonly name = 'contact';
  getQueryElement = (): BinaryNode => ({ tag: 'contact', attrs: {} });
  getUserElement = (user: USyncUser): BinaryNode => ({ tag: 'contact', attrs: {}, content: user.phone ?? '' });
  parser = ({ attrs, content }: BinaryNode): Contact => ({
    isIn: attrs['type'] === 'in',
    asked:
      typeof content === 'string' ? content : content instanceof Uint8Array ? Buffer.from(content).toString() : null,
  });
}

/** @returns what the server said of each number, by the number as it was asked for */
export async function lookUp(
  socket: Pick<WASocket, 'executeUSyncQuery'>,
  phones: readonly string[],
): Promise<Map<string, NumberAnswer | null>> {
  const query = new USyncQuery().withContext('interactive');
  query.protocols.push(new ContactProtocol());
  query.withLIDProtocol();
  for (const phone of phones) query.withUser(new USyncUser().withPhone(phone));
  const answer = await socket.executeUSyncQuery(query);
  const told = new Map<string, NumberAnswer | null>();
  for (const { id, contact, lid } of answer?.list ?? []) {
    const { isIn, asked } = (contact ?? { isIn: false, asked: null }) as Contact;
    const { phone, lid: user } = peerOf(isPnUser(id) ? id : null, typeof lid === 'string' ? lid : null);
    const number = asked ? `+${asked.replace(/\D/g, '')}` : phone;
    if (number && contact) told.set(number, isIn && phone ? { phone, lid: user } : null);
  }
  return new Map(phones.flatMap((phone) => (told.has(phone) ? [[phone, told.get(phone) ?? null] as const] : [])));
}
