/** A virtual phone: device 0 of an account, a complete client of its own that happens to live beside the server. */
import type { proto } from '@whiskeysockets/baileys';
import { type BinaryNode, child, children, node } from '../protocol/node.ts';
import type { PairingCodeAnswer, ServerContext } from '../server/context.ts';
import { type DeviceRef, deviceKey, PHONE_DEVICE } from '../server/directory.ts';
import { addressOf, findGroup } from '../server/groups/book.ts';
import type { MediaHost } from '../server/media-host.ts';
import type { PairingDesk } from '../server/pairing.ts';
import { onChatState, setAvailable } from '../server/presence.ts';
import { relayReceipt } from '../server/receipts.ts';
import { SandboxError } from '../server/sandbox-error.ts';
import { nowSeconds } from '../protocol/time.ts';
import type { ChatMessage } from '../store/rows.ts';
import { catchUp, PUSH_NAME_COLLECTION, sharePushName } from './app-state.ts';
import { bootstrapMessages } from './bootstrap.ts';
import { Chats } from './chats.ts';
import { Inbox } from './inbox.ts';
import { Linking } from './linking.ts';
import { Outbox } from './outbox.ts';
import { SignalClient } from './signal-client.ts';

export type TypingState = 'composing' | 'recording' | 'paused';

export class VirtualPhone {
  readonly phone: string;
  readonly chats: Chats;
  readonly linking: Linking;
  readonly #context: ServerContext;
  readonly #device: DeviceRef;
  readonly #signal: SignalClient;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  #last: Promise<unknown> = Promise.resolve();
  #isDraining = false;
  #isClosed = false;

