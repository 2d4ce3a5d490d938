/** Sending from a phone: for each device of the chat partner and each companion of one's own a ciphertext. */
import { generateMessageIDV2, proto } from '@whiskeysockets/baileys';
import { type BinaryNode, node } from '../protocol/node.ts';
import { parseUserJid } from '../protocol/jid.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ServerContext } from '../server/context.ts';
import { deliver, receiptIds } from '../server/delivery.ts';
import { type DeviceRef, PHONE_DEVICE } from '../server/directory.ts';
import { findGroup } from '../server/groups/book.ts';
import { readRetryBundle } from '../server/iq/encrypt.ts';
import { relayMessage } from '../server/messages.ts';
import type { ChatMessage } from '../store/rows.ts';
import type { Chats } from './chats.ts';
import { GroupOutbox } from './group-outbox.ts';
import { MAX_RETRIES, type PreparedMessage, retryCount, rowOf, stanzaTraits } from './prepared-message.ts';
import type { SignalClient } from './signal-client.ts';

export class Outbox {
  readonly #context: ServerContext;
  readonly #phone: string;
  readonly #signal: SignalClient;
  readonly #chats: Chats;
  readonly #toGroups: GroupOutbox;

  constructor(context: ServerContext, phone: string, signal: SignalClient, chats: Chats) {
    this.#context = context;
    this.#phone = phone;
    this.#signal = signal;
    this.#chats = chats;
    this.#toGroups = new GroupOutbox(context, phone, signal, chats);
  }

  /** Encrypts a message for everybody. @param to a phone number or a group. The caller holds the phone's lock and commits with `commit`. */
  async prepare(to: string, message: proto.IMessage, id = generateMessageIDV2()): Promise<PreparedMessage> {
    const { directory, addressing } = this.#context;
    const group = findGroup(this.#context, to);
    if (group) return this.#toGroups.prepare(group, message, id);
    const destinationJid = directory.userJid(to, addressing);
    const copy = { deviceSentMessage: { destinationJid, message } };
    const participants: BinaryNode[] = [];
    for (const device of this.#audience(to)) {
      const enc = await this.#signal.encrypt(device, device.phone === this.#phone ? copy : message);
      participants.push(node('to', { jid: directory.jidOf(device, addressing) }, [enc]));
    }
    const attrs = { id, to: destinationJid, ...stanzaTraits(message) };
    const stanza = node('message', attrs, [node('participants', {}, participants)]);
    return { stanza, row: rowOf({ id, chat: to, from: this.#phone }, message) };
  }

  /** Hands a prepared message to the server and puts it into the chat. To be called in the transaction that keeps the keys. */
  commit({ stanza, row }: PreparedMessage): ChatMessage {
    const refusal = relayMessage(this.#context, { phone: this.#phone, id: PHONE_DEVICE }, stanza);
    return this.#chats.add(refusal ? { ...row, status: 'failed', error: refusal.error } : { ...row, status: 'sent' });
  }

  /** A device could not decrypt a message of this phone: encrypts it again, for that device alone. */
  async prepareRetry(receipt: BinaryNode): Promise<(() => void) | undefined> {
    const { directory, addressing } = this.#context;
    const group = findGroup(this.#context, receipt.attrs['from']);
    if (group) return this.#toGroups.prepareRetry(group, receipt);
    const account = directory.find(receipt.attrs['from']);
    const device = account && { phone: account.phone, id: parseUserJid(receipt.attrs['from'])?.device ?? PHONE_DEVICE };
    const count = retryCount(receipt);
    if (!device || count > MAX_RETRIES) return undefined;
    const isOwn = device.phone === this.#phone;
    const chat = isOwn ? directory.find(receipt.attrs['recipient'])?.phone : device.phone;
    const row = chat === undefined ? undefined : this.#chats.find(chat, this.#phone, receiptIds(receipt)[0] ?? '');
    if (!row) return undefined;
    await this.#signal.renewSession(device, readRetryBundle(receipt));
    const message = proto.Message.decode(row.content);
    const destinationJid = directory.userJid(row.chat, addressing);
    const enc = await this.#signal.encrypt(
      device,
      isOwn ? { deviceSentMessage: { destinationJid, message } } : message,
      { count: String(count) },
    );
    const attrs = {
      id: row.id,
      to: directory.jidOf(device, addressing),
      type: 'text',
      recipient: isOwn ? destinationJid : undefined,
    };
    return () => relayMessage(this.#context, { phone: this.#phone, id: PHONE_DEVICE }, node('message', attrs, [enc]));
  }

  /** Prepares a word to one's own companion that is part of no chat (keys, history). */
  async preparePeerMessage(device: DeviceRef, message: proto.IMessage): Promise<() => void> {
    const enc = await this.#signal.encrypt(device, message);
    const from = this.#context.directory.userJid(this.#phone, 'pn');
    const attrs = { from, id: generateMessageIDV2(), type: 'text', category: 'peer', t: String(nowSeconds()) };
    return () => deliver(this.#context, device, node('message', attrs, [enc]));
  }

  /** Devices that get a copy: all of the partner's and all of one's own, but this phone. */
  #audience(to: string): DeviceRef[] {
    const { directory } = this.#context;
    const own = directory.devicesOf(this.#phone).filter((device) => device.id !== PHONE_DEVICE);
    return to === this.#phone ? own : [...directory.devicesOf(to), ...own];
  }
}
