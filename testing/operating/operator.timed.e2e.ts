import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { backup } from '../../scripts/backup/backup.ts';
import { restore } from '../../scripts/backup/restore.ts';
import { checkLocks } from '../../scripts/database/lock-check.ts';
import { migrate } from '../../scripts/database/migrate.ts';
import { MIGRATIONS, readMigrations } from '../../scripts/database/migration-files.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { Command } from '../../scripts/testing/command.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';
import type { ApiClient } from '../house/api-client.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { HouseProcess } from '../house/house-process.ts';
import { Traffic } from '../house/traffic.ts';
import { until } from '../until.ts';

const NUMBERS = 20;
/** Of each number, each way: ten a second in all. */
const EVERY_MS = 2_000;

/** What the next version brings. */
const PENDING = {
  '20991231000000_messages_by_status':
    'create index concurrently if not exists messages_by_status on messages (organization_id, status, id);',
  '20991231000100_texts_are_short':
    'alter table messages add constraint texts_are_short check (length(text) <= 100000) not valid;',
  '20991231000200_texts_are_short_validated': 'alter table messages validate constraint texts_are_short;',
};

const [older, newer] = ['k1', 'k2'].map((id) => `${id}:${randomBytes(32).toString('base64')}`) as [string, string];

let home: string;
let house: House;
let api: ApiClient;
let numbers: LinkedNumber[];
let traffic: Traffic;
let database: pg.Client;
let second: TestDatabase;
let secondHouse: HouseProcess | undefined;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wasel-operator-'));
  house = await House.start({ nodes: 2, env: { ENCRYPTION_KEYS: older } });
  second = await createEmptyDatabase();
  database = new pg.Client({ connectionString: house.databaseUrl });
  await database.connect();
  await database.query('set role app_system');
  api = await house.register();
  const customer = await house.phones.createPhone({ name: 'Customer' });
  numbers = [];
  for (let n = 0; n < NUMBERS; n += 1) numbers.push(await house.link(api, `Shop ${n}`));
  traffic = new Traffic(house.phones, numbers, customer, EVERY_MS);
  traffic.start();
}, 240_000);
afterAll(async () => {
  await traffic.stop().catch(() => undefined);
  await database.end();
  await secondHouse?.kill('SIGTERM');
  await house.stop();
  await second.drop();
  rmSync(home, { recursive: true });
});

/** People go to the other node while this one is away. */
function leave(index: number): HouseProcess {
  api.url = house.urls[1 - index] ?? '';
  const node = house.nodes[index];
  if (!node) throw new Error('no such node');
  return node;
}

async function allConnected(): Promise<void> {
  await until(
    'every number to be connected',
    async () => {
      const { rows } = await database.query<{ connected: number }>(
        `select count(*)::int as connected from sessions s join private.session_leases l on l.session_id = s.id
          where s.state = 'connected' and l.expires_at > now()`,
      );
      return rows[0]?.connected === NUMBERS;
    },
    { timeoutMs: 60_000 },
  );
}

/** One node after the other, each with these settings from then on. */
async function restartEach(env: Record<string, string>): Promise<void> {
  for (const index of house.nodes.keys()) {
    const node = leave(index);
    await node.kill('SIGTERM');
    await node.start(env);
    await allConnected();
  }
}

/** So many more messages went each way, and arrived: what was done did not stop the traffic. */
async function flowing(): Promise<void> {
  const arrived = async () => {
    const { rows } = await database.query<{ arrived: number }>(
      `select least(count(*) filter (where direction = 'inbound'),
                    count(*) filter (where status in ('delivered', 'read')))::int as arrived from messages`,
    );
    return rows[0]?.arrived ?? 0;
  };
  const before = await arrived();
  await until('twenty more messages each way', async () => (await arrived()) >= before + 20, { timeoutMs: 60_000 });
}

const accepted = (): string[] => [...traffic.sent.values()].flat();

it('a node is killed, and loses nothing', async () => {
  const node = leave(0);
  await flowing();
  await node.kill('SIGKILL');
  await until('the other one to have every lease', async () => {
    const { rows } = await database.query(
      `select from private.session_leases where expires_at > now() group by owner_node`,
    );
    return rows.length === 1;
  });
  await allConnected();
  await node.start();
  await flowing();
  const { rows } = await database.query(`select from private.session_leases where expires_at > now()`);
  expect(rows).toHaveLength(NUMBERS);
}, 120_000);

it('a new version takes over from the one before, with migrations that nobody notices', async () => {
  const migrations = join(home, 'migrations');
  cpSync(MIGRATIONS, migrations, { recursive: true });
  for (const [name, sql] of Object.entries(PENDING)) {
    mkdirSync(join(migrations, name));
    writeFileSync(join(migrations, name, 'migration.sql'), sql);
  }
  expect(await checkLocks(readMigrations(migrations))).toEqual([]);
  const migrating = { directory: migrations, log: () => undefined };
  const applied = await Promise.all([migrate(house.databaseUrl, migrating), migrate(house.databaseUrl, migrating)]);
  expect(applied.flat().toSorted()).toEqual(Object.keys(PENDING));
  await restartEach({});
  await flowing();
}, 120_000);

