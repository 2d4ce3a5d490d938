import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { until } from '../../../../testing/until.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aConfig } from '../../testing/settings.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { SystemDb } from '../database/system-db.ts';
import { RateLimited } from '../http/http.errors.ts';
import { type Limit, RateLimits, rateLimitHeaders } from './rate-limits.ts';

/** Two nodes: each has its own connections and its own memory. */
let database: OpenDatabase;
let pools: Pool[];
let clock: TestClock;
let here: RateLimits;
let there: RateLimits;
let limit: Limit;
let names = 0;

beforeAll(async () => {
  database = await openDatabase();
  pools = [database.pool('app_system', 2), database.pool('app_system', 2)];
});
afterAll(() => database.close());
beforeEach(() => {
  clock = new TestClock();
  [here, there] = pools.map((pool) => new RateLimits(new SystemDb(pool), clock, aConfig())) as [RateLimits, RateLimits];
  limit = { name: `limit ${++names}`, max: 20, windowSeconds: 60 };
});

const use = (of = 'Dana') => ({ limit, of });
/** How many of the attempts are let through. */
const passing = async (attempts: Promise<unknown>[]): Promise<number> => {
  const outcomes = await Promise.allSettled(attempts);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected' && !(outcome.reason instanceof RateLimited)) throw outcome.reason;
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
};
const times = <T>(count: number, work: () => T): T[] => Array.from({ length: count }, work);
describe('a limit', () => {
  it('is shared: of a hundred at once, at two nodes, it lets through as many as it says', async () => {
    const attempts = times(50, () => [here.take([use()]), there.take([use()])]).flat();
    expect(await passing(attempts)).toBe(20);
    expect(await passing([here.take([use()]), there.take([use()])])).toBe(0);
  });

  it("is everybody's own", async () => {
    await passing(times(21, () => here.take([use()])));
    expect(await passing([there.take([use('Omar')])])).toBe(1);
  });

  it('says what is left of it, and when it begins anew', async () => {
    await here.take([use()]);
    const allowances = await there.take([use()]);
    expect(allowances).toEqual([{ limit, remaining: 18, resetSeconds: expect.any(Number) }]);
    expect(rateLimitHeaders([{ limit, remaining: 18, resetSeconds: 59.2 }])).toEqual({
      'ratelimit-policy': `"${limit.name}";q=20;w=60`,
      ratelimit: `"${limit.name}";r=18;t=60`,
    });
  });

  it('begins anew when its time is over, on every node', async () => {
    await passing(times(21, () => here.take([use()])));
    await database.admin.query(`update private.rate_limits set resets_at = now() - interval '1 ms'`);
    expect(await passing([there.take([use()])])).toBe(1);
    expect(await passing([here.take([use()])])).toBe(0); // remembers when it was to end
    clock.advance(61_000);
    expect(await passing([here.take([use()])])).toBe(1);
  });

  it('says how long to wait for the one that ends last, of several', async () => {
    const long: Limit = { name: `${limit.name}, long`, max: 1, windowSeconds: 900 };
    await here.take([use(), { limit: long, of: 'Dana' }]);
    const refused: unknown = await here.take([use(), { limit: long, of: 'Dana' }]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RateLimited);
    const { facts } = refused as RateLimited;
    expect(facts).toEqual({ limit: long.name, retry_after_seconds: expect.any(Number) });
    expect(facts['retry_after_seconds']).toBeGreaterThan(890);
  });

  it('is given back, and is then there again', async () => {
    await Promise.all(times(20, () => here.take([use()])));
    await here.giveBack([use()]);
    expect(await passing(times(3, () => there.take([use()])))).toBe(1);
  });

  it('is multiplied for the whole installation', async () => {
    const config = aConfig({ RATE_LIMIT_FACTOR: '0.1' });
    const strict = new RateLimits(new SystemDb(pools[0] as Pool), clock, config);
    expect(await passing(times(20, () => strict.take([use()])))).toBe(2);
  });
});

it('asks the database no more for somebody who is over his limit', async () => {
  await passing(times(21, () => here.take([use()])));
  const { rows } = await database.admin.query('select key, used from private.rate_limits');
  expect(await passing(times(100, () => here.take([use()])))).toBe(0);
  expect((await database.admin.query('select key, used from private.rate_limits')).rows).toEqual(rows);
});

it('makes a few statements of many requests', async () => {
  let asked = 0;
  const system = new SystemDb(pools[0] as Pool);
  const counting = Object.create(system, {
    query: { value: (...statement: Parameters<SystemDb['query']>) => ((asked += 1), system.query(...statement)) },
  }) as SystemDb;
  const node = new RateLimits(counting, clock, aConfig());
  await Promise.all(times(400, () => node.take([{ limit: { ...limit, max: 1000 }, of: String(Math.random()) }])));
  expect(asked).toBeLessThanOrEqual(3);
});

it('keeps no row whose time is over, and no name of anybody', async () => {
  here.onApplicationBootstrap();
  await here.take([use('dana@example.com')]);
  const keys = async () => (await database.admin.query<{ key: string }>('select key from private.rate_limits')).rows;
  expect((await keys()).filter(({ key }) => !/^[\w-]{43}$/.test(key))).toEqual([]);
  await database.admin.query(`update private.rate_limits set resets_at = now() - interval '1 s'`);
  clock.advance(60_000);
  await until('rows to be swept', async () => (await keys()).length === 0);
  here.beforeApplicationShutdown();
});
