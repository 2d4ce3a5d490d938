import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../testing/database.ts';
import { until } from '../../../../testing/until.ts';
import { ConfigModule } from '../../config/config.module.ts';
import { SystemClock } from '../../kernel/clock.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aConfig } from '../../testing/settings.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { ClockModule } from '../clock.module.ts';
import { DatabaseModule } from '../database/database.module.ts';
import { Signals } from '../signals/signals.ts';
import { SignalsModule } from '../signals/signals.module.ts';
import { isAfter } from './fact-cursor.ts';
import { FactLog } from './fact-log.ts';
import { FactsFollower } from './facts-follower.ts';
import { FactsModule } from './facts.module.ts';

/** The follower's timers: its sweep always waits; a second one means that facts wait for an older transaction. */
const waitsForOlder = (clock: TestClock): boolean => clock.pending > 1;

const organization = OrganizationId.parse(newId());
let database: TestDatabase;
let app: TestingModule;
let facts: FactLog;
let signals: Signals;
let admin: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = aConfig({ DATABASE_URL: database.url });
  app = await Test.createTestingModule({
    imports: [ConfigModule.of(config), ClockModule, DatabaseModule, SignalsModule, FactsModule],
  }).compile();
  await app.init();
  facts = app.get(FactLog);
  signals = app.get(Signals);
  admin = new pg.Pool({ connectionString: database.adminUrl, max: 20 });
});
afterAll(async () => {
  await admin.end();
  await app.close();
  await database.drop();
});

const add = async (client: pg.PoolClient, type = 'test.happened'): Promise<void> => {
  await client.query(
    "insert into private.facts (organization_id, type, subject, payload) values ($1, $2, gen_random_uuid(), '{}')",
    [organization, type],
  );
};
const committed = () => signals.send('facts', { organization });

/** Waits until all that is committed is certain: transactions of other tests, in other databases of the cluster, hold it up too. */
async function settled(): Promise<void> {
  const { rows } = await admin.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  await until('all facts to settle', async () => isAfter(await facts.tip(), `${rows[0]?.xid}-0`));
}

/** A transaction that has written one fact and is still open. */
async function open(type: string): Promise<pg.PoolClient> {
  const client = await admin.connect();
  await client.query('begin');
  await add(client, type);
  return client;
}
async function end(client: pg.PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  await client.query(how);
  client.release();
}

describe('a follower', () => {
  let handed: string[];
  let clock: TestClock;
  let follower: FactsFollower;

  beforeEach(async () => {
    handed = [];
    clock = new TestClock();
    follower = new FactsFollower(facts, signals, clock, await facts.tip(), (batch) => {
      handed.push(...batch.map(({ type }) => type));
    });
    follower.start();
  });
  afterEach(() => follower.stop());

  it('waits with a fact for an older transaction, and hands both on in the order in which they began', async () => {
    const older = await open('older');
    await end(await open('newer'), 'commit');
    committed();
    await until('the follower to wait for the older one', () => waitsForOlder(clock));
    expect(handed).toEqual([]);
    await end(older, 'commit');
    committed();
    await until('both', () => {
      clock.advance(100);
      return handed.length === 2;
    });
    expect(handed).toEqual(['older', 'newer']);
  });

  it('hands on what a rollback made certain, which nobody signals, without waiting for the sweep', async () => {
    const older = await open('older');
    await end(await open('newer'), 'commit');
    committed();
    await until('the follower to wait for the older one', () => waitsForOlder(clock));
    await end(older, 'rollback');
    await settled();
    clock.advance(100);
    await until('the newer one', () => handed.length > 0);
    expect(handed).toEqual(['newer']);
  });

  it('finds by its sweep what no signal told', async () => {
    await end(await open('unsignalled'), 'commit');
    expect(handed).toEqual([]);
    await settled();
    clock.advance(2_000);
    await until('it', () => handed.length > 0);
    expect(handed).toEqual(['unsignalled']);
  });
});

