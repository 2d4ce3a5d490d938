/**
 * What the phone's queue at the server brings. Each stanza is worked off in one transaction: the step of the ratchet,
 * the message in its chat, the receipts, and the stanza's removal from the queue. Killed before it, the phone does it
 * all again after the restart; killed after it, nothing is left to do.
 */
import { proto } from '@whiskeysockets/baileys';
import { parseUserJid } from '../protocol/jid.ts';
import { bigEndian, type BinaryNode, children, node } from '../protocol/node.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ServerContext } from '../server/context.ts';
import { receiptIds } from '../server/delivery.ts';
import { type DeviceRef, PHONE_DEVICE } from '../server/directory.ts';
import { addressOf, findGroup, sizeOf } from '../server/groups/book.ts';
import { relayReceipt } from '../server/receipts.ts';
import type { MediaHost } from '../server/media-host.ts';
import type { Group } from '../store/rows.ts';
import type { Chats } from './chats.ts';
import { decryptFromGroup } from './group-inbox.ts';
import { answerMediaRetry, type RetryRooms } from './media-retry.ts';
import { describeMessage } from './message-content.ts';
import type { Outbox } from './outbox.ts';
import { phoneIdentity, takePhoneKeyBundle } from './phone-identity.ts';
import { MAX_RETRIES, type PreparedMessage, stanzaTraits } from './prepared-message.ts';
import type { SignalClient } from './signal-client.ts';

/** Finishes the stanza. Runs in the transaction that removes it from the queue. */
export type Completion = () => void;

const IGNORED: Completion = () => undefined;

/** `chat` is the other person's phone number, or the group's address. */
type Received = Readonly<{
  sender: DeviceRef;
  chat: string;
  group: Group | undefined;
  id: string;
  stanza: BinaryNode;
}>;

export class Inbox {
  readonly #context: ServerContext;
  readonly #phone: string;
  readonly #signal: SignalClient;
  readonly #chats: Chats;
  readonly #outbox: Outbox;
  readonly #retry: RetryRooms;

  constructor(
    context: ServerContext,
    phone: string,
    rooms: { signal: SignalClient; chats: Chats; outbox: Outbox; mediaHost: MediaHost },
  ) {
    this.#context = context;
    this.#phone = phone;
    this.#signal = rooms.signal;
    this.#chats = rooms.chats;
    this.#outbox = rooms.outbox;
    this.#retry = { context, chats: rooms.chats, mediaHost: rooms.mediaHost };
  }

  /** Does all that takes time (decryption); the rest is in the completion. The caller holds the phone's lock. */
  async open(stanza: BinaryNode): Promise<Completion> {
    if (stanza.tag === 'receipt') return this.#openReceipt(stanza);
    if (stanza.tag === 'message') return this.#openMessage(stanza);
    return IGNORED;
  }

