import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { until } from '../../testing/until.ts';
import { checkLocks } from './lock-check.ts';
import { migrate } from './migrate.ts';
import { readMigrations } from './migration-files.ts';

/** Enough that an index takes longer to build than the longest write may take. */
const ROWS = 400_000;
const WRITE_MAX_MS = 1_000;

let database: TestDatabase;
let client: Client;
let directory: string;
const opened: Client[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  client = await connect();
  directory = mkdtempSync(join(tmpdir(), 'migrations-'));
  write('20260101000000_letters', 'create table letters (id bigint generated always as identity, body text)');
  await run();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.end()));
  await database.drop();
  rmSync(directory, { recursive: true });
});

async function connect(): Promise<Client> {
  const one = new Client({ connectionString: database.url });
  await one.connect();
  opened.push(one);
  return one;
}

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

const lines: string[] = [];
const run = (patienceMs = 30_000) => migrate(database.url, { log: (line) => lines.push(line), directory, patienceMs });

/** Inserts one row after the other until told to stop. @returns the ms that each took */
function keepWriting(writer: Client): () => Promise<number[]> {
  const tookMs: number[] = [];
  const end = new AbortController();
  const writing = (async () => {
    while (!end.signal.aborted) {
      const startedAt = performance.now();
      await writer.query(`insert into letters (body) values ('one more')`);
      tookMs.push(performance.now() - startedAt);
    }
  })();
  return async () => {
    end.abort();
    await writing;
    return tookMs;
  };
}

const INDEX = `create index concurrently if not exists letters_by_body on letters (md5(md5(body)))`;
const isValid = async () =>
  (await client.query(`select indisvalid from pg_index where indexrelid = to_regclass('letters_by_body')`)).rows;

describe('while others write', () => {
  it('builds an index, adds and validates a constraint, fills a column: no write waits, and two runners do it once', async () => {
    await client.query(`insert into letters (body) select 'letter ' || n from generate_series(1, ${ROWS}) n`);
    write('20260102000000_index', INDEX);
    write(
      '20260103000000_check',
      `alter table letters add column size int, add constraint worded check (body <> '') not valid`,
    );
    write('20260104000000_validated', 'alter table letters validate constraint worded');
    write(
      '20260105000000_filled',
      `-- repeat until nothing is left\nupdate letters set size = length(body) where ctid in (select ctid from letters where size is null and id <= ${ROWS} limit 50000)`,
    );
    expect(await checkLocks(readMigrations(directory), '20260101000000_letters')).toEqual([]);

    const stop = keepWriting(await connect());
    const applied = await Promise.all([run(), run()]);
    const tookMs = await stop();

    expect(applied.flat().toSorted()).toEqual([
      '20260102000000_index',
      '20260103000000_check',
      '20260104000000_validated',
      '20260105000000_filled',
    ]);
    expect(await isValid()).toEqual([{ indisvalid: true }]);
    expect((await client.query(`select convalidated from pg_constraint where conname = 'worded'`)).rows).toEqual([
      { convalidated: true },
    ]);
    expect((await client.query(`select from letters where size is null and id <= ${ROWS}`)).rowCount).toBe(0);
    expect(tookMs.length).toBeGreaterThan(100);
    expect(Math.max(...tookMs)).toBeLessThan(WRITE_MAX_MS);
  }, 120_000);

  it("is in nobody's way behind a long transaction, and goes on when that ends", async () => {
    const reader = await connect();
    await reader.query('begin; select * from letters');
    write('20260102000000_column', 'alter table letters add column size int');
    const stop = keepWriting(await connect());
    lines.length = 0;
    const migrating = run();
    await until('the migration to have tried', async () => lines.some((line) => line.includes('waits for a table')));
    expect(lines[0]).toMatch(/The oldest transaction is that of process \d+/);
    await reader.query('commit');
    expect(await migrating).toEqual(['20260102000000_column']);
    expect(Math.max(...(await stop()))).toBeLessThan(WRITE_MAX_MS);
  }, 60_000);

  it('gives up after its time and says who is in the way, with nothing half done', async () => {
    const reader = await connect();
    await reader.query('begin; select * from letters');
    write('20260102000000_column', 'create table parcels (id int); alter table letters add column size int');
    await expect(run(1_000)).rejects.toThrow(/did not get at its tables\. The oldest transaction is that of process/);
    expect((await client.query(`select to_regclass('parcels') as left`)).rows).toEqual([{ left: null }]);
  }, 60_000);
});

describe('an index that was not finished', () => {
  it('is taken away and built anew at the next start', async () => {
    await client.query(`insert into letters (body) values ('same'), ('same')`);
    const unique = INDEX.replace('create index', 'create unique index');
    write('20260102000000_index', unique);
    await expect(run()).rejects.toThrow('could not create unique index');
    expect(await isValid()).toEqual([{ indisvalid: false }]);

    await client.query('truncate letters');
    expect(await run()).toEqual(['20260102000000_index']);
    expect(await isValid()).toEqual([{ indisvalid: true }]);
  });

  it('is no failure when the process died between the index and its note', async () => {
    await client.query(INDEX);
    write('20260102000000_index', INDEX);
    expect(await run()).toEqual(['20260102000000_index']);
    expect(await isValid()).toEqual([{ indisvalid: true }]);
  });
});
