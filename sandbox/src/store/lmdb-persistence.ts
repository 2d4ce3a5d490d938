/** Rows in LMDB: one environment, one database, key = [table, group, id]. */
import { open } from 'lmdb';
import type { Persistence } from './store.ts';
import type { Change } from './table.ts';

type Key = [table: string, group: string, id: string];

/** Opens (and creates) the environment in `directory`. Only one process may use it at a time. */
export function openLmdb(directory: string): Persistence {
  const database = open<unknown, Key>({
    path: directory,
    // A commit reaches the operating system, not the disk: it survives kill -9, and costs about 20 µs.
    noSync: true,
    overlappingSync: false,
    // Without it decoded buffers are windows into LMDB's own memory, which later writes change.
    encoder: { copyBuffers: true },
  });
  return {
    *rows() {
      for (const { key, value } of database.getRange()) yield { table: key[0], group: key[1], id: key[2], value };
    },
    commit(changes: readonly Change[]) {
      database.transactionSync(() => {
        for (const { table, group, id, value } of changes) {
          if (value === undefined) database.removeSync([table, group, id]);
          else database.putSync([table, group, id], value);
        }
      });
    },
    close: () => database.close(),
  };
}
