/**
 * The key store of a phone's Signal client, as one unit of work: what the client writes is staged, read back by it, and
 * kept only when `commit` is called in the transaction that also keeps what the keys were used for. So a ratchet never
 * moves without its message, nor a message without its ratchet.
 */
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';
import type { Store } from '../store/store.ts';

export class PhoneKeys implements SignalKeyStoreWithTransaction {
  readonly #store: Store;
  readonly #phone: string;
  readonly #staged = new Map<string, unknown>();

  constructor(store: Store, phone: string) {
    this.#store = store;
    this.#phone = phone;
  }

  get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): { [id: string]: SignalDataTypeMap[T] } {
    const found: { [id: string]: SignalDataTypeMap[T] } = {};
    for (const id of ids) {
      const key = `${type}/${id}`;
      const value = this.#staged.has(key) ? this.#staged.get(key) : this.#store.tables.phoneKeys.get(this.#phone, key);
      if (value !== undefined && value !== null) found[id] = value as SignalDataTypeMap[T];
    }
    return found;
  }

  set(data: SignalDataSet): void {
    for (const [type, values] of Object.entries(data)) {
      for (const [id, value] of Object.entries(values)) this.#staged.set(`${type}/${id}`, value);
    }
  }

  /** Whoever uses the client holds the phone's lock (`VirtualPhone.exclusive`), so a transaction is always open. */
  isInTransaction(): boolean {
    return true;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  /** Keeps what was staged. To be called inside the store's transaction. */
  commit(): void {
    const { phoneKeys } = this.#store.tables;
    for (const [key, value] of this.#staged) {
      if (value === null) phoneKeys.delete(this.#phone, key);
      else phoneKeys.put(this.#phone, key, value);
    }
    this.#staged.clear();
  }

  discard(): void {
    this.#staged.clear();
  }
}
