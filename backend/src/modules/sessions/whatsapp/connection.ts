import { setMaxListeners } from 'node:events';
import type { Agent } from 'node:https';
import {
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  Browsers,
  makeWASocket,
  proto,
  type WASocket,
} from '@whiskeysockets/baileys';
import { SessionOffline } from '../sessions.errors.ts';
import type {
  Chat,
  DownloadedFile,
  Lease,
  NumberAnswer,
  OpenSession,
  OutgoingContent,
  OutgoingMessage,
  Peer,
  LostFile,
} from '../session-traffic.ts';
import { type IncomingCall, ringing } from './calls.ts';
import { baileysLogger } from './baileys-logger.ts';
import { ConnectionGroups } from './connection-groups.ts';
import { metadataOf } from './group-stanzas.ts';
import { ConnectionInbox } from './connection-inbox.ts';
import type { ConnectionOptions, LinkedAccount } from './connection-options.ts';
import { Deliveries } from './deliveries.ts';
import { durableSignal } from './durable-signal.ts';
import { historyOf } from './history.ts';
import { KeyStore } from './key-store.ts';
import { KeyTransactions } from './key-transactions.ts';
import { LinkCodes } from './link-codes.ts';
import { lookUp } from './look-up.ts';
import { downloadMedia, fetchFrom } from './media-download.ts';
import { MediaRetry } from './media-retry.ts';
import { routingOf, toWhatsAppMessage } from './outgoing.ts';
import { chatJid, isGroupChat, peerOf, readKeys } from './peer.ts';
import { ProxyRoute } from './proxy.ts';
import { Renewals } from './renewals.ts';
import { REACH_OUT_REFUSED, RestrictionWatch } from './restrictions.ts';
import { SenderKeys } from './sender-keys.ts';
import { interceptStanzas } from './stanza-journal.ts';
import { storableId, storableText, storableTime } from './storable.ts';
import { TrafficQueue } from './traffic-queue.ts';
import { UnderWay } from './under-way.ts';

/** The client version that WhatsApp is told; never asked from the network. */
const VERSION: [number, number, number] = [2, 3000, 1043857760];
/** How often the server is asked for a sign of life. */
export const PING_MS = 20_000;
/** How WhatsApp asks a device that is being linked for a passkey: whatsmeow's pair-passkey.go, Baileys' pull request 2696. */
const PASSKEY_NOTIFICATIONS = ['passkey_prologue_request', 'crsc_continuation'] as const;

/** One socket to WhatsApp for one session under one lease; made anew for every connection. */
export class WhatsAppConnection implements OpenSession {
  readonly lease: Lease;
  readonly closed: AbortSignal;
  private readonly ended = new AbortController();
  private readonly store: KeyStore;
  private readonly transactions: KeyTransactions;
  private readonly senderKeys: SenderKeys;
  private readonly deliveries: Deliveries;
  private readonly renewals = new Renewals();
  private readonly retry = new MediaRetry();
  private readonly queue: TrafficQueue;
  private readonly route: ProxyRoute | null;
  private readonly inbox: ConnectionInbox;
  private socket!: WASocket;
  private groups: ConnectionGroups | undefined;
  private restrictions!: RestrictionWatch;
  private codes!: LinkCodes;
  private creds!: AuthenticationCreds;
  private failure: Error | null = null;
  private readonly underWay: UnderWay;

