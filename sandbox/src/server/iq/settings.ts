/** Account settings: `privacy`, `blocklist`, `status`, `disappearing_mode`. Learnt from Baileys' `chats.js`. */
import { pnJid } from '../../protocol/jid.ts';
import { type BinaryNode, bytesOf, children, node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { ServerContext } from '../context.ts';
import { deliver } from '../delivery.ts';
import { type IqHandler, IqError, UnknownIq } from './iq.ts';

export const privacy: IqHandler = ({ context, device, subject }) => {
  // Privacy tokens (`tokens`) prove that a chat is wanted. The sandbox asks for none, and takes what it is given.
  if (subject?.tag === 'tokens') return [];
  if (subject?.tag !== 'privacy') throw new UnknownIq();
  const changes = children(subject, 'category').map(
    ({ attrs }) => [attrs['name'] ?? '', attrs['value'] ?? 'all'] as const,
  );
  const { privacy: current } = context.directory.requireAccount(device.phone);
  const settings = { ...current, ...Object.fromEntries(changes) };
  if (changes.length > 0) context.directory.update(device.phone, { privacy: settings });
  return [
    node(
      'privacy',
      {},
      Object.entries(settings).map(([name, value]) => node('category', { name, value })),
    ),
  ];
};

export const blocklist: IqHandler = ({ context, device, subject }) => {
  if (subject?.tag === 'item') {
    const target = context.directory.find(subject.attrs['jid'] ?? subject.attrs['pn_jid']);
    if (!target) throw new IqError(404, 'item-not-found');
    setBlocked(context, device.phone, target.phone, subject.attrs['action'] === 'block');
  }
  return [blocklistNode(context, device.phone)];
};

/** Blocks or unblocks a person, and tells the account's companions. */
export function setBlocked(context: ServerContext, phone: string, blocked: string, isBlocked: boolean): void {
  const { directory, store } = context;
  const others = directory.requireAccount(phone).blocked.filter((other) => other !== blocked);
  store.transaction(() => {
    directory.update(phone, { blocked: isBlocked ? [...others, blocked] : others });
    for (const companion of directory.companionsOf(phone)) {
      const item = node('item', { jid: pnJid(blocked), action: isBlocked ? 'block' : 'unblock' });
      const attrs = { from: pnJid(phone), id: context.stanzaId(), type: 'account_sync', t: String(nowSeconds()) };
      deliver(context, companion, node('notification', attrs, [node('blocklist', {}, [item])]));
    }
    store.afterCommit(() => context.events.emit({ type: 'phone', phone }));
  });
}

function blocklistNode(context: ServerContext, phone: string): BinaryNode {
  const { blocked } = context.directory.requireAccount(phone);
  return node(
    'list',
    { dhash: String(blocked.length) },
    blocked.map((other) => node('item', { jid: pnJid(other) })),
  );
}

export const status: IqHandler = ({ context, device, subject }) => {
  if (subject?.tag !== 'status') throw new UnknownIq();
  context.directory.update(device.phone, { about: bytesOf(subject)?.toString() ?? '' });
  return undefined;
};

/** The default timer of new chats. Taken, and not kept. */
export const disappearingMode: IqHandler = () => [];