  async #openReceipt(receipt: BinaryNode): Promise<Completion> {
    const { type, from, recipient, participant, t } = receipt.attrs;
    if (type === 'server-error') return () => answerMediaRetry(this.#retry, this.#phone, receipt);
    if (type === 'retry') return (await this.#outbox.prepareRetry(receipt)) ?? IGNORED;
    const { directory } = this.#context;
    const ids = receiptIds(receipt);
    if (type === 'read-self') {
      const chat = this.#chatAt(recipient);
      if (chat === undefined) return IGNORED;
      return () =>
        this.#chats.markReceived(
          this.#chats.unread(chat).filter((row) => ids.includes(row.id)),
          'read',
        );
    }
    const chat = this.#chatAt(from);
    const kind = type === undefined ? 'delivered' : type === 'read' || type === 'played' ? type : undefined;
    if (chat === undefined || chat === this.#phone || kind === undefined) return IGNORED;
    const at = Math.max(Number(t ?? 0) * 1000, Date.now() - 1000);
    const reader = directory.find(participant)?.phone;
    if (reader === this.#phone) return IGNORED;
    return () =>
      reader === undefined
        ? this.#chats.onReceipt(chat, ids, kind, at)
        : this.#chats.onGroupReceipt(chat, reader, ids, kind, at);
  }

  /** The chat that an address stands for. */
  #chatAt(jid: string | undefined): string | undefined {
    const group = findGroup(this.#context, jid);
    return group ? addressOf(group) : this.#context.directory.find(jid)?.phone;
  }

  async #openMessage(stanza: BinaryNode): Promise<Completion> {
    const { from, recipient, participant, id = '' } = stanza.attrs;
    const { directory, stats } = this.#context;
    const group = findGroup(this.#context, from);
    const authorJid = group ? participant : from;
    const author = directory.find(authorJid);
    if (!author) return IGNORED;
    const sender = { phone: author.phone, id: parseUserJid(authorJid)?.device ?? PHONE_DEVICE };
    const partner = sender.phone === this.#phone ? (directory.find(recipient)?.phone ?? this.#phone) : sender.phone;
    const chat = group ? addressOf(group) : partner;
    const received: Received = { sender, chat, group, id, stanza };
    const isDuplicate = this.#chats.find(chat, sender.phone, id) !== undefined;
    const message = await this.#decrypt(received);
    if (isDuplicate) {
      return () => {
        stats.duplicates += 1;
        this.#confirm(received);
      };
    }
    if (!message) return this.#askAgain(received);
    if (stanza.attrs['category'] === 'peer') return IGNORED;
    const reply = await this.#prepareReply(received, message);
    return () => this.#keep(received, message, reply);
  }

  /** Undefined when no part of the message could be decrypted. */
  async #decrypt({ sender, group, stanza }: Received): Promise<proto.IMessage | undefined> {
    if (group) return decryptFromGroup(this.#signal, this.#context.log, { group, sender, stanza });
    for (const enc of children(stanza, 'enc')) {
      try {
        const message = await this.#signal.decrypt(sender, enc);
        return message.deviceSentMessage?.message ?? message;
      } catch (error) {
        this.#signal.keys.discard();
        this.#context.log.debug({ err: error, phone: this.#phone, id: stanza.attrs['id'] }, 'phone could not decrypt');
      }
    }
    return undefined;
  }

  #keep(received: Received, message: proto.IMessage, reply: PreparedMessage | undefined): void {
    const { sender, chat, group, id, stanza } = received;
    const isOwn = sender.phone === this.#phone;
    if (!tellsOfChange(stanza, message)) this.#context.stats.protocolViolations += 1;
    this.#chats.add({
      id,
      chat,
      from: sender.phone,
      to: isOwn || group ? chat : this.#phone,
      timestamp: Number(stanza.attrs['t'] ?? nowSeconds()) * 1000,
      content: Buffer.from(proto.Message.encode(message).finish()),
      senderDevice: sender.id,
      status: isOwn ? 'sent' : 'delivered',
      ...(isOwn && group && { audience: sizeOf(this.#context, group) - 1 }),
    });
    this.#confirm(received);
    if (reply) this.#outbox.commit(reply);
  }

  #confirm({ sender, chat, id, stanza }: Received): void {
    const { attrs } = stanza;
    if (sender.phone === this.#phone || attrs['category'] === 'peer') return;
    const device = { phone: this.#phone, id: PHONE_DEVICE };
    const about = { id, to: attrs['from'], participant: attrs['participant'] };
    relayReceipt(this.#context, device, node('receipt', about));
    if (!this.#context.directory.requireAccount(this.#phone).autoRead) return;
    const row = this.#chats.find(chat, sender.phone, id);
    if (row) this.#chats.markReceived([row], 'read');
    relayReceipt(this.#context, device, node('receipt', { ...about, type: 'read', t: String(nowSeconds()) }));
  }

  /** The retry receipt, as Baileys' `sendRetryRequest` writes it: from the second time on with keys for a new session. */
  #askAgain({ sender, group, id, stanza }: Received): Completion {
    this.#context.stats.undecryptable += 1;
    const tries = Math.max(...children(stanza, 'enc').map((enc) => Number(enc.attrs['count'] ?? 0)));
    const count = tries + 1;
    // In a group a phone may lack the key of another phone; between the two alone they always understand each other.
    const isAskable = group !== undefined || this.#context.directory.companion(sender) !== undefined;
    if (count > MAX_RETRIES || !isAskable) return IGNORED;
    const { from, t, recipient, participant } = stanza.attrs;
    return () => {
      const retry = node('retry', { count: String(count), id, t, v: '1', error: '0' });
      const { registrationId } = phoneIdentity(this.#context.store, this.#phone);
      const parts = [
        retry,
        node('registration', {}, bigEndian(registrationId, 4)),
        ...(count > 1 ? [this.#keys()] : []),
      ];
      const attrs = { id, to: from, type: 'retry', recipient, participant };
      relayReceipt(this.#context, { phone: this.#phone, id: PHONE_DEVICE }, node('receipt', attrs, parts));
    };
  }

  #keys(): BinaryNode {
    const { identityKey, signedPreKey, preKey } = takePhoneKeyBundle(this.#context.store, this.#phone);
    const key = preKey && node('key', {}, [node('id', {}, bigEndian(preKey.id, 3)), node('value', {}, preKey.value)]);
    return node('keys', {}, [
      node('type', {}, Buffer.from([5])),
      node('identity', {}, identityKey),
      ...(key ? [key] : []),
      node('skey', {}, [
        node('id', {}, bigEndian(signedPreKey.id, 3)),
        node('value', {}, signedPreKey.value),
        node('signature', {}, signedPreKey.signature),
      ]),
    ]);
  }

  /** An answering phone answers people, not other answering phones, and is quiet in groups. */
  async #prepareReply({ sender, group, id }: Received, message: proto.IMessage): Promise<PreparedMessage | undefined> {
    const { directory } = this.#context;
    const { autoReply } = directory.requireAccount(this.#phone);
    if (
      group ||
      autoReply === null ||
      sender.phone === this.#phone ||
      directory.requireAccount(sender.phone).autoReply !== null
    )
      return undefined;
    const { kind, text } = describeMessage(message);
    if (['edit', 'delete', 'reaction', 'vote'].includes(kind)) return undefined;
    const answer = autoReply.replaceAll('{text}', text === '' ? `(${kind})` : text);
    return this.#outbox.prepare(sender.phone, { conversation: answer }, replyId(id));
  }
}

/** The stanza of an edit or a deletion says that it is one; only one that is encrypted again for a single device does not. */
function tellsOfChange(stanza: BinaryNode, message: proto.IMessage): boolean {
  const isRepeated = children(stanza, 'enc').some((enc) => enc.attrs['count'] !== undefined);
  return isRepeated || stanza.attrs['edit'] === stanzaTraits(message).edit;
}

/** The same for the same question, so that answering twice shows once. */
function replyId(questionId: string): string {
  return `R${questionId}`.slice(0, 40);
}
