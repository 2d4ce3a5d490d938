import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { withClient } from '../../testing/with-client.ts';

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
const database = (available: boolean) =>
  withClient(api.database.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ name: string }>('select current_database() as name');
    await admin.query(`alter database ${rows[0]?.name} connection limit ${available ? -1 : 0}`);
    if (!available)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'wasel'`,
      );
  });

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
  expect(back.body).toEqual({ status: 'ready', checks: { database: { ok: true }, signals: { ok: true } } });
});

it('a request that needs the database is put off while it is away, not refused', async () => {
  const dana = await (await api.signUp()).found();
  await database(false);
  try {
    const { body } = await dana.call('GET', '/sessions');
    expect(body).toMatchObject({ status: 503, code: 'database_away', type: '/problems/database_away' });
  } finally {
    await database(true);
  }
});
