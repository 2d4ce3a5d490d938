import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, type QueryResultRow } from 'pg';
import { describeProcess } from '../lib/processes.ts';
import { passwordFile } from './cluster.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';

let home: string;
let dataDir: string;
const started: EmbeddedPostgres[] = [];

beforeEach(() => {
  // Like root's home: an account other than ours cannot enter it.
  home = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
  dataDir = join(home, 'data');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  rmSync(home, { recursive: true, force: true });
});

async function start(
  options: { port?: number; durable?: boolean; log?: (line: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log: () => undefined, ...options });
  started.push(server);
  return server;
}

async function query<T extends QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  // A server that is killed ends its connections; the query's own rejection is what counts.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  it('serves a UTF-8 database to an unprivileged owner', async () => {
    const { url } = await start();
    const facts = `select current_user as role, rolsuper, rolbypassrls, rolcreaterole,
                     (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner,
                     (select datlocale from pg_database where datname = current_database()) as locale
                   from pg_roles where rolname = current_user`;
    expect(await query(url, facts)).toEqual([
      {
        role: 'wasel',
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: true,
        owner: 'wasel',
        locale: 'C.UTF-8',
      },
    ]);
  });

  it('lets nobody in without the password, which only the current user can read', async () => {
    const { url, adminUrl } = await start();
    for (const known of [url, adminUrl]) {
      const guessed = new URL(known);
      guessed.password = 'guess';
      await expect(query(guessed.href, 'select 1')).rejects.toThrow('password authentication failed');
    }
    expect(statSync(passwordFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('keeps its data over a clean stop', async () => {
    const first = await start();
    await query(first.url, 'create table letters (body text)');
    await query(first.url, `insert into letters values ('שלום, مرحبا')`);
    await first.stop();
    await first.exited;

    const second = await start();
    expect(await query(second.url, 'select body from letters')).toEqual([{ body: 'שלום, مرحبا' }]);
  });

  it('keeps what was committed when it is killed', async () => {
    const first = await start({ durable: true });
    await query(first.url, 'create table letters (id int)');
    await query(first.url, 'insert into letters select generate_series(1, 1000)');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;

    const second = await start({ durable: true, port: first.port });
    expect(second.port).toBe(first.port);
    expect(await query(second.url, 'select count(*)::int as n from letters')).toEqual([{ n: 1000 }]);
  });

  it('never runs beside a process of a killed server that still works on the same data', async () => {
    const first = await start({ durable: true });
    const client = new Client({ connectionString: first.url });
    client.on('error', () => undefined);
    await client.connect();
    const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
    // Computes without ever waiting, so that it does not notice that its postmaster is gone.
    const busy = client.query('do $$ begin loop perform 1; end loop; end $$').catch((error: unknown) => error);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    expect(describeProcess(pid)).toBeDefined();

    const second = await start({ durable: true });
    expect(describeProcess(pid)).toBeUndefined();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await busy).toBeInstanceOf(Error);
  });

  it('stops the server that a killed launcher left behind', async () => {
    const orphan = await start();
    await query(orphan.url, 'create table letters (id int)');
    const next = await start();

    await orphan.exited;
    expect(describeProcess(orphan.pid)).toBeUndefined();
    expect(await query(next.url, 'select from letters')).toEqual([]);
  });

  it('never signals a foreign process that got the id of the old server', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, 'postmaster.pid'), `${process.pid}\n`);

    const next = await start();
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says so in one line when the port is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;

    const starting = start({ port }).finally(() => occupant.close());
    await expect(starting).rejects.toMatchObject({
      name: 'UserFacingError',
      message: `Port ${port} is taken, so Postgres cannot listen on it: stop what uses it.`,
    });
  });

  it('says so in one line when the passwords of existing data are gone', async () => {
    await (await start()).stop();
    rmSync(passwordFile(dataDir));
    await expect(start()).rejects.toThrow(/data-passwords\.json is missing: put it back, or remove .*data to begin/);
  });

  it('logs what Postgres logs, and listens on loopback only', async () => {
    const lines: string[] = [];
    await start({ log: (line) => lines.push(line) });
    const listening = lines.filter((line) => line.includes('listening on'));
    expect(listening).toEqual([expect.stringContaining('listening on IPv4 address "127.0.0.1"')]);
    expect(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8')).toContain('127.0.0.1');
  });
});
