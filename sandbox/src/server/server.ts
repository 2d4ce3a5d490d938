/** WhatsApp's server: takes companions' sockets and leads their stanzas to the rooms that answer them. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { proto } from '@whiskeysockets/baileys';
import type { AddressingMode } from '../protocol/jid.ts';
import type { NoisePki } from '../protocol/noise-pki.ts';
import { ProtocolViolation } from '../protocol/node.ts';
import type { Store } from '../store/store.ts';
import { Connection, type ConnectionHandlers } from './connection.ts';
import { Connections } from './connections.ts';
import type { Log, PhoneGateway, ServerContext } from './context.ts';
import { unlinkDevice } from './devices.ts';
import { Directory } from './directory.ts';
import { SandboxEvents } from './events.ts';
import { Faults } from './faults.ts';
import { logIn, logOut } from './login.ts';
import { PairingDesk } from './pairing.ts';
import { onStanza } from './stanzas.ts';
import { Stats } from './stats.ts';

/** One WebSocket message carries at most a few frames. */
const MAX_SOCKET_MESSAGE_BYTES = 4 * 1024 * 1024;

export type ServerOptions<P extends PhoneGateway> = Readonly<{
  store: Store;
  pki: NoisePki;
  addressing: AddressingMode;
  log: Log;
  /** Makes the phones, which need the server as the server needs them. */
  phones: (context: ServerContext, desk: PairingDesk) => P;
  mediaHost: () => string;
  keepMedia: ServerContext['keepMedia'];
}>;

export class WhatsAppServer<P extends PhoneGateway> {
  readonly context: ServerContext;
  readonly phones: P;
  readonly desk = new PairingDesk();
  readonly #pki: NoisePki;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_SOCKET_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  #stanzas = 0;

  constructor({ store, pki, addressing, log, phones, mediaHost, keepMedia }: ServerOptions<P>) {
    this.#pki = pki;
    const directory = new Directory(store);
    const connections = new Connections();
    const run = randomBytes(4).toString('hex');
    const faults = new Faults(directory, connections, (phone, id) =>
      unlinkDevice(this.context, { phone, id }, 'phone'),
    );
    // The phones need the server as it needs them: they are made last, and nothing asks for them before.
    const context: Omit<ServerContext, 'phones'> & { phones?: PhoneGateway } = {
      store,
      directory,
      connections,
      faults,
      stats: new Stats(),
      events: new SandboxEvents(),
      log,
      addressing,
      mediaHost,
      keepMedia,
      stanzaId: () => `${run}-${++this.#stanzas}`,
    };
    this.context = context as ServerContext;
    this.phones = phones(this.context, this.desk);
    context.phones = this.phones;
  }

  /** Takes an HTTP upgrade for the chat socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket));
  }

  async close(): Promise<void> {
    this.context.faults.clear();
    for (const connection of this.context.connections.all()) connection.terminate();
    await new Promise((resolve) => this.#sockets.close(resolve));
  }

  #accept(socket: WebSocket): void {
    this.context.connections.add(new Connection(socket, this.#pki, this.#handlers));
  }

  readonly #handlers: ConnectionHandlers = {
    onLogin: (connection, payload, noiseKey) => this.#onLogin(connection, payload, noiseKey),
    onStanza: (connection, stanza) => {
      if (this.#isMute(connection)) return;
      onStanza(this.context, this.desk, connection, stanza);
    },
    onClose: (connection) => {
      this.desk.forget(connection);
      logOut(this.context, connection);
    },
    onFailure: (connection, error) => {
      if (error instanceof ProtocolViolation) this.context.stats.protocolViolations += 1;
      this.context.log.error({ err: error, device: connection.device }, 'connection failed');
    },
    onSent: () => {
      this.context.stats.stanzasOut += 1;
    },
    outgoingDelayMs: (connection) => {
      if (this.#isMute(connection)) return undefined;
      return this.context.faults.strike('delay', connection.device?.phone)?.delayMs ?? 0;
    },
  };

  #onLogin(connection: Connection, payload: proto.ClientPayload, noiseKey: Buffer): void {
    if (payload.devicePairingData?.eIdent?.length) this.desk.welcome(this.context, connection, payload, noiseKey);
    else logIn(this.context, connection, payload, noiseKey);
  }

  /** Under the `silent` fault the line is open and nobody is there. */
  #isMute(connection: Connection): boolean {
    return this.context.faults.strike('silent', connection.device?.phone) !== undefined;
  }
}
