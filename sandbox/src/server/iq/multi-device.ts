/** `md`: linking by code, and unlinking oneself. Learnt from Baileys' `socket.js` and `messages-recv.js`. */
import { parseUserJid, SERVER } from '../../protocol/jid.ts';
import { type BinaryNode, node, requireBytes } from '../../protocol/node.ts';
import type { Connection } from '../connection.ts';
import type { ServerContext } from '../context.ts';
import { unlinkDevice } from '../devices.ts';
import type { PairingDesk } from '../pairing.ts';
import { type IqHandler, IqError, UnknownIq } from './iq.ts';

/** salt 32 ‖ iv 16 ‖ key 32 */
const WRAPPED_KEY_BYTES = 80;

export const multiDevice: IqHandler = ({ context, device, subject }) => {
  if (subject?.tag !== 'remove-companion-device') throw new UnknownIq();
  const target = context.directory.findDevice(subject.attrs['jid']);
  if (!target || target.phone !== device.phone) throw new IqError(404, 'item-not-found');
  context.store.afterCommit(() => unlinkDevice(context, target, target.id === device.id ? 'device' : 'phone'));
  return undefined;
};

/** What a device that is not linked yet may ask. */
export function answerUnlinked(
  context: ServerContext,
  desk: PairingDesk,
  connection: Connection,
  iq: BinaryNode,
): BinaryNode[] {
  const request = Array.isArray(iq.content) ? iq.content[0] : undefined;
  if (iq.attrs['xmlns'] === 'w:p') return []; // who looks for his phone longer than half a minute asks whether we are there
  if (iq.attrs['xmlns'] !== 'md' || request?.tag !== 'link_code_companion_reg') throw new UnknownIq();
  const phone = parseUserJid(request.attrs['jid'])?.user;
  if (!phone || !connection.registration) throw new IqError(400, 'bad-request');
  switch (request.attrs['stage'] ?? '') {
    case 'companion_hello':
      return [companionHello(context, desk, { connection, phone, request })];
    case 'companion_finish':
      context.phones.finishPairingCode(phone, {
        wrappedKeyBundle: requireBytes(request, 'link_code_pairing_wrapped_key_bundle'),
        companionIdentity: requireBytes(request, 'companion_identity_public', 32),
      });
      return [];
    default:
      throw new UnknownIq();
  }
}

type Hello = Readonly<{ connection: Connection; phone: string; request: BinaryNode }>;

function companionHello(context: ServerContext, desk: PairingDesk, { connection, phone, request }: Hello): BinaryNode {
  const ref = connection.registration?.refs[0] ?? '';
  desk.requestCode(phone, {
    connection,
    ref,
    noiseKey: requireBytes(request, 'companion_server_auth_key_pub', 32),
    wrappedEphemeral: requireBytes(request, 'link_code_pairing_wrapped_companion_ephemeral_pub', WRAPPED_KEY_BYTES),
  });
  context.events.emit({ type: 'pairing', phone, state: 'code-requested' });
  return node('link_code_companion_reg', { from: SERVER }, [node('link_code_pairing_ref', {}, Buffer.from(ref))]);
}
