import type { Readable } from 'node:stream';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import type { LinkPreview, MessageContent } from '../messages/message-content.dto.ts';
import type { MessageDirection, MessageType, QuotedMessage } from '../messages/messages.dto.ts';

/**
 * Where the sessions module meets the messages module. The sessions module owns sockets, keys and leases and knows nothing of
 * conversations; it hands over what WhatsApp delivered and sends what it is told. Whoever handles messages registers one
 * `SessionTraffic` with `SessionsService.setTraffic` at start.
 */

/** Numbers in one question to WhatsApp. */
export const LOOK_UP_MAX = 50;

/** A person as WhatsApp names him on one stanza; at least one of the two is known. */
export type Peer = Readonly<{
  /** E.164 with plus. */
  phone: string | null;
  /** Privacy address, digits only. */
  lid: string | null;
}>;

/** A group as a message goes into it. */
export type GroupChat = Readonly<{ groupJid: string }>;

/** Where a message goes: to a person, or into a group. */
export type Chat = Peer | GroupChat;

/** This node's right to act for a session. Every write in its name carries the epoch and fails when it is stale. */
export type Lease = Readonly<{ organization: OrganizationId; session: SessionId; epoch: bigint }>;

/** One message from WhatsApp, decrypted: somebody wrote to us, or we wrote on the phone or on another device. */
export type IncomingMessage = Readonly<{
  /** Names the row of `private.session_inbox`; the transaction that stores the message marks it. Empty when there is none. */
  inboxId: string;
  whatsappMessageId: string;
  /** The group that it was written in; null: it is between two. */
  groupJid: string | null;
  /** The other one of two; in a group whoever wrote it. */
  peer: Peer;
  /** True when the account's owner wrote it elsewhere: it is outbound. */
  fromMe: boolean;
  /** The writer's own WhatsApp name, when it came along. */
  pushName: string | null;
  sentAt: Date;
  /** True when it was told by the phone when it was linked: nobody waits for an answer to it. */
  isHistory: boolean;
  type: MessageType;
  /** Text or caption; as in `MessageView`. */
  text: string | null;
  content: MessageContent | null;
  replyTo: QuotedMessage | null;
  /** Of a reaction, an edit, a deletion or a vote. */
  target: MessageTarget | null;
  /** A file came with it, to be fetched. */
  hasFile: boolean;
  /** `proto.Message`, encoded: kept so that nothing of an unknown type is lost. */
  payload: Uint8Array;
}>;

export type ReceiptStatus = 'delivered' | 'read' | 'played';

/** Somebody's device says what became of messages that we sent. */
export type IncomingReceipt = Readonly<{
  inboxId: string;
  whatsappMessageIds: readonly string[];
  /** Whose device, of messages into a group; null between two. */
  reader: (GroupChat & Readonly<{ peer: Peer }>) | null;
  status: ReceiptStatus;
  at: Date;
}>;

/** Answer of WhatsApp's server to one message that we put on the wire. `error` is its code, as `463`; null means it took it. */
export type ServerAck = Readonly<{ whatsappMessageId: string; error: string | null; at: Date }>;

/** The message that a change is about. Only its author edits or deletes it, so for those `direction` is the change's own. */
export type MessageTarget = Readonly<{
  whatsappMessageId: string;
  direction: MessageDirection;
  /** Who wrote it, of what came in in a group. */
  sender?: Peer | null;
}>;

/** What a message consists of, in our words; the adapter turns it into WhatsApp's. */
export type OutgoingContent = Readonly<{
  type: MessageType;
  text: string | null;
  content: MessageContent | null;
  /** Of the types of `FILE_TYPES`. */
  file: OutgoingFile | null;
  /** With the message itself as it was encoded, while we have it. */
  replyTo: (QuotedMessage & { payload: Uint8Array | null }) | null;
  target: MessageTarget | null;
  /** What was found where a text's link leads. */
  preview: (LinkPreview & { thumbnail: Uint8Array | null }) | null;
}>;

/** A file as it is to be sent, with what was found out of it; null where that is not known. */
export type OutgoingFile = Readonly<{
  mimeType: string;
  fileName: string | null;
  sizeBytes: number;
  width: number | null;
  height: number | null;
  durationSeconds: number | null;
  /** 64 heights of 0 to 100. */
  waveform: Uint8Array | null;
  /** A small JPEG. */
  thumbnail: Uint8Array | null;
  /** Its bytes, from the beginning each time. @throws MediaStoreUnavailable | MediaGone */
  open(): Promise<Readable>;
}>;

export type OutgoingMessage = Readonly<{
  /** Chosen when the message was accepted, the same on every try: phones show an id once. */
  whatsappMessageId: string;
  to: Chat;
  /** What `encode` made of the content, stored before the first try: every later one sends the same. */
  payload: Uint8Array;
}>;

