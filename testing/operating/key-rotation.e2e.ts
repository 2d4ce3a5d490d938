import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { ROOT } from '../../scripts/lib/paths.ts';
import { Command } from '../../scripts/testing/command.ts';
import { House, type LinkedNumber } from '../house/house.ts';
import { Traffic } from '../house/traffic.ts';
import { until } from '../until.ts';

const NUMBERS = 4;
const [older, newer] = ['k1', 'k2'].map((id) => `${id}:${randomBytes(32).toString('base64')}`) as [string, string];
const BOTH = { ENCRYPTION_KEYS: `${newer},${older}` };

let house: House;
let numbers: LinkedNumber[];
let traffic: Traffic;
let database: pg.Client;

beforeAll(async () => {
  house = await House.start({ nodes: 2, env: { ENCRYPTION_KEYS: older } });
  database = new pg.Client({ connectionString: house.databaseUrl });
  await database.connect();
  await database.query('set role app_system');
  const api = await house.register();
  const customer = await house.phones.createPhone({ name: 'Customer' });
  numbers = [];
  for (let n = 0; n < NUMBERS; n += 1) numbers.push(await house.link(api, `Shop ${n}`));
  traffic = new Traffic(house.phones, numbers, customer, 400);
}, 180_000);
afterAll(async () => {
  await traffic.stop().catch(() => undefined);
  await database.end();
  await house.stop();
});

const rotate = async () => {
  const rotation = new Command(ROOT, ['keys-rotate'], { ...house.node.env, ...BOTH });
  return { code: await rotation.exit(), output: rotation.output };
};

/** What seals the secrets of numbers, and whether each number is connected. */
async function seen(): Promise<{ keys: string[]; connected: number }> {
  const { rows: keys } = await database.query<{ key_id: string }>(
    'select distinct key_id from private.session_keys order by key_id',
  );
  const { rows } = await database.query<{ connected: number }>(
    `select count(*)::int as connected from sessions s join private.session_leases l on l.session_id = s.id
      where s.state = 'connected' and l.expires_at > now()`,
  );
  return { keys: keys.map((row) => row.key_id), connected: rows[0]?.connected ?? 0 };
}
const allConnected = () =>
  until('every number to be connected', async () => (await seen()).connected === NUMBERS, { timeoutMs: 60_000 });

it('a rotation before every node knows the new key leaves alone what those nodes run, and says so', async () => {
  const [first, second] = house.nodes;
  const api = numbers[0]?.api;
  if (!first || !second || !api) throw new Error('no house');
  traffic.start();
  api.url = house.urls[0] ?? '';
  await second.kill('SIGTERM'); // all numbers are with the first one, which knows the older key only
  await allConnected();
  await second.start(BOTH);

  const early = await rotate();
  expect(early.code).toBe(1);
  expect(early.output).toMatch(/secrets are left with an older key, because a node runs that does not seal with "k2"/);
  expect(await seen()).toEqual({ keys: ['k1'], connected: NUMBERS });
}, 120_000);

it('a node that lacks the key takes no number that it cannot read, says which key, and loses nothing', async () => {
  const [first, second] = house.nodes;
  const api = numbers[0]?.api;
  if (!first || !second || !api) throw new Error('no house');
  api.url = house.urls[1] ?? '';
  await first.kill('SIGTERM'); // and now with the second one, which seals with the newer key
  await allConnected();
  await until('something to be sealed with the newer key', async () => (await seen()).keys.includes('k2'));
  await first.start(); // still with the older key only
  api.url = house.urls[0] ?? '';
  await second.kill('SIGTERM');
  await until('the first one to say so', () => first.output.includes('keys that ENCRYPTION_KEYS of this node lacks'));
  expect(first.output).toContain('"keys":"k2"');
  expect((await seen()).connected).toBe(0);
  await second.start(BOTH);
  await allConnected();
}, 120_000);

it('and once every node knows it, all is sealed anew and everything has arrived once', async () => {
  const [first] = house.nodes;
  const api = numbers[0]?.api;
  if (!first || !api) throw new Error('no house');
  api.url = house.urls[1] ?? '';
  await first.kill('SIGTERM');
  await first.start(BOTH);
  expect(await rotate()).toEqual({ code: 0, output: expect.stringContaining('Done. The older keys may leave') });
  await allConnected();
  await traffic.stop();
  await traffic.arrivedOnce();
  expect(await seen()).toEqual({ keys: ['k2'], connected: NUMBERS });
}, 120_000);
