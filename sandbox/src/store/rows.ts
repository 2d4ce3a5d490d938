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

/** Who is in a group, and as what: the creator is its superadmin. */
export type GroupRole = 'member' | 'admin' | 'superadmin';

/** What a group is in a community: the community itself, its announcements, or one of its other groups. */
export type GroupPlace =
  Readonly<{ kind: 'parent' }> | Readonly<{ kind: 'announcements' | 'general' | 'group'; parent: string }>;

/** A group, without its participants. Keyed by `id`, the user part of its address (`…@g.us`). People are phone numbers. */
export type Group = Readonly<{
  id: string;
  /** Which address its members have in it; fixed when it is made. */
  addressing: 'lid' | 'pn';
  creator: string;
  /** Times are seconds since 1970, as the protocol has them. */
  createdAt: number;
  subject: string;
  subjectBy: string;
  subjectAt: number;
  description: Readonly<{ id: string; text: string; by: string; at: number }> | null;
  /** Only admins write. */
  announcement: boolean;
  /** Only admins change subject, description, picture and the timer. */
  locked: boolean;
  /** Seconds after which messages disappear; 0: never. */
  ephemeral: number;
  memberAddMode: 'admin_add' | 'all_member_add';
  /** Who comes by the link waits for an admin. */
  approval: boolean;
  inviteCode: string;
  /** Where the picture lies at the media host. */
  picture: Readonly<{ id: string; directPath: string }> | null;
  community: GroupPlace | null;
}>;

/** Grouped by group id, keyed by phone: whoever comes or goes costs one row. `joinedAt` is milliseconds since 1970. */
export type GroupParticipant = Readonly<{ phone: string; role: GroupRole; joinedAt: number }>;

/** The last time that somebody went. Grouped by group id, keyed by phone; gone when he is back. */
export type GroupDeparture = Readonly<{ at: number; kind: 'left' | 'removed' }>;

/** Somebody who waits for an admin. Grouped by group id, keyed by phone. `at` is seconds since 1970. */
export type GroupJoinRequest = Readonly<{ phone: string; method: 'invite_link'; at: number }>;

/** What lets a person in who may not be added. Grouped by group id, keyed by phone. `expiration` is seconds since 1970. */
export type GroupInvitation = Readonly<{ code: string; by: string; expiration: number }>;

/** Where an invite code leads. Keyed by code; kept when it is revoked, so that it can be told from one that never was. */
export type GroupInviteCode = Readonly<{ group: string; revoked: boolean }>;

export type GroupLogEvent =
  | 'created'
  | 'added'
  | 'joined by link'
  | 'joined by invitation'
  | 'approved'
  | 'requested'
  | 'rejected'
  | 'left'
  | 'removed'
  | 'promoted'
  | 'demoted'
  | 'number changed'
  | 'ended'
  | 'subject'
  | 'description'
  | 'picture'
  | 'announcement'
  | 'locked'
  | 'ephemeral'
  | 'member_add_mode'
  | 'membership_approval_mode'
  | 'invite code'
  | 'linked'
  | 'unlinked';

/** One thing that happened in a group. Grouped by group id, keyed by sequence; never changed. */
export type GroupLogEntry = Readonly<{
  /** Milliseconds since 1970. */
  at: number;
  event: GroupLogEvent;
  actor: string;
  /** Who came, went or changed rank, and who was in it from the start, the creator among them. */
  subjects: readonly string[];
  /** Participants after it. */
  size: number;
  /** The new value of what was set. */
  value?: string;
}>;

export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** One message in a phone's chat. Grouped by phone, keyed by `chat|sender|id`. */
export type ChatMessage = Readonly<{
  id: string;
  /** The phone whose chat list holds the message. */
  owner: string;
  /** The other person's phone number, or the group's address. */
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
  /** Of a message to a group that the owner sent: how many others were in it. It is delivered when all of them have it. */
  audience?: number;
  /** Milliseconds since 1970, each set once. */
  deliveredAt?: number;
  readAt?: number;
  playedAt?: number;
  editedAt?: number;
  deletedAt?: number;
}>;

/** How far a message to a group got with one of its readers. Grouped by `owner|chat|sender|id`, keyed by his phone number. */
export type GroupReceipt = Readonly<{ deliveredAt?: number; readAt?: number; playedAt?: number }>;

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
  groups: Group;
  groupParticipants: GroupParticipant;
  groupDepartures: GroupDeparture;
  groupJoinRequests: GroupJoinRequest;
  groupInvitations: GroupInvitation;
  groupInviteCodes: GroupInviteCode;
  groupLog: GroupLogEntry;
  groupReceipts: GroupReceipt;
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
  'groups',
  'groupParticipants',
  'groupDepartures',
  'groupJoinRequests',
  'groupInvitations',
  'groupInviteCodes',
  'groupLog',
  'groupReceipts',
] as const satisfies readonly TableName[];
