import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { knownMigrations, migrate } from '../database/migrate.ts';
import { UserFacingError } from '../lib/user-facing-error.ts';
import { DigestStream } from './digest.ts';
import { assertSameSecrets, type HouseSecrets, type Manifest, readManifest, type SavedTable } from './manifest.ts';
import { restoreMedia } from './media.ts';
import { productTables, quoted, type Table } from './tables.ts';

export type RestoreOptions = {
  /** Of a finished backup. */
  directory: string;
  /** Has no organizations yet; may be quite empty. */
  databaseUrl: string;
  mediaDir: string;
  secrets: HouseSecrets;
  log: (line: string) => void;
  /** Of the version that restores, when it is not this one. */
  migrations?: string;
};

/**
 * Puts a backup into a database that has nothing yet: all of it, or nothing. Numbers connect as soon as a node is started on it,
 * so the house that the backup is of must not run any more; see `retire`.
 *
 * @throws UserFacingError when it is no backup, is damaged, is newer than this version, or the database is in use.
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { directory, databaseUrl, mediaDir, secrets, log, migrations } = options;
  const files = { log, ...(migrations === undefined ? {} : { directory: migrations }) };
  const source = resolve(directory);
  const manifest = readManifest(source);
  assertSameSecrets(manifest, secrets);
  const known = new Set(knownMigrations(migrations));
  const newer = manifest.migrations.filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new UserFacingError(`The backup has ${newer.join(', ')}: restore it with a newer version.`);

  // As it was when the backup was taken; what came later is applied to the rows like to any others.
  await migrate(databaseUrl, { ...files, upTo: manifest.migrations.at(-1) ?? '' });
  const restored = await restoreMedia(join(source, 'media'), mediaDir);
  if (restored > 0) log(`${restored} files`);

  const client = new Client({ connectionString: databaseUrl, application_name: 'wasel restore' });
  await client.connect();
  try {
    await load(client, source, manifest, log);
    await client.query('analyze');
  } finally {
    await client.end();
  }
  await migrate(databaseUrl, files);
  return manifest;
}

async function load(client: Client, source: string, manifest: Manifest, log: (line: string) => void): Promise<void> {
  const tables = await productTables(client);
  await client.query('begin');
  try {
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    // The owner sees rows where row security does not bind him too. It binds again before anybody else can look: these
    // statements hold every table until the end.
    for (const { name } of tables) await client.query(`alter table ${quoted(name)} no force row level security`);
    await assertUnused(client);
    await clear(client, tables);
    for (const table of tables) {
      const saved = manifest.tables.find(({ name }) => name === table.name);
      if (!saved) continue; // younger than the backup
      await loadTable(client, table, saved, source);
      if (saved.rows > 0) log(`${saved.rows} rows of ${saved.name}`);
    }
    await forgetOwners(client);
    for (const { name } of tables) await client.query(`alter table ${quoted(name)} force row level security`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function assertUnused(client: Client): Promise<void> {
  const { rows } = await client.query<{ used: boolean }>(
    'select exists (select from organizations) or exists (select from users) as used',
  );
  if (rows[0]?.used) throw new UserFacingError('This database is in use: restore into an empty one.');
}

/** What the migrations put there is in the backup too, as people may have changed it. */
async function clear(client: Client, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables.toReversed()) {
    const { rows } = await client.query<{ filled: boolean }>(`select exists (select from ${quoted(name)}) as filled`);
    if (rows[0]?.filled) await client.query(`delete from ${quoted(name)}`);
  }
}

async function loadTable(client: Client, table: Table, saved: SavedTable, source: string): Promise<void> {
  const { name, transactionIds, identities } = table;
  const columns = saved.columns.filter((column) => table.columns.includes(column));
  if (columns.length < saved.columns.length)
    throw new UserFacingError(`The backup's ${name} has columns that this version does not know.`);
  const target = `${quoted(name)} (${columns.map((column) => quoted(column)).join(', ')})`;
  const digest = new DigestStream();
  const given = await defaultsOf(client, name, transactionIds);
  for (const column of transactionIds) {
    await client.query(`alter table ${quoted(name)} alter ${quoted(column)} set default pg_current_xact_id()`);
  }
  const into = client.query(copyFrom(`copy ${target} from stdin`));
  const read = createReadStream(join(source, saved.file));
  await pipeline(read, createGunzip(), digest, into).catch((cause: unknown) => {
    throw new UserFacingError(`${saved.file} of the backup is damaged: ${String(cause)}`, { cause });
  });
  if (digest.sha256() !== saved.sha256 || into.rowCount !== saved.rows) {
    throw new UserFacingError(`${saved.file} of the backup is damaged: it is not what was written.`);
  }
  for (const column of transactionIds) {
    if (!given.has(column)) await client.query(`alter table ${quoted(name)} alter ${quoted(column)} drop default`);
  }
  for (const column of identities) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), max(${quoted(column)})) from ${quoted(name)} having max(${quoted(column)}) is not null`,
      [quoted(name), column],
    );
  }
}

async function defaultsOf(client: Client, name: string, columns: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ attname: string }>(
    'select attname from pg_attribute where attrelid = $1::regclass and attname = any($2) and atthasdef',
    [quoted(name), columns],
  );
  return new Set(rows.map((row) => row.attname));
}

/** The nodes that ran the numbers are of another house, and nothing that they still try to write fits the epoch. */
async function forgetOwners(client: Client): Promise<void> {
  await client.query(
    `update private.session_leases set owner_node = null, epoch = epoch + 1, expires_at = '-infinity'`,
  );
  await client.query(
    `update sessions set state = 'connecting', connected_since = null where state = 'connected' and deleted_at is null`,
  );
}
