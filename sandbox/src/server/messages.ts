/**
 * Relaying messages. The server sees who writes to whom, and for each device of both sides a ciphertext of its own; it
 * reads none and remembers none: a message sent twice is delivered twice. Learnt from Baileys' `messages-send.js`
 * (relayMessage) for what is sent and `decode-wa-message.js` for what is expected.
 */
import { type BinaryNode, child, children, node, ProtocolViolation } from '../protocol/node.ts';
import { lidJid, parseGroupJid, pnJid } from '../protocol/jid.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { Account } from '../store/rows.ts';
import type { ServerContext } from './context.ts';
import { deliver } from './delivery.ts';
import { type DeviceRef, deviceKey } from './directory.ts';
import { findGroup } from './groups/book.ts';
import { relayToGroup } from './groups/relay.ts';
import { partsFor } from './message-parts.ts';
import { REACH_OUT_REFUSED, refusesNewChat } from './restrictions.ts';

/** Baileys' ids have 20 to 32 characters. */
const MAX_MESSAGE_ID_LENGTH = 128;

/** Why a message was not taken: the `error` of its ack. */
export type Refusal = Readonly<{ error: string }>;

/** A companion sent a message: relays it and, once that is kept, acknowledges. */
export function onMessage(context: ServerContext, device: DeviceRef, stanza: BinaryNode): void {
  const { id = '', to = '' } = stanza.attrs;
  const refusal = relayMessage(context, device, stanza);
  const ack = node('ack', { class: 'message', id, from: to, t: String(nowSeconds()), ...refusal });
  context.store.afterCommit(() => context.connections.of(device)?.send(ack));
}

/** Queues a message for every device that it is encrypted for. */
export function relayMessage(context: ServerContext, sender: DeviceRef, stanza: BinaryNode): Refusal | undefined {
  const { id = '', to } = stanza.attrs;
  if (id === '' || id.length > MAX_MESSAGE_ID_LENGTH)
    throw new ProtocolViolation('a message has an id of 1 to 128 characters');
  const limited = context.faults.strike('rate-limit', sender.phone);
  if (limited) return { error: String(limited.code ?? 429) };
  if (parseGroupJid(to) !== undefined) return relayToGroup(context, findGroup(context, to), sender, stanza);
  const recipient = context.directory.find(to);
  if (!recipient) return { error: '404' };
  if (refusesNewChat(context, sender, recipient.phone)) return { error: REACH_OUT_REFUSED };
  context.stats.messagesRelayed += 1;

  const direct = children(stanza, 'enc');
  if (direct.length > 0) {
    // To one device: a message that it could not decrypt, again, or a word between devices of one account.
    const device = context.directory.findDevice(to);
    if (device) deliverTo(context, device, { sender, recipient, stanza, encs: direct });
    return undefined;
  }
  for (const part of children(child(stanza, 'participants'), 'to')) {
    const device = context.directory.findDevice(part.attrs['jid']);
    const isPartner = device && (device.phone === recipient.phone || device.phone === sender.phone);
    if (isPartner) deliverTo(context, device, { sender, recipient, stanza, encs: children(part, 'enc') });
  }
  return undefined;
}

type Relay = Readonly<{ sender: DeviceRef; recipient: Account; stanza: BinaryNode; encs: BinaryNode[] }>;

function deliverTo(context: ServerContext, device: DeviceRef, relay: Relay): void {
  const { directory } = context;
  if (deviceKey(device) === deviceKey(relay.sender)) return;
  if (directory.requireAccount(device.phone).blocked.includes(relay.sender.phone)) return;
  deliver(context, device, node('message', envelope(context, device, relay), partsFor(relay.stanza, relay.encs)));
}

function envelope(
  context: ServerContext,
  device: DeviceRef,
  { sender, recipient, stanza }: Relay,
): Record<string, string | undefined> {
  const { directory, addressing } = context;
  const { id, type, category, edit, expiration } = stanza.attrs;
  const author = directory.requireAccount(sender.phone);
  const common = {
    id,
    type,
    t: String(nowSeconds()),
    notify: author.name,
    edit,
    category,
    expiration,
    from: directory.jidOf(sender, addressing),
  };
  if (category) return common;
  const addressed = { ...common, addressing_mode: addressing };
  if (device.phone === sender.phone) {
    // A copy for one's own devices names the chat partner, and only his other address: a `sender_pn` here would be
    // stored by Baileys as the partner's, and poison its table of addresses.
    const partner = directory.find(stanza.attrs['recipient']) ?? recipient;
    return addressing === 'lid'
      ? { ...addressed, recipient: lidJid(partner.lid), peer_recipient_pn: pnJid(partner.phone) }
      : { ...addressed, recipient: pnJid(partner.phone), peer_recipient_lid: lidJid(partner.lid) };
  }
  return addressing === 'lid'
    ? { ...addressed, sender_pn: pnJid(author.phone) }
    : { ...addressed, sender_lid: lidJid(author.lid) };
}
