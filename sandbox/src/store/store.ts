/**
 * All state of the sandbox: tables in memory, and, with a state directory, the same rows in LMDB.
 *
 * The one rule everything else rests on: a change is made inside `transaction`, and what it promises to somebody (an
 * ack, a delivery, an HTTP answer) leaves through `afterCommit`. The commit is synchronous and hands the pages to the
 * operating system before it returns, so `kill -9` at any instant loses nothing that was promised. It does not wait for
 * the disk: a power cut may lose the last moments.
 */
import type { Change } from './table.ts';
import { Table } from './table.ts';
import type { Rows, TableName } from './rows.ts';
import { TABLE_NAMES } from './rows.ts';

/** Where rows go to outlive the process. */
export interface Persistence {
  rows(): Iterable<{ table: string; group: string; id: string; value: unknown }>;
  /** Writes all changes as one: after a crash all are there or none. Synchronous. */
  commit(changes: readonly Change[]): void;
  close(): Promise<void>;
}

/** How many sequence numbers are reserved by one write. */
const SEQUENCE_BLOCK = 1024;
/** Wide enough that ids sort as strings in the order in which they were given. */
const SEQUENCE_DIGITS = 14;

export type Tables = { readonly [name in TableName]: Table<Rows[name]> };

export class Store {
  readonly tables: Tables;
  readonly #persistence: Persistence | undefined;
  #changes: Change[] | undefined;
  #afterCommit: (() => void)[] = [];
  #nextSequence = 1;
  #reservedSequence = 1;

  constructor(persistence?: Persistence) {
    this.#persistence = persistence;
    const journal = { changed: (change: Change) => this.#record(change) };
    this.tables = Object.fromEntries(TABLE_NAMES.map((name) => [name, new Table(name, journal)])) as unknown as Tables;
    this.#load();
  }

  /**
   * Runs `work` as one change: all of it is kept, or, when it throws, none. Calls may nest; the outermost commits.
   * `work` must be synchronous, so that nothing else sees it half done.
   */
  transaction<T>(work: () => T): T {
    if (this.#changes) return work();
    this.#changes = [];
    try {
      const result = work();
      if (this.#changes.length > 0) this.#persistence?.commit(this.#changes);
      this.#changes = undefined;
      this.#flush();
      return result;
    } catch (error) {
      for (const change of (this.#changes ?? []).toReversed()) change.undo();
      this.#changes = undefined;
      this.#afterCommit = [];
      throw error;
    }
  }

  /** Runs `effect` once the current transaction is kept; at once when there is none. */
  afterCommit(effect: () => void): void {
    if (this.#changes) this.#afterCommit.push(effect);
    else effect();
  }

  /** A number that grows over restarts too, as a string of fixed width. */
  nextSequence(): string {
    if (this.#nextSequence >= this.#reservedSequence) {
      this.#reservedSequence = this.#nextSequence + SEQUENCE_BLOCK;
      this.transaction(() => this.tables.settings.put('', 'sequence', this.#reservedSequence));
    }
    return String(this.#nextSequence++).padStart(SEQUENCE_DIGITS, '0');
  }

  async close(): Promise<void> {
    await this.#persistence?.close();
  }

  #record(change: Change): void {
    if (!this.#changes) throw new Error(`${change.table} was changed outside a transaction`);
    this.#changes.push(change);
  }

  #flush(): void {
    const effects = this.#afterCommit;
    this.#afterCommit = [];
    for (const effect of effects) effect();
  }

  #load(): void {
    for (const { table, group, id, value } of this.#persistence?.rows() ?? []) {
      const target = (this.tables as Record<string, Table<unknown> | undefined>)[table];
      target?.restore(group, id, value);
    }
    const reserved = this.tables.settings.get('', 'sequence');
    this.#nextSequence = typeof reserved === 'number' ? reserved : 1;
    this.#reservedSequence = this.#nextSequence;
  }
}
