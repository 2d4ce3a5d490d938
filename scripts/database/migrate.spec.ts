import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { until } from '../../testing/until.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let client: Client;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop table if exists public._prisma_migrations');
  directory = mkdtempSync(join(tmpdir(), 'migrations-'));
});

afterEach(async () => {
  await client.end();
  await database.drop();
  rmSync(directory, { recursive: true });
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

const run = (log: (line: string) => void = () => undefined) => migrate(database.url, { log, directory });

async function history(): Promise<Record<string, unknown>[]> {
  const { rows } = await client.query(
    `select migration_name, checksum, finished_at >= started_at as finished, rolled_back_at, logs, applied_steps_count
     from _prisma_migrations order by migration_name`,
  );
  return rows;
}

describe('migrate', () => {
  it('applies what is missing in the order of the names, and nothing the second time', async () => {
    write('20260102000000_second', 'insert into letters values (1)');
    write('20260101000000_first', 'create table letters (id int); create index on letters (id);');
    const lines: string[] = [];

    expect(await run((line) => lines.push(line))).toEqual(['20260101000000_first', '20260102000000_second']);
    expect(lines).toEqual([expect.stringMatching(/^applied 20260101000000_first in \d+ ms$/), expect.anything()]);
    expect(await run()).toEqual([]);
    expect((await client.query('select id from letters')).rows).toEqual([{ id: 1 }]);
  });

  it('keeps the history as Prisma does', async () => {
    write('20260101000000_first', 'select 1;\n');
    await run();
    expect(await history()).toEqual([
      {
        migration_name: '20260101000000_first',
        checksum: '4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c',
        finished: true,
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
    ]);
  });

  it('rolls a failing migration back whole, names the place, and applies it once it is right', async () => {
    write('20260101000000_broken', 'create table half (id int);\nselect nothing_such();');
    await expect(run()).rejects.toThrow(/^Migration 20260101000000_broken failed at migration.sql:2: .*nothing_such/);
    expect(await history()).toEqual([]);

    write('20260101000000_broken', 'create table half (id int);');
    expect(await run()).toEqual(['20260101000000_broken']);
  });

  it('refuses a migration that was changed after it was applied, by its name', async () => {
    write('20260101000000_first', 'select 1');
    await run();
    write('20260101000000_first', 'select 2');
    await expect(run()).rejects.toThrow('Migration 20260101000000_first was changed after it was applied');
  });

  it('refuses to go past a migration that Prisma recorded as failed, and goes past it when it was rolled back', async () => {
    write('20260101000000_first', 'select 1');
    await run();
    await client.query('update _prisma_migrations set finished_at = null');
    await expect(run()).rejects.toThrow('Migration 20260101000000_first failed earlier');

    await client.query('update _prisma_migrations set rolled_back_at = now()');
    expect(await run()).toEqual(['20260101000000_first']);
  });

  it('leaves a database alone that is ahead of the files', async () => {
    write('20260101000000_first', 'select 1');
    write('20260102000000_later', 'select 1');
    await run();
    rmSync(join(directory, '20260102000000_later'), { recursive: true });
    expect(await run()).toEqual([]);
  });

  it('applies each migration once when several run at the same time', async () => {
    write('20260101000000_first', 'create table letters (id int)');
    write('20260102000000_second', 'insert into letters values (1)');
    const applied = await Promise.all([run(), run(), run(), run()]);

    expect(applied.flat().toSorted()).toEqual(['20260101000000_first', '20260102000000_second']);
    expect((await client.query('select id from letters')).rows).toHaveLength(1);
  });

  it('waits for a runner that holds the lock of Prisma', async () => {
    write('20260101000000_first', 'select 1');
    await client.query('select pg_advisory_lock(72707369)');
    const lines: string[] = [];
    const waiting = run((line) => lines.push(line));
    await until('the runner to wait', async () => lines.includes('another process migrates; waiting for it'));
    await client.query('select pg_advisory_unlock(72707369)');
    expect(await waiting).toEqual(['20260101000000_first']);
  });

  it('leaves the history to its owner, whatever the default privileges give away', async () => {
    await run();
    const { rows } = await client.query(
      `select distinct grantee from information_schema.role_table_grants where table_name = '_prisma_migrations'`,
    );
    expect(rows).toEqual([{ grantee: 'wasel' }]);
  });
});
