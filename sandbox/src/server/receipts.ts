/** Receipts: delivered (no type), read, played, and retry, which asks the sender to encrypt again. */
import { type BinaryNode, node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ServerContext } from './context.ts';
import { confirmMessages, deliver, receiptIds } from './delivery.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from './directory.ts';
import { addressOf, findGroup } from './groups/book.ts';
import { relayGroupReceipt } from './groups/relay.ts';

/**
 * Receipts that only confirm to the server: from a device that was never looked at (`inactive`), about one's own message
 * (`sender`), about words between one's own devices, about history.
 */
const NOT_FORWARDED = new Set([
  'inactive',
  'sender',
  'peer_msg',
  'hist_sync',
  'read-self',
  'played-self',
  'server-error',
]);

/** A companion sent a receipt: takes it and, once that is kept, acknowledges. */
export function onReceipt(context: ServerContext, device: DeviceRef, receipt: BinaryNode): void {
  relayReceipt(context, device, receipt);
  const { id, to, type, participant } = receipt.attrs;
  const ack = node('ack', { class: 'receipt', id, from: to, type, participant });
  context.store.afterCommit(() => context.connections.of(device)?.send(ack));
}

/** Removes the messages that the receipt confirms from the device's queue and tells their author. */
export function relayReceipt(context: ServerContext, device: DeviceRef, receipt: BinaryNode): void {
  const { directory, faults, addressing } = context;
  const { id, to, type, participant, t } = receipt.attrs;
  const author = directory.find(participant ?? to);
  const group = findGroup(context, to);
  confirmMessages(context, device, receiptIds(receipt), group && addressOf(group));
  if (author && device.id !== PHONE_DEVICE && (type === 'read' || type === 'read-self'))
    tellOwnPhone(context, device, group ? addressOf(group) : directory.userJid(author.phone, addressing), receipt);
  if (author?.phone === device.phone && device.id !== PHONE_DEVICE && type === 'server-error')
    askOwnPhone(context, device, receipt);
  if (!author || (type !== undefined && NOT_FORWARDED.has(type))) return;
  if (group) return relayGroupReceipt(context, group, device, receipt);
  if (type !== 'retry' && faults.strike('lose-receipt', author.phone)) return;
  const attrs = {
    id,
    t: t ?? String(nowSeconds()),
    type,
    from: directory.jidOf(device, addressing),
    recipient: receipt.attrs['recipient'],
  };
  const relayed = node('receipt', attrs, receipt.content);
  if (type === 'retry') {
    const sender = directory.findDevice(participant ?? to);
    if (sender) deliver(context, sender, relayed);
    return;
  }
  for (const listener of directory.devicesOf(author.phone)) {
    if (deviceKey(listener) !== deviceKey(device)) deliver(context, listener, relayed);
  }
}

/** A companion wants a file that the media host has no more. */
function askOwnPhone(context: ServerContext, device: DeviceRef, receipt: BinaryNode): void {
  const { id, type } = receipt.attrs;
  const attrs = { id, type, t: String(nowSeconds()), from: context.directory.jidOf(device, context.addressing) };
  deliver(context, { phone: device.phone, id: PHONE_DEVICE }, node('receipt', attrs, receipt.content));
}

/** What one's companion has read is read on the phone too. */
function tellOwnPhone(context: ServerContext, device: DeviceRef, chat: string, receipt: BinaryNode): void {
  const { directory, addressing } = context;
  const attrs = {
    id: receipt.attrs['id'],
    t: String(nowSeconds()),
    type: 'read-self',
    from: directory.jidOf(device, addressing),
    recipient: chat,
  };
  deliver(context, { phone: device.phone, id: PHONE_DEVICE }, node('receipt', attrs, receipt.content));
}
