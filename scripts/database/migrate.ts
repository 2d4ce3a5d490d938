import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { UserFacingError } from '../lib/user-facing-error.ts';

export type MigrateOptions = {
  /** Gets one line for each migration that was applied. */
  log: (line: string) => void;
  /** Holds `<time>_<name>/migration.sql`, applied in the order of their names. */
  directory?: string;
  /** The last one to apply; all, when it is left out. */
  upTo?: string;
};

type Migration = { name: string; sql: string; checksum: string };

const DIRECTORY = resolve(import.meta.dirname, '../../prisma/migrations');

/** The advisory lock that Prisma's own engine takes, so that it and this runner wait for each other too. */
const LOCK_ID = 72_707_369;
const LOCK_WAIT_MS = 120_000;

/** A statement that waits longer for a table would hold up every query behind it: better to fail and try again. */
const TABLE_LOCK_WAIT_MS = 10_000;

/**
 * Applies the migrations that the database does not have yet, each in its own transaction together with its row in
 * `_prisma_migrations`, which `prisma migrate deploy` reads and writes too. Runners that start together wait for each
 * other; nothing happens when all is applied. A database that is ahead of the files is left alone: during a deploy
 * the previous version still runs.
 *
 * @returns the names of the migrations that were applied.
 * @throws UserFacingError when an applied migration was changed, or one failed; its transaction is rolled back.
 */
export async function migrate(
  databaseUrl: string,
  { log, directory = DIRECTORY, upTo }: MigrateOptions,
): Promise<string[]> {
  const migrations = readMigrations(directory).filter(({ name }) => upTo === undefined || name <= upTo);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await inLockedTransaction(client, () => createHistory(client));
    const applied: string[] = [];
    for (const migration of migrations) {
      const startedAt = performance.now();
      if (!(await inLockedTransaction(client, () => applyOnce(client, migration)))) continue;
      applied.push(migration.name);
      log(`applied ${migration.name} in ${Math.round(performance.now() - startedAt)} ms`);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** The names of this version's migrations, in order. */
export const knownMigrations = (): string[] => readMigrations(DIRECTORY).map(({ name }) => name);

function readMigrations(directory: string): Migration[] {
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

/** The lock belongs to the transaction and not to the connection, so it also works through a transaction pooler. */
async function inLockedTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
    await client.query(`select pg_advisory_xact_lock(${LOCK_ID})`);
    await client.query(`set local lock_timeout = ${TABLE_LOCK_WAIT_MS}`);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The table as Prisma creates it. Default privileges may have given it to everyone, so they are taken back at once. */
async function createHistory(client: Client): Promise<void> {
  const { rows } = await client.query<{ missing: boolean }>(
    `select to_regclass('public._prisma_migrations') is null as missing`,
  );
  if (rows[0]?.missing !== true) return;
  await client.query(`
    create table public._prisma_migrations (
      id                  varchar(36) primary key not null,
      checksum            varchar(64) not null,
      finished_at         timestamptz,
      migration_name      varchar(255) not null,
      logs                text,
      rolled_back_at      timestamptz,
      started_at          timestamptz not null default now(),
      applied_steps_count integer not null default 0
    );
    do $$
    declare grantee text;
    begin
      for grantee in
        select distinct case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end
        from pg_class, aclexplode(relacl) acl
        where pg_class.oid = 'public._prisma_migrations'::regclass and acl.grantee <> relowner
      loop
        execute format('revoke all on public._prisma_migrations from %s', grantee);
      end loop;
    end $$`);
}

/** @returns false when the database has it already. */
async function applyOnce(client: Client, { name, sql, checksum }: Migration): Promise<boolean> {
  const { rows } = await client.query<{ checksum: string; finished: boolean }>(
    `select checksum, finished_at is not null as finished from public._prisma_migrations
     where migration_name = $1 and rolled_back_at is null order by started_at desc limit 1`,
    [name],
  );
  const [earlier] = rows;
  if (earlier?.finished === false) {
    throw new UserFacingError(`Migration ${name} failed earlier: repair the database, then "prisma migrate resolve".`);
  }
  if (earlier !== undefined && earlier.checksum !== checksum) {
    throw new UserFacingError(`Migration ${name} was changed after it was applied: put it back and add a new one.`);
  }
  if (earlier !== undefined) return false;

  await execute(client, name, sql);
  await client.query(
    `insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values (gen_random_uuid(), $1, $2, now(), clock_timestamp(), 1)`,
    [checksum, name],
  );
  return true;
}

async function execute(client: Client, name: string, sql: string): Promise<void> {
  try {
    await client.query(sql);
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    const line = cause.position === undefined ? '' : `:${sql.slice(0, Number(cause.position)).split('\n').length}`;
    throw new UserFacingError(`Migration ${name} failed at migration.sql${line}: ${cause.message}`, { cause });
  }
}