it('hands on each fact of sixteen writers that commit late and roll back once, in order', async () => {
  const start = await facts.tip();
  const handed: string[] = [];
  const follower = new FactsFollower(facts, signals, new SystemClock(), start, (batch) => {
    handed.push(...batch.map(({ cursor }) => cursor));
  });
  follower.start();
  /** Follows a plain sequence, as one must not: shows that this run would have found out. */
  const bySequence = new Set<string>();
  let last = '0';
  const readBySequence = async () => {
    const { rows } = await admin.query<{ id: string }>(
      'select id::text from private.facts where id > $1 order by facts.id',
      [last],
    );
    for (const { id } of rows) bySequence.add(id);
    last = rows.at(-1)?.id ?? last;
  };

  const write = async (writer: number): Promise<void> => {
    const client = await admin.connect();
    for (let n = 0; n < 60; n++) {
      await client.query('begin');
      await add(client);
      for (let work = (writer * 7 + n * 5) % 13; work > 0; work--) await client.query('select 1');
      if (n % 2 === 0) await add(client);
      await client.query((writer + n) % 4 === 0 ? 'rollback' : 'commit');
      committed();
      if (n % 3 === 0) await readBySequence();
    }
    client.release();
  };
  await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));

  const [xid, id] = start.split('-');
  const { rows } = await admin.query<{ cursor: string; id: string }>(
    "select xid || '-' || id as cursor, id::text from private.facts where (facts.xid, id) > ($1::xid8, $2) order by facts.xid, facts.id",
    [xid, id],
  );
  await until('the last fact', () => handed.length >= rows.length);
  await follower.stop();
  expect(rows.length).toBeGreaterThan(700);
  expect(handed).toEqual(rows.map(({ cursor }) => cursor));
  await readBySequence();
  expect(rows.filter((row) => !bySequence.has(row.id)).length).toBeGreaterThan(0);
});

describe('the log of one organization', () => {
  it('knows what is old, foreign or no cursor at all', async () => {
    const { rows } = await admin.query<{ xmax: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as xmax',
    );
    const ahead = `${BigInt(rows[0]?.xmax ?? 0) + 1000n}-0`;
    for (const cursor of ['', 'nonsense', '1', '99999999999999999999-1', '1-9999999999999999999', ahead])
      expect([cursor, await facts.ofOrganizationAfter(organization, cursor, ['test.happened'], 10)]).toEqual([
        cursor,
        null,
      ]);
  });

  it('cannot be resumed from before what retention has dropped, but from after it', async () => {
    const before = await facts.tip();
    await admin.query(
      `create table private.facts_20200101 partition of private.facts for values from ('2020-01-01') to ('2020-01-02');
       insert into private.facts (organization_id, type, subject, payload, time)
         values ('${organization}', 'test.old', '${organization}', '{}', '2020-01-01 12:00')`,
    );
    await settled();
    expect(await facts.ofOrganizationAfter(organization, before, ['test.old'], 10)).toMatchObject([
      { type: 'test.old' },
    ]);
    const after = await facts.tip();
    await facts.maintain(new Date('2020-01-02T12:00:00Z'));
    const { rows } = await admin.query("select to_regclass('private.facts_20200101') as partition");
    expect(rows).toEqual([{ partition: null }]);
    expect(await facts.ofOrganizationAfter(organization, before, ['test.old'], 10)).toBeNull();
    expect(await facts.ofOrganizationAfter(organization, after, ['test.old'], 10)).toEqual([]);
  });

  it('gives up when more happened than is asked for, and counts only the types that are asked for', async () => {
    const start = await facts.tip();
    for (const type of ['a', 'b', 'a', 'b', 'a']) await end(await open(type), 'commit');
    await settled();
    const resume = (types: string[], limit: number) => facts.ofOrganizationAfter(organization, start, types, limit);
    expect((await resume(['a'], 3))?.map(({ type }) => type)).toEqual(['a', 'a', 'a']);
    expect(await resume(['a', 'b'], 3)).toBeNull();
    expect(await facts.ofOrganizationAfter(newId(), start, ['a', 'b'], 3)).toEqual([]);
  });
});