  private constructor(private readonly options: ConnectionOptions) {
    this.lease = options.lease;
    this.closed = this.ended.signal;
    setMaxListeners(0, this.closed); // whatever is under way listens
    this.underWay = new UnderWay(options.clock, this.closed, () => !this.socket.ws.isOpen);
    this.route =
      options.proxy === null ? null : new ProxyRoute(options.proxy, options.endpoint.mediaCa, options.allowedNetworks);
    this.store = new KeyStore(options.keys, options.lease, (error) => this.abort(error));
    // Baileys holds a lock per own number around a whole send, and commits all ratchets after the stanza has left. Ours hold a
    // lock per address and commit before.
    this.transactions = new KeyTransactions(
      this.store,
      (name) => name === this.creds.me?.id || name === 'upload-pre-keys',
    );
    const self = () => this.self();
    this.senderKeys = new SenderKeys(this.transactions, () => {
      const { id, lid } = this.creds.me ?? {};
      return [id, lid].filter((one) => one !== undefined);
    });
    this.deliveries = new Deliveries();
    this.queue = new TrafficQueue(options.lease, { ...options, self }, options.clock, {
      settled: (ids) => this.deliveries.settled(ids),
      unclear: () => this.groups?.wake(), // before there is a socket it is found when all has come
      failed: (error) => options.log.warn({ error: String(error) }, 'inbound traffic not stored, trying again'),
      setAside: (code, ids) => {
        options.log.warn({ code }, 'inbound traffic refused by the database, left in the inbox');
        options.keys.setAside(options.lease, ids).catch((error: unknown) => this.warn(error));
      },
    });
    this.inbox = new ConnectionInbox(options, {
      store: this.store,
      deliveries: this.deliveries,
      queue: this.queue,
      self,
      leftGroup: (jid) => void this.senderKeys.forget(jid).catch((error: unknown) => this.warn(error)),
      warn: this.warn.bind(this),
    });
  }

  /**
   * Connects. What an earlier connection left in the inbox is handed over before anything new arrives.
   * @throws KeysUnreadable, and whatever the endpoint or the database says; nothing is open then
   */
  static async open(options: ConnectionOptions): Promise<WhatsAppConnection> {
    const connection = new WhatsAppConnection(options);
    await connection.start();
    return connection;
  }

  private async start(): Promise<void> {
    this.creds = await this.store.loadCreds();
    // Stored before a QR is shown: a phone that scans it must find us after any crash.
    if (!this.creds.account) await this.store.saveCreds(this.creds);
    const forBaileys = await this.inbox.replay();
    this.socket = this.makeSocket();
    this.listen();
    for (const stanza of forBaileys) this.socket.ws.emit('CB:message', stanza);
  }

  private makeSocket(): WASocket {
    const { route, mediaAgent } = this;
    const { endpoint, log, deviceName, traffic, groups } = this.options;
    return makeWASocket({
      auth: { creds: this.creds, keys: this.store },
      waWebSocketUrl: endpoint.webSocketUrl,
      version: VERSION,
      browser: [deviceName, Browsers.ubuntu('Chrome')[1], Browsers.ubuntu('Chrome')[2]],
      logger: baileysLogger(log),
      ...(mediaAgent ? { fetchAgent: mediaAgent } : {}),
      ...(route ? { agent: route.socketAgent, options: { dispatcher: route.dispatcher } } : {}),
      makeSignalRepository: durableSignal({
        transactions: this.transactions,
        senderKeys: this.senderKeys,
        deliveries: this.deliveries,
        renewals: this.renewals,
        read: (id, message) => this.inbox.read(id, message),
      }),
      keepAliveIntervalMs: PING_MS,
      generateHighQualityLinkPreview: false,
      syncFullHistory: false,
      markOnlineOnConnect: this.options.behaviour().markOnline,
      cachedGroupMetadata: async (jid) => metadataOf(jid, await groups.audience(this.lease, jid)),
      getMessage: async ({ id }) => {
        const payload = id ? await traffic.sentPayload(this.lease, id) : null;
        return payload ? proto.Message.decode(payload) : undefined;
      },
    });
  }

