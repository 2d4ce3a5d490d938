/**
 * Linking a device from the phone's side: by scanning its QR code or by typing its eight characters. Both end in an
 * identity that the phone signs for the device. Learnt from Baileys' `validate-connection.js` and `messages-recv.js`.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import {
  aesDecryptGCM,
  Curve,
  derivePairingCodeKey,
  hmacSign,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import { SERVER } from '../protocol/jid.ts';
import { node } from '../protocol/node.ts';
import { sign } from '../protocol/signatures.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { PairingCodeAnswer, ServerContext } from '../server/context.ts';
import { askForPasskey, type CodeRequest, offerPairing, type PairingDesk, prepareDevice } from '../server/pairing.ts';
import { SandboxError } from '../server/sandbox-error.ts';
import { phoneIdentity } from './phone-identity.ts';

const KEY_BYTES = 32;
const ANSWER_TIMEOUT_MS = 10_000;

/** What a device must show for itself to be linked. */
type Credentials = Readonly<{ ref: string; noiseKey: Buffer; identityKey: Buffer; advSecret: Buffer }>;

type OpenCode = {
  request: CodeRequest;
  ephemeralPrivate: Uint8Array;
  companionEphemeral: Buffer;
  settle: (outcome: Promise<number>) => void;
};

export class Linking {
  readonly #context: ServerContext;
  readonly #desk: PairingDesk;
  readonly #phone: string;
  #openCode: OpenCode | undefined;

  constructor(context: ServerContext, desk: PairingDesk, phone: string) {
    this.#context = context;
    this.#desk = desk;
    this.#phone = phone;
  }

  /**
   * Scans a QR code. Resolves with the device's id once it is linked.
   * @param qr its text: `https://wa.me/settings/linked_devices#ref,noise,identity,secret,platform`, or the part after #.
   * @throws SandboxError when it is no such code, has expired, or the device does not confirm.
   */
  async scan(qr: string): Promise<number> {
    const [ref = '', noise = '', identity = '', secret = ''] = qr.slice(qr.indexOf('#') + 1).split(',');
    const keys = [noise, identity, secret].map((part) => Buffer.from(part, 'base64'));
    if (ref === '' || keys.some((key) => key.length !== KEY_BYTES)) {
      throw new SandboxError('invalid', 'This is not the QR code of a device that wants to be linked.');
    }
    const [noiseKey, identityKey, advSecret] = keys as [Buffer, Buffer, Buffer];
    return this.#link({ ref, noiseKey, identityKey, advSecret });
  }

