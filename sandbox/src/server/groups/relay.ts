/**
 * Messages, receipts and typing in groups. A message has one ciphertext for all (`skmsg`) and, for each device that does not have
 * the sender's key yet, one of its own that brings it. Learnt from Baileys' `messages-send.js` (relayMessage),
 * `decode-wa-message.js` and `messages-recv.js` (handleReceipt).
 */
import { type BinaryNode, child, children, node } from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { Group } from '../../store/rows.ts';
import type { ServerContext } from '../context.ts';
import { deliver, deliverLive, receiptIds } from '../delivery.ts';
import { type DeviceRef, deviceKey } from '../directory.ts';
import { partsFor } from '../message-parts.ts';
import { addressOf, isAdmin, isMember, phonesIn } from './book.ts';
import { gatherReceipt } from './gathered-receipts.ts';
import { otherAddress } from './nodes.ts';

/** Who is not in the group writes nothing there, nor who is no admin where only admins write. The codes are assumed. */
const NOT_A_MEMBER = '403';
const ADMINS_ONLY = '403';

/** Queues a message for every device of everybody in the group but the sender's own. */
export function relayToGroup(
  context: ServerContext,
  group: Group | undefined,
  sender: DeviceRef,
  stanza: BinaryNode,
): { error: string } | undefined {
  if (!group) return { error: '404' };
  const again = stanza.attrs['participant'];
  const refusal = refusalOf(context, group, sender.phone);
  // What is encrypted again for one device was let through before, when everybody might write.
  if (refusal && (again === undefined || !isMember(context, group, sender.phone))) return refusal;
  context.stats.messagesRelayed += 1;
  const attrs = envelope(context, group, sender, stanza);
  const shared = children(stanza, 'enc');
  const deliverTo = (device: DeviceRef, encs: BinaryNode[]) =>
    deliver(context, device, node('message', attrs, partsFor(stanza, encs)));
  if (again !== undefined) {
    const device = context.directory.findDevice(again);
    if (device && isMember(context, group, device.phone)) deliverTo(device, shared);
    return undefined;
  }
  const own = ownCiphertexts(context, stanza);
  for (const device of devicesIn(context, group))
    if (deviceKey(device) !== deviceKey(sender)) deliverTo(device, [...(own.get(deviceKey(device)) ?? []), ...shared]);
  return undefined;
}

/** Why somebody may not write in a group; undefined when he may. */
export function refusalOf(context: ServerContext, group: Group, phone: string): { error: string } | undefined {
  if (!isMember(context, group, phone)) return { error: NOT_A_MEMBER };
  return group.announcement && !isAdmin(context, group, phone) ? { error: ADMINS_ONLY } : undefined;
}

function ownCiphertexts({ directory }: ServerContext, stanza: BinaryNode): Map<string, BinaryNode[]> {
  const own = new Map<string, BinaryNode[]>();
  for (const part of children(child(stanza, 'participants'), 'to')) {
    const device = directory.findDevice(part.attrs['jid']);
    if (device) own.set(deviceKey(device), children(part, 'enc'));
  }
  return own;
}

function envelope(
  context: ServerContext,
  group: Group,
  sender: DeviceRef,
  stanza: BinaryNode,
): Record<string, string | undefined> {
  const { directory } = context;
  const { id, type, edit, expiration } = stanza.attrs;
  return {
    id,
    type,
    edit,
    expiration,
    t: String(nowSeconds()),
    notify: directory.requireAccount(sender.phone).name,
    from: addressOf(group),
    participant: directory.jidOf(sender, group.addressing),
    ...otherAddress(context, group, 'participant', sender.phone),
    addressing_mode: group.addressing,
  };
}

/** All devices of everybody in the group. */
export const devicesIn = (context: ServerContext, group: Group): DeviceRef[] =>
  phonesIn(context, group).flatMap((phone) => context.directory.devicesOf(phone));

/** Tells the author how far a message got with one reader, or his one device that the reader asks to encrypt again. */
export function relayGroupReceipt(context: ServerContext, group: Group, reader: DeviceRef, receipt: BinaryNode): void {
  const { directory, faults } = context;
  const { id, type, participant, t } = receipt.attrs;
  const author = directory.find(participant);
  if (!author) return;
  if (type !== 'retry' && faults.strike('lose-receipt', author.phone)) return;
  const at = t ?? String(nowSeconds());
  if (type !== 'retry' && faults.strike('gather-receipts', author.phone)) {
    const user = node('user', { jid: directory.userJid(reader.phone, group.addressing), t: at });
    return gatherReceipt(context, { author: author.phone, group, type }, receiptIds(receipt), user);
  }
  const attrs = {
    id,
    t: at,
    type,
    from: addressOf(group),
    participant: directory.jidOf(reader, group.addressing),
  };
  const asked = type === 'retry' ? directory.findDevice(participant) : undefined;
  const listeners = type === 'retry' ? (asked ? [asked] : []) : directory.devicesOf(author.phone);
  for (const listener of listeners)
    if (deviceKey(listener) !== deviceKey(reader)) deliver(context, listener, node('receipt', attrs, receipt.content));
}

/** Who is typing is told to the others in the group. */
export function relayGroupChatState(context: ServerContext, group: Group, device: DeviceRef, stanza: BinaryNode): void {
  if (!isMember(context, group, device.phone)) return;
  const participant = context.directory.userJid(device.phone, group.addressing);
  const relayed = node('chatstate', { from: addressOf(group), participant }, children(stanza));
  for (const listener of devicesIn(context, group))
    if (listener.phone !== device.phone) deliverLive(context, listener, relayed);
}
