/** What arrives on a connection, by kind. Everything that Baileys sends is answered or known to need no answer. */
import { type BinaryNode, child, children, node } from '../protocol/node.ts';
import { SERVER } from '../protocol/jid.ts';
import { onCall } from './calls.ts';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { confirmAck } from './delivery.ts';
import type { DeviceRef } from './directory.ts';
import { iqHandlers } from './iq/handlers.ts';
import { IqError, UnknownIq } from './iq/iq.ts';
import { answerUnlinked } from './iq/multi-device.ts';
import { onMessage } from './messages.ts';
import { confirmPairing, type PairingDesk } from './pairing.ts';
import { onChatState, onPresence } from './presence.ts';
import { onReceipt } from './receipts.ts';

/** Handles one stanza in one transaction: what it changes is kept before anything about it is said. */
export function onStanza(context: ServerContext, desk: PairingDesk, connection: Connection, stanza: BinaryNode): void {
  context.stats.stanzasIn += 1;
  const { device } = connection;
  context.store.transaction(() => {
    if (stanza.tag === 'iq') return onIq(context, desk, connection, stanza);
    if (!device) return onUnlinkedStanza(context, stanza);
    return onDeviceStanza(context, connection, device, stanza);
  });
}

/** Before it is linked a device acknowledges what it is told, tells its name to nobody, and is otherwise silent. */
function onUnlinkedStanza(context: ServerContext, stanza: BinaryNode): void {
  if (!['ack', 'presence', 'ib'].includes(stanza.tag)) countUnknown(context, stanza);
}

function onDeviceStanza(context: ServerContext, connection: Connection, device: DeviceRef, stanza: BinaryNode): void {
  switch (stanza.tag) {
    case 'message':
      return onMessage(context, device, stanza);
    case 'receipt':
      return onReceipt(context, device, stanza);
    case 'ack':
      return confirmAck(context, device, stanza);
    case 'presence':
      return onPresence(context, device, stanza);
    case 'chatstate':
      return onChatState(context, device, stanza);
    case 'call': {
      const { id, to } = stanza.attrs;
      if (!onCall(context, device, stanza)) countUnknown(context, stanza);
      return connection.send(node('ack', { class: 'call', id, from: to }));
    }
    case 'ib':
      // Telemetry (`unified_session`) and flow control (`offline_batch`); neither is answered.
      return child(stanza, 'unified_session') || child(stanza, 'offline_batch')
        ? undefined
        : countUnknown(context, stanza);
    default:
      return countUnknown(context, stanza);
  }
}

function onIq(context: ServerContext, desk: PairingDesk, connection: Connection, iq: BinaryNode): void {
  const { id, type, to } = iq.attrs;
  if (type === 'result' || type === 'error') return confirmPairing(context, connection, iq);
  const reply = (kind: 'result' | 'error', content?: BinaryNode[]) =>
    context.store.afterCommit(() => connection.send(node('iq', { id, from: to ?? SERVER, type: kind }, content)));
  try {
    reply('result', answer(context, desk, connection, iq));
  } catch (error) {
    if (!(error instanceof IqError)) throw error;
    if (error instanceof UnknownIq) countUnknown(context, iq);
    reply('error', [node('error', { code: String(error.code), text: error.message })]);
  }
}

function answer(
  context: ServerContext,
  desk: PairingDesk,
  connection: Connection,
  iq: BinaryNode,
): BinaryNode[] | undefined {
  const { device } = connection;
  if (!device) return answerUnlinked(context, desk, connection, iq);
  const { xmlns, type } = iq.attrs;
  const [subject] = children(iq);
  context.stats.countIq([xmlns, type, subject?.tag].filter((part) => part !== undefined).join(' '));
  const handler = iqHandlers[xmlns ?? ''];
  if (!handler) throw new UnknownIq();
  return handler({ context, connection, device, iq, subject });
}

function countUnknown(context: ServerContext, stanza: BinaryNode): void {
  const { xmlns, type } = stanza.attrs;
  const kind = [stanza.tag, xmlns, type, children(stanza)[0]?.tag].filter((part) => part !== undefined).join(' ');
  context.stats.countUnknown(kind);
  context.log.warn({ kind }, 'unknown stanza');
}
