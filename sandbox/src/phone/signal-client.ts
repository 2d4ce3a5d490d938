/** A phone's end-to-end encryption: Baileys' own Signal repository over the phone's keys. Other devices are named by LID. */
import {
  DEFAULT_CONNECTION_CONFIG,
  encodeWAMessage,
  generateSignalPubKey,
  proto,
  type SignalRepositoryWithLIDStore,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import pino from 'pino';
import { type BinaryNode, bytesOf, node, ProtocolViolation } from '../protocol/node.ts';
import type { KeyBundle, ServerContext } from '../server/context.ts';
import type { DeviceRef } from '../server/directory.ts';
import { addressOf } from '../server/groups/book.ts';
import { takeKeyBundle } from '../server/iq/encrypt.ts';
import type { Group } from '../store/rows.ts';
import { rollBackFailedTrials } from './libsignal-rollback.ts';
import { PhoneKeys } from './phone-keys.ts';
import { phoneIdentity } from './phone-identity.ts';

/** The repository logs keys at low levels; nothing of it is of use here. */
const SILENT = pino({ level: 'silent' });

export class SignalClient {
  readonly keys: PhoneKeys;
  readonly #context: ServerContext;
  readonly #phone: string;
  #made: SignalRepositoryWithLIDStore | undefined;

  constructor(context: ServerContext, phone: string) {
    rollBackFailedTrials();
    this.#context = context;
    this.#phone = phone;
    this.keys = new PhoneKeys(context.store, phone);
  }

  /** Encrypts a message for one device, as `<enc>`. Starts a session if there is none. */
  async encrypt(
    device: DeviceRef,
    message: proto.IMessage,
    attrs: Record<string, string | undefined> = {},
  ): Promise<BinaryNode> {
    const jid = this.#address(device);
    if (!(await this.#repository.validateSession(jid)).exists) {
      const bundle = takeKeyBundle(this.#context, device);
      if (!bundle) throw new Error(`device ${device.phone}:${device.id} has no keys`);
      await this.#startSession(jid, bundle);
    }
    const { type, ciphertext } = await this.#repository.encryptMessage({
      jid,
      data: encodeWAMessage(proto.Message.create(message)),
    });
    return node('enc', { v: '2', type, ...attrs }, ciphertext);
  }

  /** Decrypts one `<enc>`. @throws when there is no session for it or its ciphertext was decrypted before. */
  async decrypt(device: DeviceRef, enc: BinaryNode): Promise<proto.Message> {
    const type = enc.attrs['type'];
    const ciphertext = bytesOf(enc);
    if ((type !== 'pkmsg' && type !== 'msg') || !ciphertext)
      throw new ProtocolViolation(`cannot decrypt enc of type ${type}`);
    const padded = await this.#repository.decryptMessage({ jid: this.#address(device), type, ciphertext });
    return proto.Message.decode(unpadRandomMax16(padded));
  }

  /** Encrypts a message for a group, as `<enc>`; and the key that it was encrypted with, for devices that do not have it. */
  async encryptForGroup(
    group: Group,
    message: proto.IMessage,
  ): Promise<{ enc: BinaryNode; senderKey: proto.IMessage }> {
    const { ciphertext, senderKeyDistributionMessage } = await this.#repository.encryptGroupMessage({
      group: addressOf(group),
      meId: this.#ownAddress(group),
      data: encodeWAMessage(proto.Message.create(message)),
    });
    const enc = node('enc', { v: '2', type: 'skmsg' }, ciphertext);
    return { enc, senderKey: distribution(group, senderKeyDistributionMessage) };
  }

  /** The key for what will be sent to a group from now on. */
  async senderKeyOf(group: Group): Promise<proto.IMessage> {
    const meId = this.#ownAddress(group);
    return distribution(
      group,
      await this.#repository.getSenderKeyDistributionMessage({ group: addressOf(group), meId }),
    );
  }

  /** The next message to the group is encrypted with a new key. */
  forgetSenderKey(group: Group): void {
    const [user, device] = this.#repository.jidToSignalProtocolAddress(this.#ownAddress(group)).split('.');
    this.keys.set({ 'sender-key': { [`${addressOf(group)}::${user}::${device}`]: null } });
  }

  /** Takes the key that a device encrypts for a group with. */
  async takeSenderKey(author: string, item: proto.Message.ISenderKeyDistributionMessage): Promise<void> {
    await this.#repository.processSenderKeyDistributionMessage({ authorJid: author, item });
  }

  /** Decrypts what was encrypted for a whole group. @throws when the author's key is missing, or is used up so far. */
  async decryptFromGroup(group: Group, author: string, enc: BinaryNode): Promise<proto.Message> {
    const msg = bytesOf(enc);
    if (!msg) throw new ProtocolViolation('an enc has bytes');
    const padded = await this.#repository.decryptGroupMessage({ group: addressOf(group), authorJid: author, msg });
    return proto.Message.decode(unpadRandomMax16(padded));
  }

  /** Forgets the session with a device and starts another: with the keys that it sent, or with those at the server. */
  async renewSession(device: DeviceRef, bundle: KeyBundle | undefined): Promise<void> {
    const fresh = bundle ?? takeKeyBundle(this.#context, device);
    if (!fresh) throw new Error(`device ${device.phone}:${device.id} has no keys`);
    const jid = this.#address(device);
    await this.#repository.deleteSession([jid]);
    await this.#startSession(jid, fresh);
  }

  /** Made when it is first needed: most phones of a large group never encrypt anything. */
  get #repository(): SignalRepositoryWithLIDStore {
    if (this.#made) return this.#made;
    const { registrationId, identityKey, signedPreKey } = phoneIdentity(this.#context.store, this.#phone);
    const creds = {
      registrationId,
      signedIdentityKey: identityKey,
      signedPreKey: {
        keyId: signedPreKey.id,
        keyPair: { public: signedPreKey.value, private: signedPreKey.private },
        signature: signedPreKey.signature,
      },
    };
    this.#made = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys: this.keys }, SILENT);
    return this.#made;
  }

  #ownAddress({ addressing }: Group): string {
    return this.#context.directory.userJid(this.#phone, addressing);
  }

  #address(device: DeviceRef): string {
    return this.#context.directory.jidOf(device, 'lid');
  }

  async #startSession(jid: string, { registrationId, identityKey, signedPreKey, preKey }: KeyBundle): Promise<void> {
    const session = {
      registrationId,
      identityKey: generateSignalPubKey(identityKey),
      signedPreKey: {
        keyId: signedPreKey.id,
        publicKey: generateSignalPubKey(signedPreKey.value),
        signature: signedPreKey.signature,
      },
      ...(preKey && { preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.value) } }),
    };
    await this.#repository.injectE2ESession({ jid, session });
  }
}

const distribution = (group: Group, key: Uint8Array): proto.IMessage => ({
  senderKeyDistributionMessage: { groupId: addressOf(group), axolotlSenderKeyDistributionMessage: key },
});
