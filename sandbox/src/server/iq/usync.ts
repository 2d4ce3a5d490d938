/** `usync`: what is known about users: devices, addresses, whether they exist. Learnt from Baileys' `WAUSync/`. */
import { type BinaryNode, bytesOf, child, children, node } from '../../protocol/node.ts';
import { lidJid, parseUserJid, pnJid } from '../../protocol/jid.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Account } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { type IqHandler, UnknownIq } from './iq.ts';

/** Protocols that are answered; for the others of a query there is simply nothing known. */
const KNOWN_PROTOCOLS = new Set(['contact', 'devices', 'lid', 'status', 'disappearing_mode', 'bot', 'username']);

export const usync: IqHandler = ({ context, subject }) => {
  if (subject?.tag !== 'usync') throw new UnknownIq();
  const protocols = children(child(subject, 'query')).map((protocol) => protocol.tag);
  for (const protocol of protocols) if (!KNOWN_PROTOCOLS.has(protocol)) context.stats.countUnknown(`usync ${protocol}`);
  const users = children(child(subject, 'list'), 'user').flatMap((user) => describe(context, user, protocols));
  const { sid, mode, context: purpose } = subject.attrs;
  return [
    node('usync', { sid, index: '0', last: 'true', mode, context: purpose }, [
      node(
        'result',
        {},
        protocols.map((protocol) => node(protocol)),
      ),
      node('list', {}, users),
    ]),
  ];
};

function describe(context: ServerContext, user: BinaryNode, protocols: readonly string[]): BinaryNode[] {
  const asked = bytesOf(child(user, 'contact'))?.toString().replace(/^\+/, '');
  const account = asked ? context.directory.findWritten(asked) : context.directory.find(user.attrs['jid']);
  // A number is answered under the one that it is registered as.
  const jid = asked ? pnJid(account?.phone ?? asked) : user.attrs['jid'];
  if (!jid) return [];
  const facts: BinaryNode[] = [];
  if (protocols.includes('contact')) {
    facts.push(node('contact', { type: account ? 'in' : 'out' }, asked ? Buffer.from(`+${asked}`) : undefined));
  }
  if (protocols.includes('devices')) facts.push(devices(context, account));
  if (account && protocols.includes('lid') && parseUserJid(jid)?.mode === 'pn')
    facts.push(node('lid', { val: lidJid(account.lid) }));
  if (account && protocols.includes('status'))
    facts.push(node('status', { t: String(nowSeconds()) }, Buffer.from(account.about)));
  return [node('user', { jid }, facts)];
}

function devices(context: ServerContext, account: Account | undefined): BinaryNode {
  const list = account ? context.directory.devicesOf(account.phone) : [];
  const entries = list.map((device) => {
    const keyIndex = context.directory.companion(device)?.keyIndex;
    return node('device', {
      id: String(device.id),
      'key-index': keyIndex === undefined ? undefined : String(keyIndex),
    });
  });
  return node('devices', {}, [node('device-list', { hash: '2:sandbox' }, entries)]);
}
