import { createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { UserFacingError } from '../lib/user-facing-error.ts';
import { DigestStream } from './digest.ts';
import { digestsOf, FORMAT, type HouseSecrets, MANIFEST, type Manifest, type SavedTable } from './manifest.ts';
import { saveMedia } from './media.ts';
import { productTables, quoted, type Table } from './tables.ts';

export type BackupOptions = {
  databaseUrl: string;
  mediaDir: string;
  secrets: HouseSecrets;
  /** Does not exist yet. */
  directory: string;
  log: (line: string) => void;
};

/**
 * Writes everything that the product keeps into a directory, as it was at one moment, while nodes go on working. Needs no more
 * than the product's own login role. Secrets stay sealed; what people wrote does not, so the files are their owner's alone.
 *
 * @throws UserFacingError when the directory exists.
 */
export async function backup({ databaseUrl, mediaDir, secrets, directory, log }: BackupOptions): Promise<Manifest> {
  const target = resolve(directory);
  if (existsSync(target)) throw new UserFacingError(`${target} exists already: name a directory that does not.`);
  const partial = `${target}.partial`;
  if (existsSync(partial)) throw new UserFacingError(`${partial} is left of a backup that failed: remove it first.`);
  mkdirSync(join(partial, 'tables'), { recursive: true, mode: 0o700 });

  const client = new Client({ connectionString: databaseUrl, application_name: 'wasel backup' });
  await client.connect();
  try {
    const all = await productTables(client);
    assertPortable(all);
    // One snapshot for everything. It writes nothing, so followers of facts do not wait for it.
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    const migrations = await appliedMigrations(client); // which the login role may see in any version
    await client.query('set local role app_system');
    const tables: SavedTable[] = [];
    for (const table of all) {
      const saved = await saveTable(client, table, partial);
      tables.push(saved);
      if (saved.rows > 0) log(`${saved.rows} rows of ${saved.name}`);
    }
    const media = await saveMedia(client, mediaDir, join(partial, 'media'), log);
    const manifest: Manifest = {
      format: FORMAT,
      takenAt: new Date().toISOString(),
      source: addressOf(databaseUrl),
      migrations,
      ...digestsOf(secrets),
      tables,
      media,
    };
    await client.query('commit');
    writeFileSync(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    renameSync(partial, target);
    return manifest;
  } finally {
    await client.end();
  }
}

/**
 * Facts are followed by transaction id, and those of another database mean nothing: facts are numbered in their order, and a
 * cursor becomes the number of the last fact that it has passed. The restoring transaction gives them its own id.
 */
const ROWS: Record<string, string> = {
  'private.facts': `select row_number() over (order by xid, id) as id, organization_id, type, version, subject, payload, time, uid from private.facts`,
  'private.fact_cursors': `select c.name, (select count(*) from private.facts f where (f.xid, f.id) <= (c.xid, c.id)) as id, c.updated_at
                             from private.fact_cursors c`,
};

/** A new table with transaction ids needs words of its own in `ROWS`. */
function assertPortable(tables: readonly Table[]): void {
  const unknown = tables.filter(({ name, transactionIds }) => transactionIds.length > 0 && !(name in ROWS));
  if (unknown.length > 0) throw new Error(`a backup cannot carry the transaction ids of ${unknown[0]?.name}`);
}

async function saveTable(client: Client, { name, columns }: Table, directory: string): Promise<SavedTable> {
  const file = `tables/${name}.copy.gz`;
  const list = columns.map((column) => quoted(column)).join(', ');
  const stream = client.query(copyTo(`copy (select ${list} from ${rowsOf(name)}) to stdout`));
  const digest = new DigestStream();
  await pipeline(stream, digest, createGzip(), createWriteStream(join(directory, file), { mode: 0o600 }));
  return { name, columns, file, rows: stream.rowCount, sha256: digest.sha256() };
}

const rowsOf = (name: string): string => {
  const special = ROWS[name];
  return special === undefined ? quoted(name) : `(${special}) numbered`;
};

async function appliedMigrations(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string }>(
    `select migration_name from public._prisma_migrations
      where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  return rows.map((row) => row.migration_name);
}

/** Which database it is, for people and for comparing. */
export function addressOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}:${port || '5432'}${pathname}`;
}
