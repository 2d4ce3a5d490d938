import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** `<time>_<name>/migration.sql`, as Prisma lays them out. */
export type Migration = { name: string; sql: string; checksum: string };

export const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');

/** All of them, in the order of their names. */
export function readMigrations(directory = MIGRATIONS): Migration[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: checksumOf(sql) };
    });
}

/** As Prisma computes it (schema-engine, `checksum.rs`): SHA-256 of the script's bytes in lower-case hex. */
function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

const REPEATED = /^-- repeat(?: as (\w+))? until nothing is left$/m;

/** Whether its one statement is run again and again, each time in a transaction of its own, until it finds no rows. */
export const isRepeated = (sql: string): boolean => REPEATED.test(sql);

/** The role that rows are changed as: row security hides them from the owner. */
export const roleOf = (sql: string): string | undefined => REPEATED.exec(sql)?.[1];

const CONCURRENT_INDEX =
  /^\s*create\s+(?:unique\s+)?index\s+concurrently\s+if\s+not\s+exists\s+"?(?<index>\w+)"?\s+on\s+(?:only\s+)?(?<table>[\w".]+)/i;
const CONCURRENT = /^\s*(create\s+(unique\s+)?index|drop\s+index|reindex\s+\w+)\s+concurrently\b/i;

const withoutComments = (sql: string): string => sql.replace(/--.*$/gm, '');

/** Whether Postgres refuses it within a transaction. */
export const isConcurrent = (sql: string): boolean => CONCURRENT.test(withoutComments(sql));

/** The index that is built without locking anybody out, when it is that. */
export function concurrentIndexOf(sql: string): { index: string; table: string } | undefined {
  const { index, table } = CONCURRENT_INDEX.exec(withoutComments(sql))?.groups ?? {};
  return index !== undefined && table !== undefined ? { index, table } : undefined;
}
