import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../testing/database.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aConfig } from '../../testing/settings.ts';
import { withClient } from '../../testing/with-client.ts';
import { createPool } from '../database/pools.ts';
import { TenantDb } from '../database/tenant-db.ts';
import { toProblem } from './problem.filter.ts';

let database: TestDatabase;
const pools: Pool[] = [];
const organization = OrganizationId.parse(newId());

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

function connectTo(url: string): TenantDb {
  const pool = createPool(aConfig({ DATABASE_URL: url }), 'app_tenant', 1);
  pools.push(pool);
  return new TenantDb(pool);
}

/** Ends every connection of the product to the database, as a restart of Postgres does. */
const disconnect = () =>
  withClient(database.adminUrl, (admin) =>
    admin.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and usename = 'wasel'`,
    ),
  );

const nowhere = () => Object.assign(new URL(database.url), { port: '1' }).href;

it.each<[string, () => Promise<unknown>]>([
  ['does not listen, through Prisma', () => connectTo(nowhere()).asTenant(organization, (tx) => tx.session.count())],
  ['does not listen, in SQL', () => connectTo(nowhere()).asTenantSql(organization, (sql) => sql.query('select'))],
  [
    'goes away under a transaction of Prisma',
    () =>
      connectTo(database.url).asTenant(organization, async (tx) => {
        await disconnect();
        await tx.session.count();
      }),
  ],
  [
    'goes away under a transaction of SQL',
    () =>
      connectTo(database.url).asTenantSql(organization, async (sql) => {
        await disconnect();
        await sql.query('select');
      }),
  ],
  [
    'goes away under a statement',
    () =>
      connectTo(database.url).asTenantSql(organization, async (sql) => {
        const running = sql.query('select pg_sleep(60)');
        await Promise.all([running, disconnect()]);
      }),
  ],
])('a database that %s is a problem that passes', async (_, work) => {
  const error: unknown = await work().catch((reason: unknown) => reason);
  expect(toProblem(error)).toMatchObject({ status: 503, code: 'database_away' });
});

it('a statement that is wrong is a bug', async () => {
  const work = connectTo(database.url).asTenantSql(organization, (sql) => sql.query('select nothing from nowhere'));
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(toProblem(error)).toEqual({
    type: 'about:blank',
    status: 500,
    code: 'internal_server_error',
    title: 'Internal Server Error',
  });
});
