/** `encrypt`: pre-keys. Learnt from Baileys' `socket.js` (count, upload, digest, rotate) and `messages-send.js` (assertSessions). */
import {
  bigEndian,
  type BinaryNode,
  bytesOf,
  child,
  children,
  node,
  ProtocolViolation,
  requireBytes,
  toUint,
} from '../../protocol/node.ts';
import { nowSeconds } from '../../protocol/time.ts';
import type { CompanionDevice, SignedPreKey } from '../../store/rows.ts';
import type { KeyBundle, ServerContext } from '../context.ts';
import { notifyPreKeysLow } from '../delivery.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from '../directory.ts';
import { isSignedPreKey } from '../pairing.ts';
import { type IqHandler, IqError, UnknownIq } from './iq.ts';

/** Below this the device is told to upload more; the same as Baileys' MIN_PREKEY_COUNT. */
const PRE_KEYS_LOW = 5;
const MAX_PRE_KEYS_PER_UPLOAD = 2000;
/** Key type byte: Curve25519. */
const KEY_TYPE = Buffer.from([5]);

export const encrypt: IqHandler = ({ context, device, iq, subject }) => {
  const row = context.directory.companion(device);
  if (!row) throw new IqError(401, 'not-authorized');
  switch (subject?.tag ?? '') {
    case 'count':
      return [node('count', { value: String(preKeyCount(context, device)) })];
    case 'digest':
      return [digest(row)];
    case 'rotate':
      return rotate(context, row, child(subject, 'skey'));
    case 'key':
      return [
        node(
          'list',
          {},
          children(subject, 'user').map((user) => keysOf(context, user.attrs['jid'] ?? '')),
        ),
      ];
    case 'registration':
    case 'type':
    case 'identity':
    case 'list':
      return upload(context, row, iq);
    default:
      throw new UnknownIq();
  }
};

/** Takes what somebody needs to write to a device for the first time. Uses up one of its one-time pre-keys. */
export function takeKeyBundle(context: ServerContext, device: DeviceRef): KeyBundle | undefined {
  if (device.id === PHONE_DEVICE) return context.phones.keyBundle(device.phone);
  const row = context.directory.companion(device);
  if (!row) return undefined;
  const { preKeys } = context.store.tables;
  const group = deviceKey(device);
  const [first] = preKeys.group(group);
  if (first) context.store.transaction(() => preKeys.delete(group, first[0]));
  const left = preKeyCount(context, device);
  // Told once. A device that is offline now counts its keys by itself when it logs in.
  if (first && left === PRE_KEYS_LOW - 1) notifyPreKeysLow(context, device, left);
  const { registrationId, identityKey, signedPreKey } = row;
  return {
    registrationId,
    identityKey,
    signedPreKey,
    ...(first && { preKey: { id: Number(first[0]), value: first[1] } }),
  };
}

function preKeyCount(context: ServerContext, device: DeviceRef): number {
  return context.store.tables.preKeys.group(deviceKey(device)).size;
}

function digest(row: CompanionDevice): BinaryNode {
  return node('digest', {}, [
    node('registration', {}, bigEndian(row.registrationId, 4)),
    node('type', {}, KEY_TYPE),
    node('identity', {}, row.identityKey),
  ]);
}

function rotate(context: ServerContext, row: CompanionDevice, skey: BinaryNode | undefined): undefined {
  context.directory.updateCompanion(row, { signedPreKey: readSignedPreKey(row, skey) });
}

function upload(context: ServerContext, row: CompanionDevice, iq: BinaryNode): undefined {
  const keys = children(child(iq, 'list'), 'key');
  if (keys.length > MAX_PRE_KEYS_PER_UPLOAD) throw new IqError(406, 'not-acceptable');
  const skey = child(iq, 'skey');
  if (skey) context.directory.updateCompanion(row, { signedPreKey: readSignedPreKey(row, skey) });
  const group = deviceKey(row);
  for (const key of keys) {
    context.store.tables.preKeys.put(group, String(toUint(requireBytes(key, 'id', 3))), requireBytes(key, 'value', 32));
  }
}

function readSignedPreKey(row: CompanionDevice, skey: BinaryNode | undefined): SignedPreKey {
  const read = {
    id: toUint(requireBytes(skey, 'id', 3)),
    value: requireBytes(skey, 'value', 32),
    signature: requireBytes(skey, 'signature', 64),
  };
  if (!isSignedPreKey(row.identityKey, read)) throw new ProtocolViolation('bad signed pre-key');
  return read;
}

function keysOf(context: ServerContext, jid: string): BinaryNode {
  const device = context.directory.findDevice(jid);
  const bundle = device && takeKeyBundle(context, device);
  if (!bundle) return node('user', { jid }, [node('error', { code: '404', text: 'item-not-found' })]);
  const { signedPreKey, preKey } = bundle;
  const oneTime = preKey && node('key', {}, [node('id', {}, bigEndian(preKey.id, 3)), node('value', {}, preKey.value)]);
  return node('user', { jid, t: String(nowSeconds()) }, [
    node('registration', {}, bigEndian(bundle.registrationId, 4)),
    node('type', {}, KEY_TYPE),
    node('identity', {}, bundle.identityKey),
    node('skey', {}, [
      node('id', {}, bigEndian(signedPreKey.id, 3)),
      node('value', {}, signedPreKey.value),
      node('signature', {}, signedPreKey.signature),
    ]),
    ...(oneTime ? [oneTime] : []),
  ]);
}

/** The key bundle that a device puts into its retry receipt from the second try on. */
export function readRetryBundle(receipt: BinaryNode): KeyBundle | undefined {
  const keys = child(receipt, 'keys');
  const registration = bytesOf(child(receipt, 'registration'));
  if (!keys || !registration) return undefined;
  const skey = child(keys, 'skey');
  const key = child(keys, 'key');
  return {
    registrationId: toUint(registration),
    identityKey: requireBytes(keys, 'identity', 32),
    signedPreKey: {
      id: toUint(requireBytes(skey, 'id', 3)),
      value: requireBytes(skey, 'value', 32),
      signature: requireBytes(skey, 'signature', 64),
    },
    ...(key && { preKey: { id: toUint(requireBytes(key, 'id', 3)), value: requireBytes(key, 'value', 32) } }),
  };
}
