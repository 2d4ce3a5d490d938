/**
 * Linking a device. Learnt from Baileys: `validate-connection.js` (configureSuccessfulPairing), `socket.js` (pair-device,
 * pair-success, requestPairingCode), `messages-recv.js` (link_code_companion_reg).
 *
 *   companion → login with its keys            ← <pair-device> with refs: each makes one QR
 *   phone scans: `prepareDevice` + `offerPairing`  ← <pair-success> with the identity that the phone signed
 *   companion → <pair-device-sign>             ← <stream:error code=515>: log in again, as a device of the account
 */
import { randomBytes } from 'node:crypto';
import { proto, WA_ADV_DEVICE_SIG_PREFIX } from '@whiskeysockets/baileys';
import { lidJid, pnJid, SERVER } from '../protocol/jid.ts';
import { type BinaryNode, child, node, ProtocolViolation, requireBytes, toUint } from '../protocol/node.ts';
import { verify } from '../protocol/signatures.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { CompanionDevice, SignedPreKey } from '../store/rows.ts';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { SandboxError } from './sandbox-error.ts';
import { notifyDeviceChange } from './devices.ts';

const REFS = 6;
const PAIRING_TIMEOUT_MS = 10_000;

/** What a device that wants to be linked has told about itself, and how far its linking is. */
export type Registration = {
  readonly noiseKey: Buffer;
  readonly identityKey: Buffer;
  readonly registrationId: number;
  readonly signedPreKey: SignedPreKey;
  readonly platform: string;
  readonly refs: readonly string[];
  /** Set once a phone has said yes. */
  offer?: { device: CompanionDevice; stanzaId: string; settle: (error?: Error) => void };
};

/** A device asks to be linked by a code that is typed on the phone. */
export type CodeRequest = Readonly<{
  connection: Connection;
  ref: string;
  noiseKey: Buffer;
  /** salt 32 ‖ iv 16 ‖ AES-CTR of the companion's ephemeral key, under the code. */
  wrappedEphemeral: Buffer;
}>;

/** Refs and code requests live as long as their connection, as in life: a restart makes a new QR. */
export class PairingDesk {
  readonly #byRef = new Map<string, Connection>();
  readonly #codeRequests = new Map<string, CodeRequest>();

  /** A new device said hello: gives it refs to make QR codes of. */
  welcome(context: ServerContext, connection: Connection, payload: proto.ClientPayload, noiseKey: Buffer): void {
    const refs = Array.from({ length: REFS }, () => `2@${randomBytes(24).toString('base64')}`);
    connection.registration = readRegistration(payload, noiseKey, refs);
    const expired = context.faults.strike('expire-qr', undefined) !== undefined;
    if (!expired) for (const ref of refs) this.#byRef.set(ref, connection);
    const offered = expired ? [] : refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    connection.send(
      node('iq', { from: SERVER, type: 'set', id: context.stanzaId(), xmlns: 'md' }, [
        node('pair-device', {}, offered),
      ]),
    );
  }

  forget(connection: Connection): void {
    for (const ref of connection.registration?.refs ?? []) this.#byRef.delete(ref);
    for (const [phone, request] of this.#codeRequests) {
      if (request.connection === connection) this.#codeRequests.delete(phone);
    }
    connection.registration?.offer?.settle(
      new SandboxError('unavailable', 'The device that was being linked is gone.'),
    );
  }

  requestCode(phone: string, request: CodeRequest): void {
    this.#codeRequests.set(phone, request);
  }

  codeRequest(phone: string): CodeRequest | undefined {
    return this.#codeRequests.get(phone);
  }

  /** The connection that shows the QR made of `ref`. @throws SandboxError when it has expired. */
  waitingBehind(ref: string): Connection & { registration: Registration } {
    const connection = this.#byRef.get(ref);
    if (!connection?.registration)
      throw new SandboxError('not-found', 'This QR code has expired. Show a new one and scan that.');
    return connection as Connection & { registration: Registration };
  }
}

/**
 * Before some accounts link a device, the server asks it for a passkey (WebAuthn), and goes on only with an assertion.
 * Learnt from whatsmeow's `pair-passkey.go` and Baileys' pull request 2696; what would follow is not spoken here.
 */
export function askForPasskey(context: ServerContext, connection: Connection): void {
  const attrs = { from: SERVER, id: context.stanzaId(), type: 'passkey_prologue_request', t: String(nowSeconds()) };
  const options = {
    challenge: randomBytes(32).toString('base64url'),
    rpId: 'whatsapp.com',
    userVerification: 'required',
  };
  connection.send(
    node('notification', attrs, [node('passkey_request_options', {}, Buffer.from(JSON.stringify(options)))]),
  );
}

/**
 * Gives the waiting device a place in the account, not yet confirmed. It is kept before the device hears of it: should
 * the sandbox die in between, the device can still log in with what it was given.
 */
