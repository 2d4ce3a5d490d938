/** What the rooms of the server share. Each stanza family is a handful of functions that take it. */
import type { AddressingMode } from '../protocol/jid.ts';
import type { BinaryNode } from '../protocol/node.ts';
import type { SignedPreKey } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import type { Connections } from './connections.ts';
import type { DeviceRef, Directory } from './directory.ts';
import type { SandboxEvents } from './events.ts';
import type { Faults } from './faults.ts';
import type { Stats } from './stats.ts';

/** What another device needs to write to this one. `preKey` is used once; it is absent when none is left. */
export type KeyBundle = Readonly<{
  registrationId: number;
  identityKey: Uint8Array;
  signedPreKey: SignedPreKey;
  preKey?: Readonly<{ id: number; value: Uint8Array }>;
}>;

/** The virtual phones, as the server sees them: device 0 of every account. */
export interface PhoneGateway {
  /** Something durable waits for the phone. */
  wake(phone: string): void;
  /** Something fleeting (typing) is there for the phone. */
  receiveLive(phone: string, stanza: BinaryNode): void;
  keyBundle(phone: string): KeyBundle;
  identityKey(phone: string): Buffer;
  /** A companion logged in for the first time: share keys and history with it. */
  bootstrap(device: DeviceRef): void;
  /** A companion answered a pairing code; see `pairing.ts`. */
  finishPairingCode(phone: string, answer: PairingCodeAnswer): void;
  /** A companion changed the account's app state. */
  appStateChanged(phone: string, collection: string): void;
}

/** What the companion sends after its user typed the code on the phone. */
export type PairingCodeAnswer = Readonly<{ wrappedKeyBundle: Buffer; companionIdentity: Buffer }>;

export type Log = Readonly<{
  debug: (facts: object, message: string) => void;
  warn: (facts: object, message: string) => void;
  error: (facts: object, message: string) => void;
}>;

export interface ServerContext {
  readonly store: Store;
  readonly directory: Directory;
  readonly connections: Connections;
  readonly faults: Faults;
  readonly stats: Stats;
  readonly events: SandboxEvents;
  readonly phones: PhoneGateway;
  readonly log: Log;
  /** Which address stanzas are delivered under. */
  readonly addressing: AddressingMode;
  /** `host:port` of the media server; known once it listens. */
  mediaHost(): string;
  /** Lays a file down at the media host as it is. */
  keepMedia(bytes: Buffer): { directPath: string };
  /** An id for a stanza that the server itself originates. */
  stanzaId(): string;
}