it('the encryption key is rotated: both known everywhere, everything sealed anew, the older one gone', async () => {
  await restartEach({ ENCRYPTION_KEYS: `${newer},${older}` });
  const rotation = new Command(ROOT, ['keys-rotate'], { ...house.node.env, ENCRYPTION_KEYS: `${newer},${older}` });
  expect([await rotation.exit(), rotation.output]).toEqual([
    0,
    expect.stringContaining('Done. The older keys may leave'),
  ]);
  await restartEach({ ENCRYPTION_KEYS: newer });
  const { rows } = await database.query(
    `select key_id from private.session_keys union select key_id from private.session_inbox`,
  );
  expect(rows).toEqual([{ key_id: 'k2' }]);
  await flowing();
}, 180_000);

const secrets = () => ({ ENCRYPTION_KEYS: newer, AUTH_SECRET: house.node.env['AUTH_SECRET'] });

it('a backup under traffic has every message that was accepted before it began', async () => {
  const before = accepted();
  const directory = join(home, 'under-traffic');
  await backup({
    directory,
    databaseUrl: house.databaseUrl,
    mediaDir: house.node.env['MEDIA_DIR'] ?? '',
    secrets: secrets(),
    log: () => undefined,
  });
  const scratch = await createEmptyDatabase();
  await restoreInto(scratch, directory);
  const admin = new pg.Client({ connectionString: scratch.adminUrl });
  await admin.connect();
  const { rows } = await admin.query<{ text: string }>(`select text from messages where direction = 'outbound'`);
  await admin.end();
  await scratch.drop();
  const saved = new Set(rows.map(({ text }) => text));
  expect(before.length).toBeGreaterThan(NUMBERS);
  expect(before.filter((text) => !saved.has(text))).toEqual([]);
  await flowing();
}, 120_000);

const restoreInto = (target: TestDatabase, directory: string) =>
  restore({
    directory,
    databaseUrl: target.url,
    mediaDir: join(home, 'media'),
    secrets: secrets(),
    log: () => undefined,
    migrations: join(home, 'migrations'),
  });

it('the house moves into a second database, where the numbers go on without a QR code', async () => {
  await traffic.stop();
  const waiting = accepted().length;
  await Promise.all(house.nodes.map((node) => node.kill('SIGTERM')));
  traffic.startReceiving(); // customers do not know that somebody moves
  const directory = join(home, 'moving');
  await backup({
    directory,
    databaseUrl: house.databaseUrl,
    mediaDir: house.node.env['MEDIA_DIR'] ?? '',
    secrets: secrets(),
    log: () => undefined,
  });
  await restoreInto(second, directory);

  const port = await findFreePort();
  api.url = `http://127.0.0.1:${port}`;
  const env = {
    ...house.node.env,
    PORT: String(port),
    PUBLIC_URL: api.url,
    DATABASE_URL: second.url,
    MEDIA_DIR: join(home, 'media'),
    ENCRYPTION_KEYS: newer,
  };
  secondHouse = new HouseProcess('second house', 'backend/dist/main.js', env, `${api.url}/api/health/ready`);
  await secondHouse.start();
  await api.renewToken();
  const states = () => Promise.all(numbers.map(async ({ session }) => (await api.session(session)).state));
  await until('every number to be connected', async () => (await states()).every((state) => state === 'connected'), {
    timeoutMs: 60_000,
  });
  traffic.startSending();
  await until('messages to be accepted there', () => accepted().length > waiting + NUMBERS, { timeoutMs: 60_000 });
  await traffic.stop();
  expect(await states()).toEqual(numbers.map(() => 'connected'));
}, 180_000);

it('and then every message was delivered once, every one that came is stored once, and every phone could read its own', async () => {
  await traffic.arrivedOnce();
  for (const { session } of numbers) {
    await until('every message to be known as delivered', async () =>
      (await api.messages(session)).every(
        ({ direction, status }) => direction === 'inbound' || ['delivered', 'read'].includes(status),
      ),
    );
    expect(await api.session(session)).toMatchObject({ state: 'connected' });
  }
}, 120_000);

it('and the record is whole: a fact for each message, every entry of the audit log, no number thrown out', async () => {
  const admin = new pg.Client({ connectionString: second.adminUrl });
  await admin.connect();
  const counts = `select
      (select count(*)::int from messages) as messages,
      (select count(*)::int from private.facts where type = 'message.created') as facts,
      (select count(distinct subject)::int from private.facts where type = 'message.created') as subjects,
      (select count(*)::int from private.facts where type = 'session.status'
          and payload ->> 'reason' in ('logged_out', 'replaced', 'keys_unreadable')) as thrown_out,
      (select count(*)::int from private.outbox) as unsent`;
  const { rows } = await admin.query<Record<string, number>>(counts);
  const messages = [...traffic.sent.values(), ...traffic.received.values()].flat().length;
  expect(rows).toEqual([{ messages, facts: messages, subjects: messages, thrown_out: 0, unsent: 0 }]);

  const entries = `select id, actor_name, action, target_id, changes from private.audit_logs order by id`;
  const before = (await database.query(entries)).rows;
  const after = (await admin.query(entries)).rows;
  await admin.end();
  expect(before.length).toBeGreaterThan(NUMBERS);
  expect(after.slice(0, before.length)).toEqual(before);
});
