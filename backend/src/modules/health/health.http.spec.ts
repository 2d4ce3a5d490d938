import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${api.url}/api/health${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Takes the database away from the application, or gives it back. */
async function database(available: boolean): Promise<void> {
  const { admin } = api.database;
  const { rows } = await admin.query<{ name: string }>('select current_database() as name');
  await admin.query(`alter database ${rows[0]?.name} connection limit ${available ? -1 : 0}`);
  if (!available)
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'wasel'`,
    );
}

it('is alive, and says what runs', async () => {
  expect(await get('')).toEqual({
    status: 200,
    body: {
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: expect.any(String),
      uptime_seconds: expect.any(Number),
      active_sessions: 0,
    },
  });
});

it('is ready while the database answers, alive all the same while it does not, and ready again afterwards', async () => {
  await until('readiness', async () => (await get('/ready')).status === 200);
  await database(false);
  const away = await until('the loss to be noticed', async () => {
    const answer = await get('/ready');
    return answer.status === 503 && answer;
  });
  expect(away.body).toMatchObject({
    status: 'not_ready',
    checks: { database: { ok: false, detail: 'The database does not answer.' } },
  });
  expect((await get('')).status).toBe(200);

  await database(true);
  const back = await until('readiness', async () => {
    const answer = await get('/ready');
    return answer.status === 200 && answer;
  });
  expect(back.body).toEqual({
    status: 'ready',
    checks: { database: { ok: true }, migrations: { ok: true }, signals: { ok: true } },
  });
});

describe('a database that the build does not fit', () => {
  const owner = (sql: string, values: unknown[] = []) =>
    api.database.admin.query<{ id: string; migration_name: string }>(sql, values);
  const notReady = (detail: string) => ({
    status: 503,
    body: {
      status: 'not_ready',
      checks: { database: { ok: true }, migrations: { ok: false, detail }, signals: { ok: true } },
    },
  });

  it.each([
    ['was not applied', `migration_name = 'another'`],
    ['failed half-way', 'finished_at = null'],
    ['was taken back', 'rolled_back_at = now()'],
  ])('because the newest migration %s is not ready, and says which', async (_, change) => {
    const { rows } = await owner('select * from _prisma_migrations order by migration_name desc limit 1');
    const { id, migration_name: newest } = rows[0]!;
    await owner(`update _prisma_migrations set ${change} where id = $1`, [id]);
    expect(await get('/ready')).toEqual(notReady(`The database lacks ${newest}: run npm run db:migrate.`));
    await owner(
      'update _prisma_migrations set migration_name = $2, finished_at = now(), rolled_back_at = null where id = $1',
      [id, newest],
    );
    expect((await get('/ready')).status).toBe(200);
  });

  it('because it shows no history is not ready', async () => {
    await owner('alter table _prisma_migrations rename to history');
    expect(await get('/ready')).toEqual(notReady('The database lacks migrations: run npm run db:migrate.'));
    await owner('alter table history rename to _prisma_migrations');
    expect((await get('/ready')).status).toBe(200);
  });

  it('because it is newer is ready: the version before runs until the deploy is done', async () => {
    await owner(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('newer', '', '99991231000000_newer', now())`,
    );
    expect((await get('/ready')).status).toBe(200);
  });
});

it('a request that needs the database is put off while it is away, not refused', async () => {
  const dana = await api.signUpOwner();
  await database(false);
  try {
    const { body } = await dana.call('GET', '/sessions');
    expect(body).toMatchObject({ status: 503, code: 'database_away', type: '/problems/database_away' });
  } finally {
    await database(true);
  }
});
