import type { BinaryNode } from '@whiskeysockets/baileys';
import type { GroupChange } from '../session-groups.ts';
import type { InboxRow } from '../session-keys.repository.ts';
import type { IncomingMessage, IncomingReceipt, Peer } from '../session-traffic.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { Deliveries } from './deliveries.ts';
import type { ReadDelivery } from './durable-signal.ts';
import { groupChangesIn, notificationId } from './group-stanzas.ts';
import { toIncomingMessage, toIncomingReceipts, unreadable } from './incoming.ts';
import type { KeyStore } from './key-store.ts';
import { decodeStanza, decodeStoredMessage, encodeStanza, receiptId, type StoredMessage } from './stanza.ts';
import type { TrafficQueue } from './traffic-queue.ts';

/** Somebody has the sender keys of a group who is not to read on with them. */
const DEPARTURES = new Set<GroupChange['what']['type']>(['left', 'removed', 'changed_number', 'ended']);

/** What a connection was delivered: rows of the inbox, which outlive it, until somebody has taken over what they say. */
export class ConnectionInbox {
  /** Rows that are no messages: they go when Baileys is done with their stanza. */
  private readonly forBaileys = new Map<BinaryNode, string[]>();

  constructor(
    private readonly options: Pick<ConnectionOptions, 'keys' | 'lease'>,
    private readonly rooms: Readonly<{
      store: KeyStore;
      deliveries: Deliveries;
      queue: TrafficQueue;
      self: () => Peer;
      /** Somebody is in this group no more. */
      leftGroup: (jid: string) => void;
      warn: (error: unknown) => void;
    }>,
  ) {}

  /** Hands over what an earlier connection left. @returns stanzas that only Baileys has use for, once it has its socket */
  async replay(): Promise<readonly BinaryNode[]> {
    const { keys, lease } = this.options;
    for (const row of await keys.readInbox(lease)) await this.replayRow(row);
    await this.rooms.queue.idle();
    return [...this.forBaileys.keys()];
  }

  private async replayRow(row: InboxRow & { stored: boolean }): Promise<void> {
    if (row.kind === 'receipt') {
      this.pushReceipts(toIncomingReceipts(await decodeStanza(row.plain)));
      return;
    }
    if (row.kind === 'group') {
      this.pushChanges(await decodeStanza(row.plain));
      return;
    }
    const message = await decodeStoredMessage(row.plain);
    this.rooms.deliveries.stored(row.id, message.plaintext);
    if (row.stored) this.rooms.deliveries.settled([row.id]);
    else this.read(row.id, message).handOver();
  }

  /** Before it is acknowledged: a receipt is told once. */
  async journalReceipt(stanza: BinaryNode): Promise<void> {
    const receipts = toIncomingReceipts(stanza);
    if (receipts.length === 0) return;
    const plain = encodeStanza(stanza);
    await this.rooms.store.deliver({ id: receiptId(stanza), kind: 'receipt', inbound: false, plain });
    this.pushReceipts(receipts);
  }

  private pushReceipts(receipts: readonly IncomingReceipt[]): void {
    for (const item of receipts) this.rooms.queue.push({ kind: 'receipt', item });
  }

  /** Before it is acknowledged: what happened in a group is told once, too. */
  async journalGroup(stanza: BinaryNode): Promise<void> {
    if (groupChangesIn(stanza).length === 0) return;
    const plain = encodeStanza(stanza);
    await this.rooms.store.deliver({ id: notificationId(stanza), kind: 'group', inbound: false, plain });
    this.pushChanges(stanza);
  }

  private pushChanges(stanza: BinaryNode): void {
    for (const item of groupChangesIn(stanza)) {
      if (DEPARTURES.has(item.what.type)) this.rooms.leftGroup(item.jid);
      this.rooms.queue.push({ kind: 'group', item });
    }
  }

  /** Once its inbox row is committed, a message is to be made of it, or it is Baileys' own business. */
  read(id: string, message: StoredMessage): ReturnType<ReadDelivery> {
    const item = this.messageIn(id, message);
    const handOver = () => {
      if (item) this.rooms.queue.push({ kind: 'message', item });
      else this.forBaileys.set(message.stanza, [...(this.forBaileys.get(message.stanza) ?? []), id]);
    };
    return { inbound: item !== null && !item.fromMe, handOver };
  }

  private messageIn(id: string, message: StoredMessage): IncomingMessage | null {
    try {
      return toIncomingMessage(id, message, this.rooms.self());
    } catch (error) {
      this.rooms.warn(error);
      return unreadable(id, message, this.rooms.self());
    }
  }

  /** Baileys is done with a stanza. A row that cannot be marked now comes again at the next open. */
  handled(stanza: BinaryNode): void {
    const ids = this.forBaileys.get(stanza);
    if (!ids) return;
    this.forBaileys.delete(stanza);
    this.options.keys.finishInbox(this.options.lease, ids).then(
      () => this.rooms.deliveries.settled(ids),
      (error: unknown) => this.rooms.warn(error),
    );
  }
}
