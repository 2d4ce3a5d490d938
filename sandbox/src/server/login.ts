/** Logging a linked device in, and what follows when it leaves. Learnt from Baileys' `socket.js` and `validate-connection.js`. */
import type { proto } from '@whiskeysockets/baileys';
import { lidJid, SERVER } from '../protocol/jid.ts';
import { node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { flushQueue } from './delivery.ts';
import { confirmDevice } from './pairing.ts';
import { setAvailable } from './presence.ts';

/** Accepts a device that proves the Noise key with which it was linked; refuses any other with 401. */
export function logIn(
  context: ServerContext,
  connection: Connection,
  payload: proto.ClientPayload,
  noiseKey: Buffer,
): void {
  const phone = String(payload.username ?? '');
  const refusal = context.faults.strike('refuse-login', phone);
  if (refusal) return connection.end(node('failure', { reason: String(refusal.code ?? 503), location: 'sandbox' }));
  const row = context.directory.companion({ phone, id: payload.device ?? 0 });
  if (!row?.noiseKey.equals(noiseKey)) return connection.end(node('failure', { reason: '401', location: 'sandbox' }));

  const device = { phone, id: row.id };
  const previous = context.connections.of(device);
  context.connections.bind(device, connection);
  previous?.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]));
  confirmDevice(context, row);

  const account = context.directory.requireAccount(phone);
  connection.send(
    node('success', {
      t: String(nowSeconds()),
      props: '27',
      lid: lidJid(account.lid, device.id),
      location: 'sandbox',
      companion_enc_static: 'true',
      display_name: account.name,
    }),
  );
  const routing = node('edge_routing', {}, [node('routing_info', {}, Buffer.from('sandbox'))]);
  connection.send(node('ib', { from: SERVER }, [routing]));
}

/** The device is ready for what waits for it. On its first login the phone then shares keys and history. */
export function activate(context: ServerContext, connection: Connection): void {
  const { device } = connection;
  if (!device || connection.isActive) return;
  flushQueue(context, connection, device);
  context.events.emit({ type: 'connection', phone: device.phone, device: device.id, connected: true });
  if (!context.directory.companion(device)?.bootstrapped) context.phones.bootstrap(device);
}

/** The socket closed. Also called when another connection had already taken its place; then nothing follows. */
export function logOut(context: ServerContext, connection: Connection): void {
  const device = context.connections.remove(connection);
  if (!device) return;
  context.directory.updateCompanion(device, { lastSeen: Date.now() });
  setAvailable(context, device, false);
  context.events.emit({ type: 'connection', phone: device.phone, device: device.id, connected: false });
}