  constructor(context: ServerContext, desk: PairingDesk, mediaHost: MediaHost, phone: string) {
    this.phone = phone;
    this.#context = context;
    this.#device = { phone, id: PHONE_DEVICE };
    this.#signal = new SignalClient(context, phone);
    this.chats = new Chats(context, phone);
    this.linking = new Linking(context, desk, phone);
    this.#outbox = new Outbox(context, phone, this.#signal, this.chats);
    this.#inbox = new Inbox(context, phone, {
      signal: this.#signal,
      chats: this.chats,
      outbox: this.#outbox,
      mediaHost,
    });
    if (this.#isOnline) setAvailable(context, this.#device, true);
  }

  /** Works off what waits at the server, if the phone is online. */
  wake(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    void this.#drain().finally(() => {
      this.#isDraining = false;
      // Something may have come in after the last look.
      if (this.#next()) this.wake();
    });
  }

  /**
   * Sends a message. Resolves once it is kept: in the chat and in the queues of all who get it.
   * @param id WhatsApp message id; a message of this phone in the same chat with this id is returned as it is.
   * @throws SandboxError when the phone is offline.
   */
  async send(to: string, message: proto.IMessage, id?: string): Promise<ChatMessage> {
    return this.#exclusive(async () => {
      const known = id === undefined ? undefined : this.chats.find(to, this.phone, id);
      if (known) return known;
      if (!this.#isOnline) throw new SandboxError('conflict', 'This phone is offline. Bring it online, then send.');
      const prepared = await this.#outbox.prepare(to, message, id);
      return this.#commit(() => this.#outbox.commit(prepared));
    });
  }

  /** Blue ticks for all that was received from a person or in a group; `played` also starts the voice messages. Returns the ids. */
  read(from: string, kind: 'read' | 'played'): string[] {
    const { store, directory, addressing } = this.#context;
    const rows = this.chats.unread(from, kind);
    const group = findGroup(this.#context, from);
    return store.transaction(() => {
      this.chats.markReceived(rows, kind);
      // A receipt goes to the device that sent the message; one receipt lists all of its messages.
      for (const [author, sent] of byAuthor(rows)) {
        const [first = '', ...more] = sent.map((row) => row.id);
        const jid = directory.jidOf(author, group?.addressing ?? addressing);
        const about = group ? { to: addressOf(group), participant: jid } : { to: jid };
        const list =
          more.length > 0
            ? [
                node(
                  'list',
                  {},
                  more.map((id) => node('item', { id })),
                ),
              ]
            : undefined;
        const attrs = { id: first, ...about, type: kind, t: String(nowSeconds()) };
        relayReceipt(this.#context, this.#device, node('receipt', attrs, list));
      }
      return rows.map((row) => row.id);
    });
  }

  type(to: string, state: TypingState): void {
    const tag = state === 'paused' ? 'paused' : 'composing';
    const group = findGroup(this.#context, to);
    const attrs = { to: group ? to : this.#context.directory.userJid(to, this.#context.addressing) };
    const media = state === 'recording' ? { media: 'audio' } : {};
    onChatState(this.#context, this.#device, node('chatstate', attrs, [node(tag, media)]));
  }

  setOnline(online: boolean): void {
    this.#context.directory.update(this.phone, { online });
    setAvailable(this.#context, this.#device, online);
    this.#context.events.emit({ type: 'phone', phone: this.phone });
    this.wake();
  }

  async rename(name: string): Promise<void> {
    this.#context.directory.update(this.phone, { name });
    await this.#exclusive(() => sharePushName(this.#context, this.phone));
    this.#context.events.emit({ type: 'phone', phone: this.phone });
  }

  finishPairingCode(answer: PairingCodeAnswer): void {
    this.linking.finishCode(answer);
  }

  /** Gives a newly linked companion the keys to the account's settings, and its chats. */
  bootstrap(device: DeviceRef): void {
    this.#background('bootstrap', async () => {
      const { directory } = this.#context;
      if (directory.companion(device)?.bootstrapped) return;
      if (!directory.companionsOf(this.phone).some((companion) => companion.bootstrapped))
        await sharePushName(this.#context, this.phone);
      const deliveries: (() => void)[] = [];
      for (const message of bootstrapMessages(this.#context, this.phone, this.chats)) {
        deliveries.push(await this.#outbox.preparePeerMessage(device, message));
      }
      this.#commit(() => {
        for (const deliverOne of deliveries) deliverOne();
        directory.updateCompanion(device, { bootstrapped: true });
      });
    });
  }

  appStateChanged(collection: string): void {
    if (collection !== PUSH_NAME_COLLECTION) return;
    this.#background('app state', async () => {
      await catchUp(this.#context, this.phone, PUSH_NAME_COLLECTION);
      this.#context.events.emit({ type: 'phone', phone: this.phone });
    });
  }

  /** Somebody is typing. */
  receiveLive(stanza: BinaryNode): void {
    const from = this.#context.directory.find(stanza.attrs['participant'] ?? stanza.attrs['from'])?.phone;
    if (stanza.tag !== 'chatstate' || from === undefined) return;
    const isRecording = child(stanza, 'composing')?.attrs['media'] === 'audio';
    const state = children(stanza)[0]?.tag === 'paused' ? 'paused' : isRecording ? 'recording' : 'composing';
    const group = findGroup(this.#context, stanza.attrs['from']);
    const chat = group ? addressOf(group) : from;
    this.#context.events.emit({ type: 'typing', phone: this.phone, from, with: chat, state });
  }

  /** Stops after the work at hand. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
  }

  get #isOnline(): boolean {
    return this.#context.directory.requireAccount(this.phone).online;
  }

  #next(): [string, BinaryNode] | undefined {
    if (this.#isClosed || !this.#isOnline) return undefined;
    for (const [sequence, row] of this.#context.store.tables.pending.group(deviceKey(this.#device)))
      return [sequence, row.node];
    return undefined;
  }

  async #drain(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      const [sequence, stanza] = next;
      await this.#exclusive(() => this.#receive(sequence, stanza));
    }
  }

  async #receive(sequence: string, stanza: BinaryNode): Promise<void> {
    const remove = () => this.#context.store.tables.pending.delete(deviceKey(this.#device), sequence);
    try {
      const complete = await this.#inbox.open(stanza);
      this.#commit(() => {
        complete();
        remove();
      });
    } catch (error) {
      // A stanza that cannot be worked off now never will: it must not block those behind it.
      this.#context.log.error({ err: error, phone: this.phone, id: stanza.attrs['id'] }, 'phone dropped a stanza');
      this.#context.store.transaction(remove);
    }
  }

  /** Keeps the Signal client's steps and what was done with them, as one. */
  #commit<T>(work: () => T): T {
    return this.#context.store.transaction(() => {
      this.#signal.keys.commit();
      return work();
    });
  }

  /** One at a time: the Signal client's staged keys belong to one piece of work. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = async () => {
      try {
        return await work();
      } finally {
        this.#signal.keys.discard();
      }
    };
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  #background(what: string, work: () => Promise<void>): void {
    this.#exclusive(work).catch((error: unknown) =>
      this.#context.log.error({ err: error, phone: this.phone }, `phone: ${what} failed`),
    );
  }
}

/** Messages by the device that sent them. */
function byAuthor(rows: readonly ChatMessage[]): [DeviceRef, ChatMessage[]][] {
  const authors = new Map<string, [DeviceRef, ChatMessage[]]>();
  for (const row of rows) {
    const device = { phone: row.from, id: row.senderDevice };
    const entry = authors.get(deviceKey(device));
    if (entry) entry[1].push(row);
    else authors.set(deviceKey(device), [device, [row]]);
  }
  return [...authors.values()];
}
