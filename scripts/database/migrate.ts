import { setTimeout } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { UserFacingError } from '../lib/user-facing-error.ts';
import {
  concurrentIndexOf,
  isConcurrent,
  isRepeated,
  type Migration,
  MIGRATIONS,
  readMigrations,
  roleOf,
} from './migration-files.ts';

export type MigrateOptions = {
  /** Gets one line for each migration that was applied, and for each long wait. */
  log: (line: string) => void;
  /** Holds `<time>_<name>/migration.sql`, applied in the order of their names. */
  directory?: string;
  /** The last one to apply; all, when it is left out. */
  upTo?: string;
  /** Longest wait for another runner, and for tables that are in use. */
  patienceMs?: number;
};

type Run = Readonly<{ databaseUrl: string; client: Client; log: (line: string) => void; patienceMs: number }>;

/** The advisory lock that Prisma's own engine takes, so that it and this runner keep out of each other's way. */
const LOCK_ID = 72_707_369;
const LOOK_AGAIN_MS = 200;
const PATIENCE_MS = 120_000;

/** Everybody who comes after a statement that waits for a table waits behind it: so it waits shortly, and often. */
const TABLE_LOCK_WAIT_MS = 300;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 5_000;

/** An index that is built aside waits for transactions that are older than itself, and holds nobody up. */
const CONCURRENT_WAIT_MS = 600_000;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/**
 * Applies the migrations that the database does not have yet, each in its own transaction together with its row in
 * `_prisma_migrations`, which `prisma migrate deploy` reads and writes too. What cannot be in a transaction (an index that is
 * built concurrently) or should not (a change of many rows) is alone in its migration and can be done again. Runners that
 * start together wait for each other; nothing happens when all is applied. A database that is ahead of the files is left
 * alone: during a deploy the previous version still runs.
 *
 * @returns the names of the migrations that were applied.
 * @throws UserFacingError when an applied migration was changed, or one failed; its transaction is rolled back.
 */