/** What a message says of its file; null where it says nothing. It is a stranger's word. */
export type ToldOfFile = Readonly<{
  durationSeconds: number | null;
  /** 64 heights of 0 to 100. */
  waveform: Uint8Array | null;
  /** A small JPEG. */
  thumbnail: Uint8Array | null;
  width: number | null;
  height: number | null;
}>;

/** A file as it streams in, and what its sender calls it and tells of it. */
export type DownloadedFile = Readonly<{
  content: NodeJS.ReadableStream;
  fileName: string | undefined;
  told: ToldOfFile;
}>;

/** A message whose file WhatsApp no longer has. */
export type LostFile = Readonly<{
  whatsappMessageId: string;
  chat: Chat;
  /** Who wrote it, of what came in in a group. */
  sender: Peer | null;
  fromMe: boolean;
  payload: Uint8Array;
}>;

/** What the number's own phone says when it is asked for a file: where it has put it, as the message's new payload; null: it has it no more. */
export type FileAnswer = Readonly<{ whatsappMessageId: string; payload: Uint8Array | null }>;

/** What WhatsApp says of a number: under which it has the person, E.164, and the privacy address where it tells. */
export type NumberAnswer = Readonly<{ phone: string; lid: string | null }>;

/** An open connection of one number, on this node, under its lease. It is over once `closed` is aborted. */
export interface OpenSession {
  readonly lease: Lease;
  readonly closed: AbortSignal;

  /** True while this node may still act: checked against the monotonic clock, not against the database. */
  mayAct(): boolean;

  /**
   * The content for somebody as an encoded `proto.Message`; a file is encrypted and uploaded.
   * @throws SessionOffline when the connection went meanwhile
   * @throws MediaRejected when it can never leave
   */
  encode(content: OutgoingContent, to: Chat): Promise<Uint8Array>;

  /**
   * Puts one message on the wire; the ratchets that made its ciphertext are durable, under the lease, before it leaves.
   * Resolves when it was written to the socket: "sent" is only what the server acknowledges (`SessionTraffic.acked`).
   * @throws SessionOffline when the connection went meanwhile: the message may or may not have left
   */
  send(message: OutgoingMessage): Promise<void>;

  /**
   * Asks WhatsApp about numbers, at most `LOOK_UP_MAX`: by the number as it was given, who has it; null when it is not on
   * WhatsApp. What the server said nothing of is missing.
   * @throws SessionOffline
   */
  lookUp(phones: readonly string[]): Promise<ReadonlyMap<string, NumberAnswer | null>>;

  /**
   * Tells the writer that we read these (blue ticks).
   * @param sender who wrote them, of a group
   * @throws SessionOffline
   */
  markRead(chat: Chat, whatsappMessageIds: readonly string[], sender?: Peer | null): Promise<void>;

  /**
   * Streams a file that came with a message, decrypted and checked.
   * @throws SessionOffline | MediaExpired when WhatsApp no longer has it
   */
  download(payload: Uint8Array): Promise<DownloadedFile>;

  /**
   * Asks the number's own phone to upload a file again. It answers when it is switched on, if ever (`SessionTraffic.fileAnswered`);
   * an answer to an earlier connection is lost, so each one asks anew.
   * @throws SessionOffline | MediaExpired when there is nothing that could be asked for
   */
  requestFile(file: LostFile): Promise<void>;
}

/** What the messages module does with a session's traffic. Called in order per session; the next call waits for the promise. */
export interface SessionTraffic {
  /** The connection is up: queued messages may leave. Not awaited. */
  opened(session: OpenSession): void;

  /**
   * Stores messages, each exactly once, and marks their inbox rows in the same transaction, which also holds the lease.
   * Rejecting keeps the rows: they come again on the next open.
   */
  messages(lease: Lease, batch: readonly IncomingMessage[]): Promise<void>;

  /** Applies receipts, monotonic; receipts of unknown messages are parked. Deletes the inbox rows in the same transaction. */
  receipts(lease: Lease, batch: readonly IncomingReceipt[]): Promise<void>;

  /** The server's answers to what we sent. */
  acked(lease: Lease, acks: readonly ServerAck[]): Promise<void>;

  /** WhatsApp told us that a privacy address and a phone number are the same person. */
  identified(lease: Lease, pairs: readonly Readonly<{ phone: string; lid: string }>[]): Promise<void>;

  /** A call was turned down: the caller is written this, at most once an hour. @throws StaleLease */
  callRejected(lease: Lease, caller: Peer, text: string): Promise<void>;

  /** The phone was asked for a file on this connection, and answers. */
  fileAnswered(lease: Lease, answer: FileAnswer): Promise<void>;

  /** The encoded `proto.Message` that we sent under this id; a device that could not read it asks for it again. */
  sentPayload(lease: Lease, whatsappMessageId: string): Promise<Uint8Array | null>;
}
