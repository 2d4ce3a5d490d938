/** One companion's socket: frames and stanzas in, stanzas out. What they mean is decided elsewhere. */
import type { WebSocket } from 'ws';
import type { proto } from '@whiskeysockets/baileys';
import { NoiseSession } from '../protocol/noise-session.ts';
import type { NoisePki } from '../protocol/noise-pki.ts';
import { type BinaryNode, decodeNode, encodeNode, ProtocolViolation } from '../protocol/node.ts';
import type { DeviceRef } from './directory.ts';
import type { Registration } from './pairing.ts';

export type ConnectionHandlers = Readonly<{
  onLogin: (connection: Connection, payload: proto.ClientPayload, noiseKey: Buffer) => void;
  onStanza: (connection: Connection, stanza: BinaryNode) => void;
  onClose: (connection: Connection) => void;
  /** The peer does not speak WhatsApp, or a handler failed: the socket is closed. */
  onFailure: (connection: Connection, error: unknown) => void;
  onSent: () => void;
  /** How long a stanza to this connection is held back, in ms; undefined swallows it. */
  outgoingDelayMs: (connection: Connection) => number | undefined;
}>;

/** Baileys reads a stream error from the frame; the socket closes a moment later so that the frame is out first. */
const CLOSE_GRACE_MS = 5;

export class Connection {
  /** Set at login. */
  device: DeviceRef | undefined;
  /** Set while the connection waits to be linked. */
  registration: Registration | undefined;
  /** The client has asked for its queue; from now on stanzas are delivered live. */
  isActive = false;
  readonly #socket: WebSocket;
  readonly #noise: NoiseSession;
  readonly #handlers: ConnectionHandlers;
  readonly #held: BinaryNode[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(socket: WebSocket, pki: NoisePki, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#noise = new NoiseSession(pki, {
      write: (bytes) => {
        if (socket.readyState === socket.OPEN) socket.send(bytes);
      },
      onHandshake: (payload, noiseKey) => handlers.onLogin(this, payload, noiseKey),
      onFrame: (plaintext) => handlers.onStanza(this, decodeNode(plaintext)),
    });
    socket.on('message', (data) => this.#feed(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      for (const timer of this.#timers) clearTimeout(timer);
      handlers.onClose(this);
    });
  }

  send(stanza: BinaryNode): void {
    if (!this.#noise.isEstablished) return;
    const delayMs = this.#handlers.outgoingDelayMs(this);
    if (delayMs === undefined) return;
    // One that follows a held stanza is held too: a slow line does not reorder.
    if (delayMs === 0 && this.#held.length === 0) this.#write(stanza);
    else {
      this.#held.push(stanza);
      this.#later(delayMs, () => {
        const next = this.#held.shift();
        if (next) this.#write(next);
      });
    }
  }

  /** Says why (if there is something to say) and closes, as the real server does. */
  end(lastWord?: BinaryNode): void {
    this.isActive = false;
    if (lastWord) this.#write(lastWord);
    this.#later(CLOSE_GRACE_MS, () => this.#socket.close());
  }

  /** Cuts the line without a word. */
  terminate(): void {
    this.isActive = false;
    this.#socket.terminate();
  }

  #write(stanza: BinaryNode): void {
    if (!this.#noise.isEstablished) return;
    this.#handlers.onSent();
    this.#noise.send(encodeNode(stanza));
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }

  #feed(data: unknown): void {
    try {
      if (!Buffer.isBuffer(data)) throw new ProtocolViolation('WhatsApp frames are binary');
      this.#noise.feed(data);
    } catch (error) {
      this.#handlers.onFailure(this, error);
      this.terminate();
    }
  }
}
