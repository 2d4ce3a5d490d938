/** Bringing stanzas to devices: what must arrive waits in the device's queue until the device has confirmed it. */
import { type BinaryNode, children, node } from '../protocol/node.ts';
import { SERVER } from '../protocol/jid.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from './directory.ts';

/** A message held back by the `reorder` fault goes out by itself if no other follows. */
const REORDER_HOLD_MS = 500;

/** Queues a stanza for a device and, once that is kept, sends it if the device listens. */
export function deliver(context: ServerContext, device: DeviceRef, stanza: BinaryNode): void {
  const { store, directory, phones, connections } = context;
  if (device.id === PHONE_DEVICE && directory.account(device.phone)?.silent) return;
  store.transaction(() => {
    store.tables.pending.put(deviceKey(device), store.nextSequence(), { node: stanza });
    store.afterCommit(() => {
      if (device.id === PHONE_DEVICE) return phones.wake(device.phone);
      const connection = connections.of(device);
      if (connection?.isActive) sendMisbehaving(context, connection, stanza);
    });
  });
}

/** Sends a stanza that is worth something only now (typing, presence): nobody waits for it. */
export function deliverLive(context: ServerContext, device: DeviceRef, stanza: BinaryNode): void {
  context.store.afterCommit(() => {
    if (device.id === PHONE_DEVICE) return context.phones.receiveLive(device.phone, stanza);
    const connection = context.connections.of(device);
    if (connection?.isActive) connection.send(stanza);
  });
}

/** The client asked for its queue (`<active/>`): all that waited goes out, then the word that it was all. */
export function flushQueue(context: ServerContext, connection: Connection, device: DeviceRef): void {
  const queued = [...context.store.tables.pending.group(deviceKey(device)).values()].map((row) => row.node);
  const count = (tag: string) => String(queued.filter((stanza) => stanza.tag === tag).length);
  const preview = node('offline_preview', {
    count: String(queued.length),
    message: count('message'),
    receipt: count('receipt'),
    notification: count('notification'),
    appdata: '0',
  });
  connection.send(node('ib', { from: SERVER }, [preview]));
  for (const stanza of queued) connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: '1' } });
  connection.send(node('ib', { from: SERVER }, [node('offline', { count: String(queued.length) })]));
  connection.isActive = true;
}

/** The device sent `<ack class=… id=…/>` for a receipt or notification. */
export function confirmAck(context: ServerContext, device: DeviceRef, ack: BinaryNode): void {
  const { id, type } = ack.attrs;
  removePending(
    context,
    device,
    (waiting) => waiting.tag === ack.attrs['class'] && waiting.attrs['id'] === id && waiting.attrs['type'] === type,
  );
}

/**
 * The device sent a receipt: that is how a received message is confirmed.
 * @param group where they came from; a sender may use an id in several groups
 */
export function confirmMessages(
  context: ServerContext,
  device: DeviceRef,
  ids: readonly string[],
  group: string | undefined,
): void {
  removePending(context, device, ({ tag, attrs }) => {
    const isFrom = group === undefined || attrs['from'] === group;
    return tag === 'message' && isFrom && ids.includes(attrs['id'] ?? '');
  });
}

/** Tells a companion that its one-time pre-keys run out; Baileys answers by uploading more. */
export function notifyPreKeysLow(context: ServerContext, device: DeviceRef, left: number): void {
  const notification = { from: SERVER, id: context.stanzaId(), type: 'encrypt', t: String(nowSeconds()) };
  deliverLive(context, device, node('notification', notification, [node('count', { value: String(left) })]));
}

/** Message ids that a receipt is about: its own and those of its list. */
export function receiptIds(receipt: BinaryNode): string[] {
  const listed = children(children(receipt, 'list')[0], 'item').map((item) => item.attrs['id'] ?? '');
  return [...new Set([receipt.attrs['id'] ?? '', ...listed])];
}

function removePending(context: ServerContext, device: DeviceRef, matches: (waiting: BinaryNode) => boolean): void {
  const { pending } = context.store.tables;
  const group = deviceKey(device);
  context.store.transaction(() => {
    for (const [sequence, { node: waiting }] of pending.group(group))
      if (matches(waiting)) pending.delete(group, sequence);
  });
}

const heldBack = new WeakMap<Connection, BinaryNode>();

function sendMisbehaving(context: ServerContext, connection: Connection, stanza: BinaryNode): void {
  const phone = connection.device?.phone;
  if (stanza.tag !== 'message') return connection.send(stanza);
  const held = heldBack.get(connection);
  if (held) {
    heldBack.delete(connection);
    connection.send(stanza);
    return connection.send(held);
  }
  if (context.faults.strike('reorder', phone)) {
    heldBack.set(connection, stanza);
    setTimeout(() => {
      if (heldBack.get(connection) !== stanza) return;
      heldBack.delete(connection);
      connection.send(stanza);
    }, REORDER_HOLD_MS).unref();
    return;
  }
  connection.send(stanza);
  if (context.faults.strike('duplicate', phone)) connection.send(stanza);
}
