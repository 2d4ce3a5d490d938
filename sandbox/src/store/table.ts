/** A two-level table held in memory: `group` collects the rows that are read together, `id` names one of them. */
export type Journal = Readonly<{
  /** Called before a change, with how to undo it and how the disk shall learn of it. */
  changed: (change: Change) => void;
}>;

export type Change = Readonly<{
  table: string;
  group: string;
  id: string;
  /** The new value; undefined deletes the row. */
  value: unknown;
  undo: () => void;
}>;

const NO_ROWS: ReadonlyMap<string, never> = new Map<string, never>();

/** Rows keep their insertion order within a group. Values are never mutated in place: a change is a `put`. */
export class Table<V> {
  readonly name: string;
  readonly #journal: Journal;
  readonly #groups = new Map<string, Map<string, V>>();

  constructor(name: string, journal: Journal) {
    this.name = name;
    this.#journal = journal;
  }

  get(group: string, id: string): V | undefined {
    return this.#groups.get(group)?.get(id);
  }

  group(group: string): ReadonlyMap<string, V> {
    return this.#groups.get(group) ?? NO_ROWS;
  }

  groups(): IterableIterator<string> {
    return this.#groups.keys();
  }

  put(group: string, id: string, value: V): void {
    const previous = this.get(group, id);
    this.#journal.changed({ table: this.name, group, id, value, undo: () => this.restore(group, id, previous) });
    this.restore(group, id, value);
  }

  delete(group: string, id: string): void {
    const previous = this.get(group, id);
    if (previous === undefined) return;
    this.#journal.changed({
      table: this.name,
      group,
      id,
      value: undefined,
      undo: () => this.restore(group, id, previous),
    });
    this.restore(group, id, undefined);
  }

  deleteGroup(group: string): void {
    // A Map may lose entries while it is walked.
    for (const id of this.group(group).keys()) this.delete(group, id);
  }

  /** Sets a row without journaling it: for loading from disk and for undoing. */
  restore(group: string, id: string, value: V | undefined): void {
    const rows = this.#groups.get(group) ?? new Map<string, V>();
    if (value === undefined) rows.delete(id);
    else rows.set(id, value);
    if (rows.size > 0) this.#groups.set(group, rows);
    else this.#groups.delete(group);
  }
}
