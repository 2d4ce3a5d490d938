import { AsyncLocalStorage } from 'node:async_hooks';
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';
import type { KeyStore } from './key-store.ts';

/** What a transaction has changed and not committed yet. */
type Transaction = {
  readonly owner: KeyTransactions;
  readonly changes: Record<string, Record<string, unknown>>;
  open: boolean;
};

/**
 * One for the whole process. Baileys has one for each socket, and Node passes every one that is in use on at every promise:
 * with a thousand numbers, each promise of the process would cost a thousand steps.
 */
const current = new AsyncLocalStorage<Transaction>();

/**
 * Transactions over the keys of one session, in the place of Baileys' own. A transaction holds the lock of its name, reads
 * what it has written itself, and is committed as a whole before the lock is released; one inside another is part of it.
 */
export class KeyTransactions implements SignalKeyStoreWithTransaction {
  /** The last transaction of each name that is under way. */
  private readonly tails = new Map<string, Promise<unknown>>();

  /**
   * @param isOuter names of Baileys' transactions that hold together what each commits by itself: they lock nothing, and are
   * over when everything that they asked for is stored
   */
  constructor(
    private readonly store: KeyStore,
    private readonly isOuter: (name: string) => boolean,
  ) {}

  async get<T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    const changed = this.transactionNow()?.changes[type];
    if (!changed) return this.store.get(type, ids);
    const found = await this.store.get(
      type,
      ids.filter((id) => !(id in changed)),
    );
    for (const id of ids) {
      if (id in changed && changed[id] !== null) found[id] = changed[id] as SignalDataTypeMap[T];
    }
    return found;
  }

  async set(data: SignalDataSet): Promise<void> {
    const transaction = this.transactionNow();
    if (!transaction) return this.store.set(data);
    for (const [type, rows] of Object.entries(data))
      transaction.changes[type] = { ...transaction.changes[type], ...(rows as Record<string, unknown>) };
  }

  isInTransaction(): boolean {
    return this.transactionNow() !== undefined;
  }

  async transaction<T>(work: () => Promise<T>, name: string): Promise<T> {
    if (this.isInTransaction()) return work();
    if (this.isOuter(name)) {
      const result = await work();
      await this.store.drained();
      return result;
    }
    return this.exclusive(name, async () => {
      const transaction: Transaction = { owner: this, changes: {}, open: true };
      try {
        const result = await current.run(transaction, work);
        if (Object.keys(transaction.changes).length > 0) await this.store.set(transaction.changes);
        return result;
      } finally {
        transaction.open = false;
      }
    });
  }

  /** Work that a transaction has started and not waited for is none of it any more. */
  private transactionNow(): Transaction | undefined {
    const transaction = current.getStore();
    return transaction?.owner === this && transaction.open ? transaction : undefined;
  }

  private async exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(name);
    const mine = before ? before.then(work, work) : work();
    this.tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.tails.get(name) === mine) this.tails.delete(name);
    }
  }
}
