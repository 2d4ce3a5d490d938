import { randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aSuspension } from '../../backend/src/testing/factories.ts';
import { someSecrets } from '../../backend/src/testing/settings.ts';
import { aTenant, systemRows, type Tenant } from '../../backend/src/testing/tenant.ts';
import { backup } from '../../scripts/backup/backup.ts';
import { MANIFEST, type Manifest } from '../../scripts/backup/manifest.ts';
import { restore } from '../../scripts/backup/restore.ts';
import { retire } from '../../scripts/backup/retire.ts';
import { productTables } from '../../scripts/backup/tables.ts';
import { knownMigrations, migrate } from '../../scripts/database/migrate.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../database.ts';
import { until } from '../until.ts';

let home: string;
let opened: pg.Client[];
let databases: TestDatabase[];
let source: TestDatabase;
let admin: pg.Client;
let tenant: Tenant;
let secrets: Record<string, string>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'wasel-backup-'));
  [opened, databases] = [[], []];
  secrets = someSecrets();
  source = own(await createTestDatabase());
  admin = await connect(source.adminUrl);
  tenant = await aTenant(admin);
  const { organization: stopped } = await aTenant(admin, 'Globex');
  await aSuspension(admin, stopped);
  await systemRows(admin);
});
afterEach(async () => {
  await Promise.all(opened.map((client) => client.end()));
  await Promise.all(databases.map((database) => database.drop()));
  rmSync(home, { recursive: true });
});

function own(database: TestDatabase): TestDatabase {
  databases.push(database);
  return database;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  opened.push(client);
  await client.connect();
  return client;
}

const saved = () => join(home, 'backup');
const filesOf = (house: string) => join(home, `${house}-media`);
const silent = (): void => undefined;

const takeBackup = (log: (line: string) => void = silent): Promise<Manifest> =>
  backup({ databaseUrl: source.url, mediaDir: filesOf('old'), secrets, directory: saved(), log });

const putBack = (database: TestDatabase, using = secrets): Promise<Manifest> =>
  restore({ databaseUrl: database.url, mediaDir: filesOf('new'), secrets: using, directory: saved(), log: silent });

type Row = Record<string, unknown>;

/** Every row of every table, in an order of its own. */
async function everything(client: pg.Client): Promise<Record<string, Row[]>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%s.%s', n.nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where n.nspname in ('public', 'private') and relkind in ('r', 'p') and not relispartition and relname <> '_prisma_migrations'`,
  );
  const all: Record<string, Row[]> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: Row }>(
      `select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`,
    );
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

type Change = Record<string, (row: Row) => Row>;

function changed(all: Record<string, Row[]>, change: Change): Record<string, Row[]> {
  return Object.fromEntries(
    Object.entries(all).map(([name, rows]) => [name, rows.map(change[name] ?? ((row) => row))]),
  );
}

/** The places of facts mean something in their own database only. */
const PLACES: Change = {
  'private.facts': (row) => ({ ...row, xid: null, id: null }),
  'private.fact_cursors': (row) => ({ ...row, xid: null, id: null }),
};

/** Nobody runs the numbers yet, and nobody who did can go on. */
const OWNERS: Change = {
  'public.sessions': (row) => ({ ...row, state: 'connecting', connected_since: null }),
  'private.session_leases': (row) => ({
    ...row,
    owner_node: null,
    epoch: Number(row['epoch']) + 1,
    expires_at: '-infinity',
  }),
};

