/** A phone's chats: what it has sent and received, with how far each message got. */
import { decryptPollVote, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { ServerContext } from '../server/context.ts';
import type { SandboxEvent } from '../server/events.ts';
import { findGroup, isAdmin } from '../server/groups/book.ts';
import type { ChatMessage, GroupReceipt, MessageStatus } from '../store/rows.ts';
import { optionsChosen } from './compose-more.ts';
import { describeMessage } from './message-content.ts';

/** In the order in which a message gets through them. */
const RECEIPTS = ['delivered', 'read', 'played'] as const;
export type ReceiptKind = (typeof RECEIPTS)[number];

/** How far each status is; one never falls back. */
const RANK: Readonly<Record<MessageStatus, number>> = {
  failed: 0,
  pending: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  played: 5,
};

export class Chats {
  readonly #context: ServerContext;
  readonly #owner: string;

  constructor(context: ServerContext, owner: string) {
    this.#context = context;
    this.#owner = owner;
  }

  /** All messages in the order in which they came, with one person or with all. */
  list(partner?: string): ChatMessage[] {
    const rows = [...this.#table.group(this.#owner).values()].filter(
      (row) => partner === undefined || row.chat === partner,
    );
    return rows.toSorted((a, b) => a.order.localeCompare(b.order));
  }

  find(chat: string, sender: string, id: string): ChatMessage | undefined {
    return this.#table.get(this.#owner, rowKey({ chat, from: sender, id }));
  }

  /** A message by its WhatsApp id, whoever sent it. */
  findById(id: string): ChatMessage | undefined {
    for (const row of this.#table.group(this.#owner).values()) if (row.id === id) return row;
    return undefined;
  }

  /** Adds a message; an edit or a deletion is also done to the message that it is about. To be called in a transaction. */
  add(message: Omit<ChatMessage, 'owner' | 'order'>): ChatMessage {
    const row: ChatMessage = { ...message, owner: this.#owner, order: this.#context.store.nextSequence() };
    this.#put(row);
    const content = describeMessage(proto.Message.decode(row.content));
    if (content.targetId !== undefined && (content.kind === 'edit' || content.kind === 'delete'))
      this.#amend(row, content.targetId);
    this.#announce({
      type: 'message',
      phone: this.#owner,
      with: row.chat,
      id: row.id,
      direction: row.from === this.#owner ? 'out' : 'in',
    });
    return row;
  }

  /** The other side's device confirmed messages that this phone (or its companions) sent. To be called in a transaction. */
  onReceipt(chat: string, ids: readonly string[], kind: ReceiptKind, at: number): void {
    for (const id of ids) {
      const row = this.find(chat, this.#owner, id);
      if (row) this.#advance(row, kind, at);
    }
  }

  /** One reader's device confirmed messages to a group: they are delivered (read, played) once all the others have them. */
  onGroupReceipt(chat: string, reader: string, ids: readonly string[], kind: ReceiptKind, at: number): void {
    for (const id of ids) {
      const row = this.find(chat, this.#owner, id);
      if (row) this.#advanceWith(row, reader, kind, at);
    }
  }

  /** How far a message to a group got with each of its readers. */
  receiptsOf(row: ChatMessage): [reader: string, receipt: GroupReceipt][] {
    return [...this.#receipts.group(receiptGroup(row))];
  }

  /** Messages of `chat` that were received and not read (or, for voice messages, not played) yet. */
  unread(chat: string, kind: 'read' | 'played' = 'read'): ChatMessage[] {
    return this.list(chat).filter((row) => {
      if (row.from === this.#owner || row.deletedAt) return false;
      const content = describeMessage(proto.Message.decode(row.content));
      if (['edit', 'delete', 'reaction', 'vote'].includes(content.kind)) return false;
      return kind === 'read' ? row.readAt === undefined : row.playedAt === undefined && content.kind === 'voice';
    });
  }

  /** The last reaction of each person, without those that were taken back. */
  reactionsTo(row: ChatMessage): { from: string; emoji: string }[] {
    const last = new Map(
      this.#changesOf(row, 'reaction').map(({ from, message }) => [from, describeMessage(message).text]),
    );
    return [...last].filter(([, emoji]) => emoji !== '').map(([from, emoji]) => ({ from, emoji }));
  }

  /** The last vote of each person on a poll. */
  votesOn(row: ChatMessage): { from: string; options: string[] }[] {
    const poll = proto.Message.decode(row.content);
    const last = new Map(
      this.#changesOf(row, 'vote').map(({ from, message }) => [from, this.#openVote(row, poll, from, message)]),
    );
    return [...last].map(([from, options]) => ({ from, options }));
  }

  #changesOf(row: ChatMessage, kind: 'reaction' | 'vote'): { from: string; message: proto.IMessage }[] {
    return this.list(row.chat).flatMap(({ from, content }) => {
      const message = proto.Message.decode(content);
      const change = describeMessage(message);
      return change.kind === kind && change.targetId === row.id ? [{ from, message }] : [];
    });
  }

  #openVote(row: ChatMessage, poll: proto.IMessage, voter: string, message: proto.IMessage): string[] {
    const vote = normalizeMessageContent(message)?.pollUpdateMessage?.vote;
    const { directory, addressing } = this.#context;
    const { selectedOptions } = decryptPollVote(vote ?? {}, {
      pollCreatorJid: directory.userJid(row.from, addressing),
      pollMsgId: row.id,
      pollEncKey: poll.messageContextInfo?.messageSecret ?? new Uint8Array(),
      voterJid: directory.userJid(voter, addressing),
    });
    return optionsChosen(poll, selectedOptions ?? []);
  }

  /** The owner has read or played what he received. To be called in a transaction. */
  markReceived(rows: readonly ChatMessage[], kind: 'read' | 'played'): void {
    for (const row of rows) this.#advance(row, kind, Date.now());
  }

  #advanceWith(row: ChatMessage, reader: string, kind: ReceiptKind, at: number): void {
    const key = receiptGroup(row);
    const before = this.#receipts.get(key, reader) ?? {};
    // Who has played it has read it, and who has read it has it.
    const reached = RECEIPTS.slice(0, RECEIPTS.indexOf(kind) + 1).filter((one) => before[`${one}At`] === undefined);
    if (reached.length === 0) return;
    const times = Object.fromEntries(reached.map((one) => [`${one}At`, at]));
    this.#receipts.put(key, reader, { ...before, ...times });
    const receipts = [...this.#receipts.group(key).values()];
    const everybody = (one: ReceiptKind) =>
      receipts.filter((receipt) => receipt[`${one}At`] !== undefined).length >= (row.audience ?? 1);
    for (const one of reached) {
      const current = this.find(row.chat, row.from, row.id) ?? row;
      if (everybody(one)) this.#advance(current, one, at);
      else this.#tellStatus(current);
    }
  }

  get #receipts() {
    return this.#context.store.tables.groupReceipts;
  }

  get #table() {
    return this.#context.store.tables.chatMessages;
  }

  #put(row: ChatMessage): void {
    this.#table.put(this.#owner, rowKey(row), row);
  }

  #announce(event: SandboxEvent): void {
    this.#context.store.afterCommit(() => this.#context.events.emit(event));
  }

  #advance(row: ChatMessage, kind: ReceiptKind, at: number): void {
    const time = `${kind}At` as const;
    if (row[time] !== undefined) return;
    const status = RANK[kind] > RANK[row.status] ? kind : row.status;
    this.#put({ ...row, status, [time]: at });
    this.#tellStatus({ ...row, status });
  }

  #tellStatus({ chat, id, status }: ChatMessage): void {
    this.#announce({ type: 'status', phone: this.#owner, with: chat, id, status });
  }

  /** Only its author may change a message; in a group an admin may delete it. */
  #amend(change: ChatMessage, targetId: string): void {
    const target = this.find(change.chat, change.from, targetId) ?? this.#deletedByAdmin(change, targetId);
    if (!target) return;
    const edited = normalizeMessageContent(proto.Message.decode(change.content))?.protocolMessage?.editedMessage;
    this.#put(
      edited
        ? { ...target, content: Buffer.from(proto.Message.encode(edited).finish()), editedAt: change.timestamp }
        : { ...target, deletedAt: change.timestamp },
    );
  }

  #deletedByAdmin(change: ChatMessage, targetId: string): ChatMessage | undefined {
    const group = findGroup(this.#context, change.chat);
    if (!group || !isAdmin(this.#context, group, change.from)) return undefined;
    const key = proto.Message.decode(change.content).protocolMessage?.key;
    const author = this.#context.directory.find(key?.participant ?? undefined)?.phone;
    return author === undefined ? undefined : this.find(change.chat, author, targetId);
  }
}

function receiptGroup(row: Pick<ChatMessage, 'owner' | 'chat' | 'from' | 'id'>): string {
  return `${row.owner}|${rowKey(row)}`;
}

function rowKey({ chat, from, id }: Pick<ChatMessage, 'chat' | 'from' | 'id'>): string {
  return `${chat}|${from}|${id}`;
}
