import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

/** Inserts `row` and hands it back. */
export async function insert<R extends Row>(client: Client, table: string, row: R): Promise<R> {
  const columns = Object.keys(row);
  await client.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(row),
  );
  return row;
}

export const sealed = (): Row => ({ key_id: 'k1', sealed: randomBytes(60) });
