/** A phone's chats: what it has sent and received, with how far each message got. */
import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { ServerContext } from '../server/context.ts';
import type { SandboxEvent } from '../server/events.ts';
import type { ChatMessage, MessageStatus } from '../store/rows.ts';
import { describeMessage } from './message-content.ts';

export type ReceiptKind = 'delivered' | 'read' | 'played';

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

  /** Messages of `chat` that were received and not read (or, for voice messages, not played) yet. */
  unread(chat: string, kind: 'read' | 'played' = 'read'): ChatMessage[] {
    return this.list(chat).filter((row) => {
      if (row.from === this.#owner || row.deletedAt) return false;
      const content = describeMessage(proto.Message.decode(row.content));
      if (content.kind === 'edit' || content.kind === 'delete' || content.kind === 'reaction') return false;
      return kind === 'read' ? row.readAt === undefined : row.playedAt === undefined && content.kind === 'voice';
    });
  }

  /** The owner has read or played what he received. To be called in a transaction. */
  markReceived(rows: readonly ChatMessage[], kind: 'read' | 'played'): void {
    for (const row of rows) this.#advance(row, kind, Date.now());
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
    this.#announce({ type: 'status', phone: this.#owner, with: row.chat, id: row.id, status });
  }

  /** Only its author may change a message. */
  #amend(change: ChatMessage, targetId: string): void {
    const target = this.find(change.chat, change.from, targetId);
    if (!target) return;
    const edited = normalizeMessageContent(proto.Message.decode(change.content))?.protocolMessage?.editedMessage;
    this.#put(
      edited
        ? { ...target, content: Buffer.from(proto.Message.encode(edited).finish()), editedAt: change.timestamp }
        : { ...target, deletedAt: change.timestamp },
    );
  }
}

function rowKey({ chat, from, id }: Pick<ChatMessage, 'chat' | 'from' | 'id'>): string {
  return `${chat}|${from}|${id}`;
}