export function prepareDevice(context: ServerContext, phone: string, registration: Registration): CompanionDevice {
  const { directory, store } = context;
  return store.transaction(() => {
    const account = directory.requireAccount(phone);
    directory.update(phone, { nextDeviceId: account.nextDeviceId + 1 });
    const device: CompanionDevice = {
      phone,
      id: account.nextDeviceId,
      keyIndex: account.nextDeviceId,
      noiseKey: registration.noiseKey,
      identityKey: registration.identityKey,
      registrationId: registration.registrationId,
      signedPreKey: registration.signedPreKey,
      platform: registration.platform,
      linkedAt: Date.now(),
      lastSeen: null,
      confirmed: false,
      bootstrapped: false,
    };
    store.tables.devices.put(phone, String(device.id), device);
    return device;
  });
}

/** Sends the identity that the phone signed. Resolves when the device has confirmed it, and is linked. */
export function offerPairing(
  context: ServerContext,
  connection: Connection,
  device: CompanionDevice,
  identity: Buffer,
): Promise<void> {
  const { registration } = connection;
  if (!registration) throw new SandboxError('conflict', 'This device is linked already.');
  if (registration.offer) throw new SandboxError('conflict', 'This device is being linked already.');
  const stanzaId = context.stanzaId();
  const { lid } = context.directory.requireAccount(device.phone);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(new SandboxError('unavailable', 'The device did not confirm the link within 10 seconds.')),
      PAIRING_TIMEOUT_MS,
    );
    const settle = (error?: Error) => {
      clearTimeout(timer);
      delete registration.offer;
      if (error) reject(error);
      else resolve();
    };
    registration.offer = { device, stanzaId, settle };
    const success = node('pair-success', {}, [
      node('device-identity', {}, identity),
      node('device', { jid: pnJid(device.phone, device.id), lid: lidJid(lid, device.id) }),
      node('platform', { name: 'android' }),
    ]);
    connection.send(
      node('iq', { from: SERVER, type: 'set', id: stanzaId, xmlns: 'md', t: String(nowSeconds()) }, [success]),
    );
  });
}

/** The device's answer to `<pair-success>`: its own signature below the identity. */
export function confirmPairing(context: ServerContext, connection: Connection, answer: BinaryNode): void {
  const offer = connection.registration?.offer;
  if (!offer || answer.attrs['id'] !== offer.stanzaId) return;
  const { device } = offer;
  const signed = proto.ADVSignedDeviceIdentity.decode(
    requireBytes(child(answer, 'pair-device-sign'), 'device-identity'),
  );
  const message = Buffer.concat([
    WA_ADV_DEVICE_SIG_PREFIX,
    signed.details ?? Buffer.alloc(0),
    device.identityKey,
    context.phones.identityKey(device.phone),
  ]);
  if (!verify(device.identityKey, message, signed.deviceSignature ?? Buffer.alloc(0))) {
    offer.settle(new SandboxError('invalid', 'The device signed its identity wrongly.'));
    throw new ProtocolViolation('bad device signature');
  }
  confirmDevice(context, device);
  connection.end(node('stream:error', { code: '515' }));
  offer.settle();
}

/** From now on the device is one of the account's, and everybody hears of it. */
export function confirmDevice(context: ServerContext, device: CompanionDevice): void {
  if (context.directory.companion(device)?.confirmed) return;
  context.store.transaction(() => {
    context.directory.updateCompanion(device, { confirmed: true });
    notifyDeviceChange(context, device, 'add');
    context.store.afterCommit(() => {
      context.events.emit({ type: 'pairing', phone: device.phone, device: device.id, state: 'linked' });
      context.events.emit({ type: 'phone', phone: device.phone });
    });
  });
}

function readRegistration(payload: proto.ClientPayload, noiseKey: Buffer, refs: string[]): Registration {
  const data = payload.devicePairingData;
  const signedPreKey = {
    id: toUint(Buffer.from(data?.eSkeyId ?? [])),
    value: Buffer.from(data?.eSkeyVal ?? []),
    signature: Buffer.from(data?.eSkeySig ?? []),
  };
  const identityKey = Buffer.from(data?.eIdent ?? []);
  if (!isSignedPreKey(identityKey, signedPreKey)) throw new ProtocolViolation('bad signed pre-key');
  const platform = data?.deviceProps ? (proto.DeviceProps.decode(data.deviceProps).os ?? '') : '';
  const registrationId = toUint(Buffer.from(data?.eRegid ?? []));
  return { noiseKey, identityKey, registrationId, signedPreKey, platform, refs };
}

/** A pre-key is signed with its type byte (5, Curve25519) in front. */
export function isSignedPreKey(identityKey: Buffer, { value, signature }: SignedPreKey): boolean {
  return verify(identityKey, Buffer.concat([Buffer.from([5]), value]), signature);
}
