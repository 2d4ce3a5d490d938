/**
 * Sending to a group: one ciphertext for all, under a key of the sender's own. Each device gets that key once, in a message
 * of its own; when somebody has gone, the key is thrown away, so that he cannot read on.
 */
import { proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';
import { type BinaryNode, node } from '../protocol/node.ts';
import type { ServerContext } from '../server/context.ts';
import { receiptIds } from '../server/delivery.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from '../server/directory.ts';
import { addressOf, isMember, sizeOf } from '../server/groups/book.ts';
import { devicesIn, refusalOf } from '../server/groups/relay.ts';
import { readRetryBundle } from '../server/iq/encrypt.ts';
import { relayMessage } from '../server/messages.ts';
import type { Group } from '../store/rows.ts';
import type { Chats } from './chats.ts';
import { MAX_RETRIES, type PreparedMessage, retryCount, rowOf, stanzaTraits } from './prepared-message.ts';
import type { SignalClient } from './signal-client.ts';

type Holders = SignalDataTypeMap['sender-key-memory'];

export class GroupOutbox {
  readonly #context: ServerContext;
  readonly #device: DeviceRef;
  readonly #signal: SignalClient;
  readonly #chats: Chats;

  constructor(context: ServerContext, phone: string, signal: SignalClient, chats: Chats) {
    this.#context = context;
    this.#device = { phone, id: PHONE_DEVICE };
    this.#signal = signal;
    this.#chats = chats;
  }

  /** Encrypts a message for the group. The caller holds the phone's lock. */
  async prepare(group: Group, message: proto.IMessage, id: string): Promise<PreparedMessage> {
    const to = addressOf(group);
    const attrs = { id, to, ...stanzaTraits(message), addressing_mode: group.addressing };
    const row = {
      ...rowOf({ id, chat: to, from: this.#device.phone }, message),
      audience: sizeOf(this.#context, group) - 1,
    };
    // The server will not take it: nobody would get the key that is noted down here as theirs.
    if (refusalOf(this.#context, group, this.#device.phone)) return { stanza: node('message', attrs), row };
    const audience = this.#audience(group);
    const holders = this.#holders(group, audience);
    const { enc, senderKey } = await this.#signal.encryptForGroup(group, message);
    const participants: BinaryNode[] = [];
    for (const device of audience) {
      const key = deviceKey(device);
      if (holders[key]) continue;
      holders[key] = true;
      const own = await this.#signal.encrypt(device, senderKey);
      const jid = this.#context.directory.jidOf(device, group.addressing);
      participants.push(node('to', { jid }, [own]));
    }
    this.#signal.keys.set({ 'sender-key-memory': { [to]: holders } });
    const parts = participants.length > 0 ? [node('participants', {}, participants), enc] : [enc];
    return { stanza: node('message', attrs, parts), row };
  }

  /** A device could not read a message of this phone: encrypts it for that device alone, with the key for the next ones. */
  async prepareRetry(group: Group, receipt: BinaryNode): Promise<(() => void) | undefined> {
    const { directory } = this.#context;
    const to = addressOf(group);
    const device = directory.findDevice(receipt.attrs['participant']);
    const count = retryCount(receipt);
    if (!device || count > MAX_RETRIES || !isMember(this.#context, group, device.phone)) return undefined;
    const row = this.#chats.find(to, this.#device.phone, receiptIds(receipt)[0] ?? '');
    if (!row) return undefined;
    await this.#signal.renewSession(device, readRetryBundle(receipt));
    const message = Object.assign(proto.Message.decode(row.content), await this.#signal.senderKeyOf(group));
    const isOwn = device.phone === this.#device.phone;
    const content = isOwn ? { deviceSentMessage: { destinationJid: to, message } } : message;
    const enc = await this.#signal.encrypt(device, content, { count: String(count) });
    const { type } = stanzaTraits(message);
    const attrs = { id: row.id, to, type, participant: directory.jidOf(device, group.addressing) };
    return () => relayMessage(this.#context, this.#device, node('message', attrs, [enc]));
  }

  /** Devices that get the message: everybody's but this phone, without those phones that read nothing. */
  #audience(group: Group): DeviceRef[] {
    const isSilent = ({ phone, id }: DeviceRef) =>
      id === PHONE_DEVICE && this.#context.directory.requireAccount(phone).silent;
    return devicesIn(this.#context, group).filter(
      (device) => deviceKey(device) !== deviceKey(this.#device) && !isSilent(device),
    );
  }

  /** Devices that have this phone's key for the group: none, when one of them is no longer in it. */
  #holders(group: Group, audience: readonly DeviceRef[]): Holders {
    const address = addressOf(group);
    const { [address]: known = {} } = this.#signal.keys.get('sender-key-memory', [address]);
    const present = new Set(audience.map((device) => deviceKey(device)));
    if (Object.keys(known).every((key) => present.has(key))) return { ...known };
    this.#signal.forgetSenderKey(group);
    return {};
  }
}