  private listen(): void {
    const { ev, ws } = this.socket;
    const groups = new ConnectionGroups(this.options, this.closed, {
      socket: this.socket,
      self: () => this.self(),
      delivered: () => this.queue.idle(),
      whileOpen: (work) => this.sendingWhile(work),
      fetch: (url) => fetchFrom(url, this.mediaAgent),
      warn: (error) => this.warn(error),
    });
    this.groups = groups;
    interceptStanzas(ws, this.closed, {
      message: (stanza) => this.deliveries.arrive(stanza),
      receipt: async (stanza) => {
        this.renewals.arrive(stanza);
        await this.inbox.journalReceipt(stanza);
      },
      group: async (stanza) => {
        await this.inbox.journalGroup(stanza);
        groups.heard(stanza);
      },
      dirty: (stanza) => groups.takesDirt(stanza),
      handled: (stanza) => this.inbox.handled(stanza),
    });
    ws.on('frame', () => this.options.listener.heard());
    ws.on('CB:ack,class:message', (stanza: BinaryNode) => this.onAck(stanza));
    ev.on('creds.update', (update) => {
      this.store.saveCreds(this.creds).catch(() => undefined); // a failed write has ended the connection already
      // Until WhatsApp told us our own name we cannot say that we are there, and senders see no delivery from us.
      if (update.me?.name && this.creds.account) this.tellPresence();
    });
    ev.on('connection.update', (update) => this.onConnectionUpdate(update));
    const { listener, clock, pairingPhone } = this.options;
    const { requestPairingCode } = this.socket;
    this.codes = new LinkCodes(listener, clock, pairingPhone, requestPairingCode, (error) => this.abort(error));
    this.restrictions = new RestrictionWatch(this.socket, listener.restricted, this.warn.bind(this), () => clock.now());
    for (const type of PASSKEY_NOTIFICATIONS)
      ws.on(`CB:notification,type:${type}`, () => this.options.listener.passkeyWanted());
    ev.on('call', (calls) => {
      for (const call of calls.flatMap(ringing)) this.options.listener.called(call);
    });
    ev.on('messages.media-update', (updates) => {
      for (const update of updates) this.onFileAnswer(update);
    });
    ev.on('messaging-history.set', (history) => {
      if (!this.options.behaviour().importHistory) return;
      for (const item of historyOf(history, this.self())) this.queue.push({ kind: 'message', item });
    });
    ev.on('lid-mapping.update', ({ pn, lid }) => {
      const { phone, lid: user } = peerOf(pn, lid);
      if (phone && user)
        this.options.traffic.identified(this.lease, [{ phone, lid: user }]).catch((error: unknown) => this.warn(error));
    });
  }

  private get mediaAgent(): Agent | undefined {
    return this.route?.mediaAgent ?? this.options.endpoint.mediaAgent;
  }

  private onAck({ attrs }: BinaryNode): void {
    const { id, t } = attrs;
    const error = attrs.error ?? null;
    if (id) {
      this.queue.push({ kind: 'ack', item: { whatsappMessageId: storableId(id), error, at: storableTime(t) } });
      this.senderKeys.answered(id, error === null).catch(() => undefined); // a failed write has ended the connection already
    }
    if (error === REACH_OUT_REFUSED) this.restrictions.refused();
  }

  private onConnectionUpdate(update: BaileysEventMap['connection.update']): void {
    const { listener } = this.options;
    if (update.qr) this.codes.onQr(update.qr);
    if (update.isNewLogin) listener.linked(this.account());
    if (update.receivedPendingNotifications) this.groups?.caughtUp();
    if (update.connection === 'open') {
      listener.opened(this.account());
      this.options.traffic.opened(this);
      this.restrictions.opened();
    }
    if (update.connection === 'close') {
      const { error } = update.lastDisconnect ?? {};
      const code = (error as { output?: { statusCode?: number } } | undefined)?.output?.statusCode ?? 0;
      this.ended.abort();
      void this.settled().then(() => listener.closed(code, this.failure, this.route?.fault ?? null));
    }
  }

  /** Nothing of this connection touches keys any more, and what it delivered is handed over. */
  private async settled(): Promise<void> {
    await this.store.retire();
    await this.queue.idle();
  }

  /** Who the number is. */
  private self(): Peer {
    const { id, lid } = this.creds.me ?? {};
    return peerOf(id, lid);
  }

  private account(): LinkedAccount {
    const { id = '', lid, name } = this.creds.me ?? {};
    const { phone } = peerOf(id);
    return { jid: id, lid: lid ?? null, phone, pushName: name && name !== '~' ? storableText(name) : null };
  }

  mayAct(): boolean {
    return !this.closed.aborted && this.options.mayAct();
  }

