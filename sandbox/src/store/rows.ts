/** What the sandbox keeps. Every row is plain data: it is written to disk as it stands and never mutated in place. */
import type { BinaryNode } from '@whiskeysockets/baileys';

/** A person with a phone. Keyed by phone number, digits only. */
export type Account = Readonly<{
  phone: string;
  /** User part of the privacy address. */
  lid: string;
  name: string;
  about: string;
  /** Identifies this account's device list in signed device identities. */
  rawId: number;
  nextDeviceId: number;
  /** Privacy settings as `w:privacy` names them. */
  privacy: Readonly<Record<string, string>>;
  /** Phones whose messages do not reach this account. */
  blocked: readonly string[];
  /** Whether the phone has a connection. Without one its messages wait at the server. */
  online: boolean;
  /** Seconds since 1970 when the last of the account's devices went offline. */
  lastSeen: number | null;
  /** Text that the phone answers to every message it gets; null: none. */
  autoReply: string | null;
  /** Whether the phone reads every message at once. */
  autoRead: boolean;
  /** A silent phone takes what it is sent without decrypting it and returns no receipt: a cheap contact for benchmarks. */
  silent: boolean;
  /** Other ways of writing the number that WhatsApp knows to mean it, as with Brazil's ninth digit; absent: none. */
  otherForms?: readonly string[];
  /** What WhatsApp lays on the account; absent: nothing. */
  restrictions?: Restrictions;
}>;

/** Times are milliseconds since 1970. */
export type Restrictions = Readonly<{
  /** Until then no linked device begins a chat. */
  reachOutUntil: number | null;
  /** How many chats may begin until the cycle ends, and with whom they did. */
  newChats: Readonly<{ quota: number; begun: readonly string[]; cycleEnds: number }> | null;
}>;

/** A public key with its id and the account's signature. */
export type SignedPreKey = Readonly<{ id: number; value: Buffer; signature: Buffer }>;

/** A linked device. Grouped by phone number; the phone itself is device 0 and has no row. */
export type CompanionDevice = Readonly<{
  phone: string;
  id: number;
  keyIndex: number;
  noiseKey: Buffer;
  identityKey: Buffer;
  registrationId: number;
  signedPreKey: SignedPreKey;
  /** What the device calls itself, e.g. "Mac OS". */
  platform: string;
  linkedAt: number;
  lastSeen: number | null;
  /** False until the device has confirmed its identity: it may log in, but nothing is addressed to it. */
  confirmed: boolean;
  /** Whether the phone has shared its keys and history. */
  bootstrapped: boolean;
}>;

/** A stanza that waits for a device until the device confirms it. Grouped by device (`phone:id`), keyed by sequence. */
export type PendingStanza = Readonly<{ node: BinaryNode }>;

/** The phone's own Signal identity. Keyed by phone number. */
export type PhoneIdentity = Readonly<{
  registrationId: number;
  identityKey: Readonly<{ public: Buffer; private: Buffer }>;
  signedPreKey: SignedPreKey & Readonly<{ private: Buffer }>;
  nextPreKeyId: number;
  appStateKeyId: string;
  appStateKey: Buffer;
}>;

export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** One message in a phone's chat. Grouped by phone, keyed by `chat|sender|id`. */
export type ChatMessage = Readonly<{
  id: string;
  /** The phone whose chat list holds the message. */
  owner: string;
  /** The other person's phone number. */
  chat: string;
  from: string;
  to: string;
  /** Grows with every message of the sandbox; orders a chat and is the cursor for reading on. */
  order: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  /** Encoded `proto.Message`. */
  content: Buffer;
  /** The companion or phone that sent it, for receipts to it. */
  senderDevice: number;
  status: MessageStatus;
  /** The id of the server's refusal, e.g. "463", when `status` is failed. */
  error?: string;
  /** Milliseconds since 1970, each set once. */
  deliveredAt?: number;
  readAt?: number;
  playedAt?: number;
  editedAt?: number;
  deletedAt?: number;
}>;

export type Rows = {
  /** Single values by name: the sequence, the trust roots, whether the demo phones were made. */
  settings: unknown;
  accounts: Account;
  devices: CompanionDevice;
  /** One-time pre-keys that a companion uploaded. Grouped by device, keyed by key id. */
  preKeys: Buffer;
  pending: PendingStanza;
  phoneIdentities: PhoneIdentity;
  /** Sessions, pre-keys and identities of a phone's Signal client. Grouped by phone, keyed by `type/id`. */
  phoneKeys: unknown;
  chatMessages: ChatMessage;
  /** Encoded patches in order. Grouped by `phone/collection`, keyed by version. */
  appStatePatches: Buffer;
};

export type TableName = keyof Rows;

export const TABLE_NAMES = [
  'settings',
  'accounts',
  'devices',
  'preKeys',
  'pending',
  'phoneIdentities',
  'phoneKeys',
  'chatMessages',
  'appStatePatches',
] as const satisfies readonly TableName[];