  /**
   * Types a pairing code. Resolves with the device's id once it is linked.
   * @throws SandboxError when no device asked for one, or the code is wrong.
   */
  async enterCode(code: string): Promise<number> {
    const request = this.#desk.codeRequest(this.#phone);
    if (!request) throw new SandboxError('not-found', 'No device waits for a code from this phone number.');
    const { wrappedEphemeral: wrapped } = request;
    const companionKey = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
    const ephemeral = Curve.generateKeyPair();
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const ownKey = await derivePairingCodeKey(code, salt);
    const linked = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new SandboxError('unavailable', 'The device did not answer the code.')),
        ANSWER_TIMEOUT_MS,
      );
      this.#openCode = {
        request,
        ephemeralPrivate: ephemeral.private,
        companionEphemeral: ctr(createDecipheriv, companionKey, wrapped.subarray(32, 48), wrapped.subarray(48)),
        settle: (outcome) => {
          clearTimeout(timer);
          outcome.then(resolve, reject);
        },
      };
    });
    const hello = node('link_code_companion_reg', { stage: 'primary_hello' }, [
      node(
        'link_code_pairing_wrapped_primary_ephemeral_pub',
        {},
        Buffer.concat([salt, iv, ctr(createCipheriv, ownKey, iv, ephemeral.public)]),
      ),
      node('primary_identity_pub', {}, phoneIdentity(this.#context.store, this.#phone).identityKey.public),
      node('link_code_pairing_ref', {}, Buffer.from(request.ref)),
    ]);
    const attrs = {
      from: SERVER,
      id: this.#context.stanzaId(),
      type: 'link_code_companion_reg',
      t: String(nowSeconds()),
    };
    request.connection.send(node('notification', attrs, [hello]));
    return linked;
  }

  /** The device's answer to a typed code: its keys, under a secret that only the right code leads to. */
  finishCode(answer: PairingCodeAnswer): void {
    const open = this.#openCode;
    this.#openCode = undefined;
    open?.settle(this.#finish(open, answer));
  }

  async #finish(open: OpenCode, { wrappedKeyBundle: bundle, companionIdentity }: PairingCodeAnswer): Promise<number> {
    const { identityKey } = phoneIdentity(this.#context.store, this.#phone);
    const shared = Curve.sharedKey(open.ephemeralPrivate, open.companionEphemeral);
    const bundleKey = hkdf(shared, bundle.subarray(0, 32), 'link_code_pairing_key_bundle_encryption_key');
    const opened = openBundle(bundle, bundleKey);
    // identity of the companion ‖ identity of this phone ‖ 32 random bytes
    if (!opened?.subarray(0, 32).equals(companionIdentity)) throw new SandboxError('invalid', 'The code is wrong.');
    const identityShared = Curve.sharedKey(identityKey.private, companionIdentity);
    const advSecret = hkdf(Buffer.concat([shared, identityShared, opened.subarray(64)]), Buffer.alloc(0), 'adv_secret');
    return this.#link({
      ref: open.request.ref,
      noiseKey: open.request.noiseKey,
      identityKey: companionIdentity,
      advSecret,
    });
  }

  async #link({ ref, noiseKey, identityKey, advSecret }: Credentials): Promise<number> {
    const connection = this.#desk.waitingBehind(ref);
    const { registration } = connection;
    if (!registration.identityKey.equals(identityKey) || !registration.noiseKey.equals(noiseKey)) {
      throw new SandboxError('invalid', 'The code belongs to another device than the one that shows it.');
    }
    if (this.#context.faults.strike('passkey-wall', this.#phone)) {
      askForPasskey(this.#context, connection);
      throw new SandboxError('conflict', 'WhatsApp asks the new device for the passkey of this account.');
    }
    const device = prepareDevice(this.#context, this.#phone, registration);
    const identity = this.#signIdentity(device.keyIndex, identityKey);
    const sealed = proto.ADVSignedDeviceIdentityHMAC.encode({
      details: identity,
      hmac: hmacSign(identity, advSecret),
    }).finish();
    await offerPairing(this.#context, connection, device, Buffer.from(sealed));
    return device.id;
  }

  #signIdentity(keyIndex: number, companionIdentity: Buffer): Uint8Array {
    const { rawId } = this.#context.directory.requireAccount(this.#phone);
    const { identityKey } = phoneIdentity(this.#context.store, this.#phone);
    const details = proto.ADVDeviceIdentity.encode({
      rawId,
      timestamp: nowSeconds(),
      keyIndex,
      accountType: proto.ADVEncryptionType.E2EE,
      deviceType: proto.ADVEncryptionType.E2EE,
    }).finish();
    return proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: identityKey.public,
      accountSignature: sign(
        identityKey.private,
        Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, companionIdentity]),
      ),
    }).finish();
  }
}

type CipherFactory = typeof createCipheriv | typeof createDecipheriv;

function ctr(create: CipherFactory, key: Buffer, iv: Uint8Array, data: Uint8Array): Buffer {
  const cipher = create('aes-256-ctr', key, iv);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function hkdf(secret: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, KEY_BYTES));
}

/** salt 32 ‖ iv 12 ‖ AES-GCM; undefined when the key is wrong. */
function openBundle(bundle: Buffer, key: Buffer): Buffer | undefined {
  try {
    return aesDecryptGCM(bundle.subarray(44), key, bundle.subarray(32, 44), Buffer.alloc(0));
  } catch {
    return undefined;
  }
}