export async function migrate(
  databaseUrl: string,
  { log, directory = MIGRATIONS, upTo, patienceMs = PATIENCE_MS }: MigrateOptions,
): Promise<string[]> {
  const migrations = readMigrations(directory).filter(({ name }) => upTo === undefined || name <= upTo);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const run = { databaseUrl, client, log, patienceMs };
  try {
    await alone(run, () => createHistory(client));
    const applied: string[] = [];
    for (const migration of migrations) {
      const startedAt = performance.now();
      if (!(await patiently(run, migration.name, () => alone(run, () => applyOnce(run, migration))))) continue;
      applied.push(migration.name);
      log(`applied ${migration.name} in ${Math.round(performance.now() - startedAt)} ms`);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** The names of this version's migrations, in order. */
export const knownMigrations = (directory = MIGRATIONS): string[] => readMigrations(directory).map(({ name }) => name);

/**
 * Runs `work` in a transaction that no other runner has at the same time. The lock belongs to the transaction and not to the
 * connection, so it also works through a transaction pooler. Who waits asks again and again: one that stood in the queue would
 * have a snapshot, for which an index that is built concurrently waits in turn.
 */
async function alone<T>({ client, log, patienceMs }: Run, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + patienceMs;
  let told = false;
  for (;;) {
    await client.query('begin; set local idle_in_transaction_session_timeout = 0');
    try {
      const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${LOCK_ID}) as mine`);
      if (rows[0]?.mine === true) {
        await client.query(`set local lock_timeout = ${TABLE_LOCK_WAIT_MS}`);
        const result = await work();
        await client.query('commit');
        return result;
      }
      await client.query('rollback');
    } catch (error) {
      await client.query('rollback').catch(() => undefined); // the first error says more
      throw error;
    }
    if (performance.now() > deadlineMs) throw new UserFacingError('Another process has been migrating for too long.');
    if (!told) log('another process migrates; waiting for it');
    told = true;
    await setTimeout(LOOK_AGAIN_MS);
  }
}

/** Does it again while a table that it needs is in use. */
async function patiently<T>(run: Run, name: string, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + run.patienceMs;
  for (let pauseMs = RETRY_MIN_MS; ; pauseMs = Math.min(2 * pauseMs, RETRY_MAX_MS)) {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK) throw error;
      const oldest = await oldestTransaction(run.client);
      if (performance.now() + pauseMs > deadlineMs)
        throw new UserFacingError(`Migration ${name} did not get at its tables. ${oldest}`, { cause: error });
      if (pauseMs === RETRY_MIN_MS) run.log(`${name} waits for a table that is in use. ${oldest}`);
      await setTimeout(pauseMs);
    }
  }
}

const codeOf = (error: unknown): string | undefined => {
  const from = error instanceof UserFacingError ? error.cause : error;
  return from instanceof DatabaseError ? from.code : undefined;
};

async function oldestTransaction(client: Client): Promise<string> {
  const { rows } = await client.query<{ who: string }>(
    `select format('The oldest transaction is that of process %s (%s, %s), for %s s.', pid, application_name, state,
                   round(extract(epoch from clock_timestamp() - xact_start))) as who
       from pg_stat_activity
      where datname = current_database() and xact_start is not null and pid <> pg_backend_pid() order by xact_start limit 1`,
  );
  return rows[0]?.who ?? '';
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
async function applyOnce(run: Run, migration: Migration): Promise<boolean> {
  const { client } = run;
  const { name, sql, checksum } = migration;
  // Without parameters: with them, the statement would stay open with its snapshot, and a concurrent index wait for it.
  const { rows } = await client.query<{ checksum: string; finished: boolean }>(
    `select checksum, finished_at is not null as finished from public._prisma_migrations
     where migration_name = ${client.escapeLiteral(name)} and rolled_back_at is null order by started_at desc limit 1`,
  );
  const [earlier] = rows;
  if (earlier?.finished === false) {
    throw new UserFacingError(`Migration ${name} failed earlier: repair the database, then "prisma migrate resolve".`);
  }
  if (earlier !== undefined && earlier.checksum !== checksum) {
    throw new UserFacingError(`Migration ${name} was changed after it was applied: put it back and add a new one.`);
  }
  if (earlier !== undefined) return false;

  if (isConcurrent(sql)) await onTheSide(run, (side) => executeConcurrently(side, migration));
  else if (isRepeated(sql)) await onTheSide(run, (side) => executeRepeatedly(run, side, migration));
  else await execute(client, name, sql);
  await client.query(
    `insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values (gen_random_uuid(), $1, $2, now(), clock_timestamp(), 1)`,
    [checksum, name],
  );
  return true;
}

/** On another connection, while the transaction that keeps other runners out stays open and holds nothing else. */
async function onTheSide({ databaseUrl }: Run, work: (side: Client) => Promise<void>): Promise<void> {
  const side = new Client({ connectionString: databaseUrl });
  await side.connect();
  try {
    await side.query('set statement_timeout = 0');
    await work(side);
  } finally {
    await side.end();
  }
}

/** What was left of an earlier try is an index that no query uses and every write keeps up: it goes first. */
async function executeConcurrently(side: Client, { name, sql }: Migration): Promise<void> {
  await side.query(`set lock_timeout = ${CONCURRENT_WAIT_MS}`);
  const built = concurrentIndexOf(sql);
  if (built) {
    const { rows } = await side.query<{ index: string }>(
      `select i.indexrelid::regclass::text as index from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = to_regclass($1) and c.relname = $2 and not i.indisvalid`,
      [built.table, built.index],
    );
    for (const { index } of rows) await side.query(`drop index concurrently if exists ${index}`);
  }
  await execute(side, name, sql);
}

/** Until it finds no rows; each time is committed, so that a try that ends in between has not been for nothing. */
async function executeRepeatedly(run: Run, side: Client, { name, sql }: Migration): Promise<void> {
  const role = roleOf(sql);
  let changed: number;
  do {
    changed = await patiently({ ...run, client: side }, name, async () => {
      await side.query(`begin; set local lock_timeout = ${TABLE_LOCK_WAIT_MS}`);
      try {
        if (role !== undefined) await side.query(`set local role ${role}`);
        const count = await execute(side, name, sql);
        await side.query('commit');
        return count;
      } catch (error) {
        await side.query('rollback');
        throw error;
      }
    });
  } while (changed > 0);
}

/** @returns how many rows it changed */
async function execute(client: Client, name: string, sql: string): Promise<number> {
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    const line = cause.position === undefined ? '' : `:${sql.slice(0, Number(cause.position)).split('\n').length}`;
    throw new UserFacingError(`Migration ${name} failed at migration.sql${line}: ${cause.message}`, { cause });
  }
}