describe('a backup, restored into an empty database', () => {
  it('has every row of every table, and every file', async () => {
    const key = `${tenant.organization}/ab/${randomBytes(32).toString('hex')}`;
    await admin.query('update media set storage_key = $1 where id = $2', [key, tenant.media]);
    mkdirSync(join(filesOf('old'), key, '..'), { recursive: true });
    writeFileSync(join(filesOf('old'), key), 'a photo');
    const before = await everything(admin);
    expect(Object.entries(before).flatMap(([name, rows]) => (rows.length === 0 ? [name] : []))).toEqual([]);

    const lines: string[] = [];
    expect((await takeBackup((line) => lines.push(line))).media).toEqual({ files: 1, bytes: 7 });
    expect(lines.at(-1)).toBe(`1 files that the database names are not in ${filesOf('old')}`);
    const target = own(await createEmptyDatabase());
    await putBack(target);

    const after = await everything(await connect(target.adminUrl));
    expect(changed(after, PLACES)).toEqual(changed(before, { ...PLACES, ...OWNERS }));
    expect(readFileSync(join(filesOf('new'), key), 'utf8')).toBe('a photo');
  });

  it('goes on counting where the old one was, and is as closed as any', async () => {
    await takeBackup();
    const target = own(await createEmptyDatabase());
    await putBack(target);

    const client = await connect(target.adminUrl);
    const highest = 'select max(sequence)::int as sequence from private.outbox';
    const before = await client.query<{ sequence: number }>(highest);
    await aTenant(client, 'Initech');
    const after = await client.query<{ sequence: number }>(highest);
    expect(after.rows[0]?.sequence).toBe((before.rows[0]?.sequence ?? 0) + 1);

    const { rows: open } = await client.query(
      `select relname from pg_class join pg_namespace n on n.oid = relnamespace
        where nspname in ('public', 'private') and relkind in ('r', 'p') and relname <> '_prisma_migrations'
          and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
    const owner = await connect(target.url);
    expect((await owner.query('select from users')).rowCount).toBe(0);
    const defaults = `select count(*)::int as n from pg_attribute where attrelid = 'private.fact_cursors'::regclass and attname = 'xid' and atthasdef`;
    expect((await client.query<{ n: number }>(defaults)).rows[0]?.n).toBe(0);
  });

  it('hands a follower of facts what it had not seen yet, and that only', async () => {
    const unread = `select f.type, f.subject from private.facts f, private.fact_cursors c
                     where c.name = 'reader' and (f.xid, f.id) > (c.xid, c.id) order by f.xid, f.id`;
    for (const type of ['one', 'two', 'three']) {
      await admin.query(
        `insert into private.facts (organization_id, type, subject, payload) values ($1, $2, $3, '{}')`,
        [tenant.organization, type, randomUUID()],
      );
    }
    await admin.query(
      `insert into private.fact_cursors (name, xid, id) select 'reader', xid, id from private.facts where type = 'one'`,
    );
    const before = (await admin.query<{ type: string }>(unread)).rows;
    expect(before.map(({ type }) => type)).toEqual(['two', 'three']);
    await takeBackup();
    const target = own(await createEmptyDatabase());
    await putBack(target);
    const client = await connect(target.adminUrl);
    expect((await client.query(unread)).rows).toEqual(before);
    const later = await client.query(
      `insert into private.facts (organization_id, type, subject, payload) values ($1, 'four', $2, '{}')
       returning xid > (select max(xid) from private.facts) as later`,
      [tenant.organization, randomUUID()],
    );
    expect(later.rows).toEqual([{ later: true }]);
  });

  it('is of one moment, whatever is written while it is taken', async () => {
    const writer = await connect(source.adminUrl);
    await writer.query('begin; lock table messages in access exclusive mode');
    const lines: string[] = [];
    const taken = takeBackup((line) => lines.push(line));
    await until('the backup to be past the organizations', () => lines.some((line) => line.endsWith('organizations')));
    await aTenant(writer, 'Too late');
    await writer.query('commit');
    const { tables } = await taken;
    const rowsOf = (name: string) => tables.find((table) => table.name === name)?.rows;
    expect([rowsOf('public.organizations'), rowsOf('public.messages')]).toEqual([2, 4]);
    await putBack(own(await createEmptyDatabase())); // every reference leads somewhere
  });

  it('is brought up to date when it is of an older version', async () => {
    const old = own(await createEmptyDatabase());
    const [newest, before] = knownMigrations().toReversed();
    await migrate(old.url, { log: silent, upTo: before ?? '' });
    source = old;
    await takeBackup();
    const target = own(await createEmptyDatabase());
    await putBack(target);
    const client = await connect(target.adminUrl);
    const { rows } = await client.query<{ newest: string }>(
      'select max(migration_name) as newest from _prisma_migrations',
    );
    expect(rows).toEqual([{ newest }]);
  });
});

describe('a backup', () => {
  it('is readable by its owner alone, and not there before it is whole', async () => {
    const there: boolean[] = [];
    await takeBackup(() => there.push(existsSync(saved())));
    expect(new Set(there)).toEqual(new Set([false]));
    const files = readdirSync(saved(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    const modes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077);
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it('names no password and no key', async () => {
    await takeBackup();
    const manifest = readFileSync(join(saved(), MANIFEST), 'utf8');
    const { password } = new URL(source.url);
    const [, key = ''] = /^k1:(.+)$/.exec(secrets['ENCRYPTION_KEYS'] ?? '') ?? [];
    for (const secret of [password, key, secrets['AUTH_SECRET'] ?? '']) {
      expect(secret.length).toBeGreaterThan(10);
      expect(manifest).not.toContain(secret);
    }
  });

  it('does not write over another one', async () => {
    await takeBackup();
    await expect(takeBackup()).rejects.toThrow('exists already');
  });
});

describe('a restore refuses, and leaves an empty database as it was,', () => {
  let target: TestDatabase;
  beforeEach(async () => {
    await takeBackup();
    target = own(await createEmptyDatabase());
  });

  /** Proof that nothing is left of what was refused: the same can be restored. */
  async function worksOnceItIsRight(): Promise<void> {
    await putBack(target);
  }

  it('without the key that the numbers are sealed with', async () => {
    const others = { ...secrets, ENCRYPTION_KEYS: someSecrets()['ENCRYPTION_KEYS'] ?? '' };
    await expect(putBack(target, others)).rejects.toThrow('ENCRYPTION_KEYS lacks "k1"');
    const newer = `k2:${randomBytes(32).toString('base64')},${secrets['ENCRYPTION_KEYS']}`;
    await putBack(target, { ...secrets, ENCRYPTION_KEYS: newer });
  });

  it('with another AUTH_SECRET', async () => {
    await expect(putBack(target, { ...secrets, AUTH_SECRET: 'x'.repeat(32) })).rejects.toThrow('AUTH_SECRET');
    await worksOnceItIsRight();
  });

  it('when a file of it is damaged', async () => {
    const file = join(saved(), 'tables/public.messages.copy.gz');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    await expect(putBack(target)).rejects.toThrow('public.messages.copy.gz of the backup is damaged');
    writeFileSync(file, readFileSync(join(saved(), 'tables/public.media.copy.gz')));
    await expect(putBack(target)).rejects.toThrow('public.messages.copy.gz of the backup is damaged');
    writeFileSync(file, whole);
    await worksOnceItIsRight();
  });

  it('when it was never finished', async () => {
    const manifest = readFileSync(join(saved(), MANIFEST));
    rmSync(join(saved(), MANIFEST));
    await expect(putBack(target)).rejects.toThrow('holds no finished backup');
    writeFileSync(join(saved(), MANIFEST), manifest);
    await worksOnceItIsRight();
  });

  it('when it is of a newer version', async () => {
    const manifest = JSON.parse(readFileSync(join(saved(), MANIFEST), 'utf8')) as Manifest;
    manifest.migrations.push('99990101000000_future');
    writeFileSync(join(saved(), MANIFEST), JSON.stringify(manifest));
    await expect(putBack(target)).rejects.toThrow('The backup has 99990101000000_future');
  });

  it('into a database that is in use', async () => {
    const used = own(await createTestDatabase());
    const client = await connect(used.adminUrl);
    await aTenant(client);
    const before = await everything(client);
    await expect(putBack(used)).rejects.toThrow('This database is in use');
    expect(await everything(client)).toEqual(before);
  });
});

describe('taking the numbers from the old house', () => {
  it('makes every lease stale and leaves no number that a node would take', async () => {
    const manifest = await takeBackup();
    expect(await retire(source.url, manifest)).toBe(2);
    const { rows } = await admin.query(
      `select epoch::int, owner_node, expires_at = '-infinity' as expired, state, intent, intent_version = settled_version as settled
         from private.session_leases join sessions on id = session_id`,
    );
    const retired = { epoch: 4, owner_node: null, expired: true, state: 'disconnected', intent: 'stop', settled: true };
    expect(rows).toEqual([retired, retired]);
  });

  it('touches no house but the one that the backup is of', async () => {
    const manifest = await takeBackup();
    const other = own(await createTestDatabase());
    await expect(retire(other.url, manifest)).rejects.toThrow('The backup is of');
  });
});

it('orders tables so that each comes after those that it refers to', async () => {
  const order = (await productTables(await connect(source.url))).map(({ name }) => name);
  const at = (name: string) => order.indexOf(name);
  expect(at('public.organizations')).toBeLessThan(at('public.sessions'));
  expect(at('public.sessions')).toBeLessThan(at('private.session_leases'));
  expect(at('public.messages')).toBeLessThan(at('private.outbox'));
  expect(at('private.outbox')).toBeGreaterThan(0);
});
