/** A plain Baileys client with keys in memory: what a linked device does, for tests. */
import https from 'node:https';
import {
  type AnyMessageContent,
  type BaileysEventMap,
  type BinaryNode,
  type ConnectionState,
  DisconnectReason,
  downloadMediaMessage,
  makeWASocket,
  normalizeMessageContent,
  type proto,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import communitiesLogger from '@whiskeysockets/baileys/lib/Utils/logger.js';
import pino from 'pino';
import { Agent } from 'undici';
import type { Trust } from '../index.ts';
import { silenceLibsignal } from '../silence-libsignal.ts';
import { EventLog } from './event-log.ts';
import { memoryAuth, type MemoryAuth } from './memory-auth.ts';
import { trustSandbox } from './trust-sandbox.ts';
import { unrefLongTimers } from './unref-long-timers.ts';

silenceLibsignal();
// What Baileys does with communities it writes to stdout, whatever logger it was given.
communitiesLogger.level = 'silent';
unrefLongTimers();

export type ClientEvent =
  | { [K in keyof BaileysEventMap]: { type: K; data: BaileysEventMap[K] } }[keyof BaileysEventMap]
  /** The server's `<ack class=message>`. */
  | { type: 'ack'; data: BinaryNode['attrs'] }
  /** A `<message>` as it came off the wire, before Baileys does anything with it, and the kinds of its ciphertexts. */
  | { type: 'stanza'; data: BinaryNode['attrs']; encs: readonly string[] }
  /** A `<notification>` as it came off the wire. */
  | { type: 'notification'; data: BinaryNode };

export type ClientOptions = Readonly<{
  trust: Trust;
  name?: string;
  /** Another client's, to be the same device again. */
  auth?: MemoryAuth;
  config?: Partial<UserFacingSocketConfig>;
}>;

/** What to do with the first QR of an unlinked device. */
export type OnQr = (qr: string, socket: WASocket) => unknown;

/** The connection is closed; `code` is one of Baileys' DisconnectReason. */
export class ClientClosed extends Error {
  readonly code: number | undefined;

  constructor(code: number | undefined, options?: ErrorOptions) {
    super(`connection closed with ${code}`, options);
    this.code = code;
  }
}

export class BaileysClient {
  readonly auth: MemoryAuth;
  readonly log = new EventLog<ClientEvent>();
  readonly #options: ClientOptions;
  readonly #sent = new Map<string, proto.IMessage>();
  readonly #agent: https.Agent;
  readonly #dispatcher: Agent;
  #socket: WASocket | undefined;
  #closed: Promise<number | undefined> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.auth = options.auth ?? memoryAuth();
    trustSandbox(options.trust);
    this.#agent = new https.Agent({ ca: options.trust.mediaCa });
    this.#dispatcher = new Agent({ connect: { ca: options.trust.mediaCa } });
  }

  get socket(): WASocket {
    if (!this.#socket) throw new Error('not connected yet');
    return this.#socket;
  }

  get isOpen(): boolean {
    return this.#socket?.ws.isOpen ?? false;
  }

  /** The account's phone number, digits only. */
  get phone(): string {
    return this.auth.creds.me?.id.split(/[:@]/)[0] ?? '';
  }

  /** Connects, pairing first if need be, and resolves once open. @throws ClientClosed when it is closed instead. */
  async connect(onQr?: OnQr): Promise<this> {
    for (;;) {
      const closed = await this.#openOnce(onQr);
      if (!closed) return this;
      // After pairing the server asks the device to log in anew, as what it now is.
      if (closed.code !== DisconnectReason.restartRequired) throw closed;
    }
  }

  /** Resolves with the code when the current connection closes. */
  closed(): Promise<number | undefined> {
    this.#closed ??= new Promise((resolve) => {
      this.socket.ev.on('connection.update', (update) => {
        if (update.connection === 'close') resolve(codeOf(update));
      });
    });
    return this.#closed;
  }

  async disconnect(): Promise<void> {
    await this.#socket?.end(undefined);
  }

  /** Ends everything; the process may exit. */
  async close(): Promise<void> {
    await this.disconnect();
    this.#agent.destroy();
    await this.#dispatcher.destroy();
  }

  /** The account's settings have arrived: from now on presence is sent and receipts count. */
  settled(): Promise<string> {
    return this.log.waitFor('the push name', (event) =>
      event.type === 'creds.update' ? event.data.me?.name : undefined,
    );
  }

  async send(to: string, content: AnyMessageContent, id?: string): Promise<string> {
    const jid = to.includes('@') ? to : `${to}@s.whatsapp.net`;
    const sent = await this.socket.sendMessage(jid, content, id === undefined ? {} : { messageId: id });
    const sentId = sent?.key.id;
    if (!sentId) throw new Error('the message has no id');
    if (sent.message) this.#sent.set(sentId, sent.message);
    return sentId;
  }

  /** The server's ack of a sent message; `error` is set when it was refused. */
  acked(id: string): Promise<BinaryNode['attrs']> {
    return this.log.waitFor(`the ack of ${id}`, (event) =>
      event.type === 'ack' && event.data['id'] === id ? event.data : undefined,
    );
  }

  /** A message, received or sent by another device of the account, that `matches`. */
  message(what: string, matches: (message: WAMessage) => boolean, since?: number): Promise<WAMessage> {
    const read = (event: ClientEvent) =>
      event.type === 'messages.upsert' ? event.data.messages.find(matches) : undefined;
    return this.log.waitFor(what, read, since === undefined ? {} : { since });
  }

  text(text: string, since?: number): Promise<WAMessage> {
    return this.message(`the text "${text}"`, (message) => textOf(message) === text, since);
  }

  /** Resolves once a sent message has reached at least a `proto.WebMessageInfo.Status`; 0 is a failure. */
  status(id: string, status: number): Promise<number> {
    const fits = (value: unknown) => typeof value === 'number' && (status === 0 ? value === 0 : value >= status);
    return this.log.waitFor(`status ${status} of ${id}`, (event) => {
      // Baileys may merge a status into its own buffered upsert of the message.
      const found =
        event.type === 'messages.update'
          ? event.data.find((update) => update.key.id === id && fits(update.update.status))?.update.status
          : event.type === 'messages.upsert'
            ? event.data.messages.find((message) => message.key.id === id && message.key.fromMe && fits(message.status))
                ?.status
            : undefined;
      return typeof found === 'number' ? found : undefined;
    });
  }

  /** Downloads and decrypts a received file, as Baileys does it. */
  async download(message: WAMessage): Promise<Buffer> {
    return downloadMediaMessage(message, 'buffer', { options: this.#requestInit() });
  }

  /** What lies at an address of the media host, as it is. */
  async fetch(url: string): Promise<Buffer> {
    return Buffer.from(await (await fetch(url, this.#requestInit())).arrayBuffer());
  }

  #requestInit(): RequestInit {
    // undici's own type; the fetch of Node takes any undici dispatcher.
    const init: object = { dispatcher: this.#dispatcher };
    return init;
  }

  #openOnce(onQr: OnQr | undefined): Promise<ClientClosed | undefined> {
    const socket = makeWASocket({
      auth: this.auth,
      waWebSocketUrl: this.#options.trust.waWebSocketUrl,
      version: [2, 3000, 1043857760],
      logger: pino({ level: process.env['BAILEYS_LOG'] ?? 'silent' }),
      fetchAgent: this.#agent,
      options: this.#requestInit(),
      getMessage: async (key) => this.#sent.get(key.id ?? ''),
      ...this.#options.config,
    });
    this.#socket = socket;
    this.#closed = undefined;
    socket.ev.process((events) => this.#record(events));
    socket.ws.on('CB:ack,class:message', (ack: BinaryNode) => this.log.push({ type: 'ack', data: ack.attrs }));
    socket.ws.on('CB:message', (stanza: BinaryNode) =>
      this.log.push({ type: 'stanza', data: stanza.attrs, encs: encTypes(stanza) }),
    );
    socket.ws.on('CB:notification', (stanza: BinaryNode) => this.log.push({ type: 'notification', data: stanza }));
    return new Promise((resolve, reject) => {
      let asked = false;
      socket.ev.on('connection.update', (update) => {
        if (update.qr && onQr && !asked) {
          asked = true;
          Promise.resolve(onQr(update.qr, socket)).catch(reject);
        }
        if (update.connection === 'open') resolve(undefined);
        if (update.connection === 'close')
          resolve(new ClientClosed(codeOf(update), { cause: update.lastDisconnect?.error }));
      });
    });
  }

  #record(events: Partial<BaileysEventMap>): void {
    if (events['creds.update']) Object.assign(this.auth.creds, events['creds.update']);
    for (const [type, data] of Object.entries(events)) this.log.push({ type, data } as ClientEvent);
  }
}

/** Of the ciphertexts in a message, in order. */
const encTypes = ({ content }: BinaryNode): string[] =>
  Array.isArray(content) ? content.flatMap(({ tag, attrs }) => (tag === 'enc' ? (attrs['type'] ?? '') : [])) : [];

export function textOf(message: WAMessage): string | undefined {
  const content = normalizeMessageContent(message.message);
  return content?.conversation ?? content?.extendedTextMessage?.text ?? undefined;
}

function codeOf(update: Partial<ConnectionState>): number | undefined {
  const error = update.lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
  return error?.output?.statusCode;
}