  encode(content: OutgoingContent, to: Chat): Promise<Uint8Array> {
    const encode = async () => {
      const { waUploadToServer: upload } = this.socket;
      const audience = isGroupChat(to) ? await this.options.groups.audience(this.lease, to.groupJid) : null;
      const sending = { self: this.self(), to, audience, now: this.options.clock.now(), upload };
      const message = await toWhatsAppMessage(content, sending);
      return proto.Message.encode(message).finish();
    };
    return this.sendingWhile(encode, () => false); // a media server that fails says nothing of the connection
  }

  send({ whatsappMessageId, to, payload }: OutgoingMessage): Promise<void> {
    return this.sendingWhile(async () => {
      const message = proto.Message.decode(payload);
      const routing = { messageId: whatsappMessageId, ...routingOf(message) };
      const relay = () => this.socket.relayMessage(chatJid(to), message, routing);
      await (isGroupChat(to) ? this.senderKeys.during(to.groupJid, whatsappMessageId, relay) : relay());
    });
  }

  private async sendingWhile<T>(work: () => Promise<T>, isConnectionError?: (cause: unknown) => boolean): Promise<T> {
    this.assertMayAct();
    return this.underWay.during(work, isConnectionError);
  }

  lookUp(phones: readonly string[]): Promise<Map<string, NumberAnswer | null>> {
    return this.sendingWhile(() => lookUp(this.socket, phones));
  }

  async markRead(chat: Chat, whatsappMessageIds: readonly string[], sender: Peer | null = null): Promise<void> {
    this.assertMayAct();
    const keys = readKeys(chat, whatsappMessageIds, sender);
    await (this.options.behaviour().readReceipts
      ? this.socket.readMessages(keys)
      : this.socket.sendReceipts(keys, 'read-self'));
  }

  /** Says whether somebody is there, as it is decided now. */
  tellPresence(): void {
    const { markOnline } = this.options.behaviour();
    this.socket.sendPresenceUpdate(markOnline ? 'available' : 'unavailable').catch(() => undefined);
  }

  download(payload: Uint8Array): Promise<DownloadedFile> {
    return downloadMedia(payload, this.mediaAgent);
  }

  requestFile(file: LostFile): Promise<void> {
    return this.sendingWhile(async () => {
      const { me } = this.creds;
      if (me) await this.socket.sendNode(this.retry.request(file, me.id));
    });
  }

  private onFileAnswer(update: BaileysEventMap['messages.media-update'][number]): void {
    try {
      const answer = this.retry.read(update);
      if (answer) this.options.traffic.fileAnswered(this.lease, answer).catch((error: unknown) => this.warn(error));
    } catch (error) {
      this.warn(error); // not encrypted by the phone: the answer is nobody's
    }
  }

  /**
   * Turns a call down; with `text`, the caller is written that. The answer is accepted first: a crash between the two
   * leaves no one who was turned down without it.
   */
  async rejectCall({ id, from, caller }: IncomingCall, text: string | null): Promise<void> {
    this.assertMayAct();
    if (text !== null && caller)
      await this.options.traffic.callRejected(this.lease, caller, text).catch((error: unknown) => this.warn(error));
    this.assertMayAct();
    await this.socket.rejectCall(id, from);
  }

  /** Unlinks: WhatsApp is told, and takes this device off the phone's list. @throws SessionOffline */
  async logOut(): Promise<void> {
    this.assertMayAct();
    await this.socket.logout();
  }

  /** Lets the send in flight end, hands over what was delivered, and closes the socket. */
  async close(): Promise<void> {
    await this.underWay.ended();
    this.ended.abort();
    this.cut();
    await this.socket.end(undefined);
    await this.store.retire();
    await this.queue.close();
  }

  /** Ends the line without a farewell: nobody may be there to answer it, or nothing may leave any more. */
  cut(): void {
    (this.socket?.ws as unknown as { socket: { terminate(): void } | null } | undefined)?.socket?.terminate();
  }

  /** Ends it at once: a write failed, so nothing that depends on it may leave. */
  private abort(error: Error): void {
    this.failure ??= error;
    this.ended.abort();
    this.cut();
    void this.queue.close();
  }

  private assertMayAct(): void {
    if (!this.mayAct()) throw new SessionOffline();
  }

  private warn(error: unknown): void {
    this.options.log.warn({ error: String(error) }, 'WhatsApp adapter');
  }
}
