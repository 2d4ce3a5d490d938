/** The list of an account's devices, and its changes. Senders cache it, so that they must hear of every change. */
import { node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { CompanionDevice } from '../store/rows.ts';
import type { ServerContext } from './context.ts';
import { deliverLive } from './delivery.ts';
import { type DeviceRef, deviceKey } from './directory.ts';

/**
 * Tells every connected device that `device` came or went, once under each of its owner's addresses. Baileys drops its
 * cached list of the named address (`messages-recv.js`, notification type `devices`). Who is offline reads the list anew.
 */
export function notifyDeviceChange(context: ServerContext, device: CompanionDevice, change: 'add' | 'remove'): void {
  const { connections, directory } = context;
  for (const { device: listener } of connections.matching('*')) {
    if (!listener || deviceKey(listener) === deviceKey(device)) continue;
    for (const mode of ['pn', 'lid'] as const) {
      const entry = node('device', { jid: directory.jidOf(device, mode), 'key-index': String(device.keyIndex) });
      const attrs = {
        from: directory.userJid(device.phone, mode),
        id: context.stanzaId(),
        type: 'devices',
        t: String(nowSeconds()),
      };
      deliverLive(
        context,
        listener,
        node('notification', attrs, [node(change, { device_hash: '2:sandbox' }, [entry])]),
      );
    }
  }
}

/**
 * Ends a link. `by` the phone, the device is told so (401) and its next login is refused; `by` the device, it knows.
 */
export function unlinkDevice(context: ServerContext, device: DeviceRef, by: 'phone' | 'device'): void {
  const row = context.directory.companion(device);
  if (!row) return;
  const { store, connections, events } = context;
  store.transaction(() => {
    store.tables.devices.delete(device.phone, String(device.id));
    store.tables.preKeys.deleteGroup(deviceKey(device));
    store.tables.pending.deleteGroup(deviceKey(device));
    notifyDeviceChange(context, row, 'remove');
    store.afterCommit(() => {
      const goodbye = node('stream:error', { code: '401' }, [node('conflict', { type: 'device_removed' })]);
      connections.of(device)?.end(by === 'phone' ? goodbye : undefined);
      events.emit({ type: 'pairing', phone: device.phone, device: device.id, state: 'unlinked' });
      events.emit({ type: 'phone', phone: device.phone });
    });
  });
}
