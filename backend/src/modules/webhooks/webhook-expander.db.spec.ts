import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { type OrganizationId } from '../../kernel/ids.ts';
import { SYSTEM_POOL, SystemDb } from '../../platform/database/system-db.ts';
import { FactCursors, type FollowedFact } from '../../platform/facts/fact-cursors.ts';
import { aConversation, anOrganization, aSession, aUser } from '../../testing/factories.ts';
import { aWebhook } from '../../testing/sending-factories.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

/** The follower as the expander has it, under names of our own: the nodes of this house leave these alone. */
const FOLLOWER = { name: 'a test', interest: 'true' };
const OF_WEBHOOKS = {
  name: 'another',
  interest: `exists (select from private.webhook_endpoints e where e.organization_id = batch.organization_id)`,
};

let api: TestApi;
let admin: pg.Client;
let cursors: FactCursors;
let organization: OrganizationId;

beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'silent' });
  ({ admin } = api.database);
  cursors = api.app.get(FactCursors);
});
afterAll(() => api.close());
beforeEach(async () => {
  organization = await anOrganization(admin);
  await admin.query(`delete from private.fact_cursors where name in ('a test', 'another')`);
  await Promise.all([cursors.begin(FOLLOWER), cursors.begin(OF_WEBHOOKS)]);
});

const add = (type: string, client: pg.ClientBase = admin, of = organization, subject?: string) =>
  client.query(
    `insert into private.facts (organization_id, type, subject, payload) values ($1, $2, coalesce($3::uuid, gen_random_uuid()), '{}')`,
    [of, type, subject],
  );
/** Reads until nothing is left, as whoever follows does; what others in this cluster hold up is waited for. */
async function follow(by = cursors, follower = FOLLOWER): Promise<FollowedFact[]> {
  const seen: FollowedFact[] = [];
  await until('all facts to be certain', async () => {
    const step = await by.advance(follower, (_, facts) => {
      seen.push(...facts.filter((one) => one.organization === organization));
      return Promise.resolve();
    });
    return step === 'done';
  });
  return seen;
}
const types = (facts: readonly FollowedFact[]) => facts.map(({ type }) => type);

it('follows each fact once, in order, whichever node does, under an id of its own', async () => {
  await admin.query(
    `insert into private.facts (organization_id, type, subject, payload)
     select $1, 'test.' || n, gen_random_uuid(), '{}' from generate_series(1, 1200) n`,
    [organization],
  );
  const other = new FactCursors(new SystemDb(api.database.pool('app_system', 2)));
  const [one, two] = await Promise.all([follow(), follow(other)]);
  const all = [...one, ...two];
  expect(new Set(types(all)).size).toBe(1_200);
  expect(all).toHaveLength(1_200);
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(1_200);
});

it('hands nothing on that did not commit, and does not pass it by', async () => {
  const late = new pg.Client({ connectionString: api.database.adminUrl });
  await late.connect();
  await late.query('begin');
  await add('late', late);
  await add('early');
  const steps: string[] = [];
  const seen: string[] = [];
  const step = async () =>
    steps.push(await cursors.advance(FOLLOWER, (_, facts) => Promise.resolve(void seen.push(...types(facts)))));
  await step();
  expect([seen, steps]).toEqual([[], ['unsettled']]);
  await late.query('commit');
  await late.end();
  expect(types(await follow())).toEqual(['late', 'early']);
});

it('hands on again, with the same ids, what a node died over', async () => {
  await add('one');
  let ids: string[] = [];
  await until('the fact to be certain', async () => {
    const died = cursors.advance(FOLLOWER, async (tx, facts) => {
      ids = facts.map(({ uid }) => uid);
      await tx.$executeRaw`insert into private.webhook_events (organization_id, id, type, body, occurred_at)
        values (${organization}::uuid, ${ids[0]}::uuid, 'one', '{}', now())`;
      throw new Error('killed');
    });
    return died.then(
      () => false,
      (error: Error) => error.message === 'killed',
    );
  });
  expect(
    (await admin.query('select from private.webhook_events where organization_id = $1', [organization])).rowCount,
  ).toBe(0);
  expect((await follow()).map(({ uid }) => uid)).toEqual(ids);
  expect(await follow()).toEqual([]);
});

it('reads nothing of organizations that nobody is told about', async () => {
  await add('of nobody');
  expect(await follow(cursors, OF_WEBHOOKS)).toEqual([]);
  await aWebhook(admin, organization);
  await add('of somebody');
  expect(types(await follow(cursors, OF_WEBHOOKS))).toEqual(['of somebody']);
});

it('goes on behind what retention dropped before it was seen, and says so', async () => {
  expect(await cursors.skipForgotten(FOLLOWER)).toBe(false);
  await add('dropped');
  await admin.query(
    `insert into private.fact_cursors (name, xid, id) select 'forgotten', f.xid, f.id from private.facts f where type = 'dropped'
     on conflict (name) do update set xid = excluded.xid, id = excluded.id`,
  );
  expect(await cursors.skipForgotten(FOLLOWER)).toBe(true);
  expect(await cursors.skipForgotten(FOLLOWER)).toBe(false);
  await admin.query(`delete from private.fact_cursors where name = 'forgotten'`);
  expect(await follow()).toEqual([]);
});

it('needs as many statements for a batch as for one fact, whatever the organizations', async () => {
  const pool = api.app.get<pg.Pool>(SYSTEM_POOL);
  let statements = 0;
  pool.on('acquire', (client) => {
    const counted = client as pg.PoolClient & { counting?: boolean };
    if (counted.counting) return;
    counted.counting = true;
    const query = counted.query.bind(counted) as (...args: unknown[]) => unknown;
    Object.assign(counted, {
      query: (...args: unknown[]) => {
        const [statement] = args;
        const text = typeof statement === 'string' ? statement : ((statement as { text?: string }).text ?? '');
        if (
          /webhook_events|webhook_deliveries \(organization_id, id, endpoint|FROM "public"\."(messages|sessions|organizations|media)"/.test(
            text,
          )
        )
          statements += 1;
        return query(...args);
      },
    });
  });
  const tell = async (organizations: number) => {
    const told: { of: OrganizationId; message: string }[] = [];
    for (let n = 0; n < organizations; n += 1) {
      const of = await anOrganization(admin);
      const session = await aSession(admin, of);
      await aWebhook(admin, of, { event_types: ['message.status'] });
      told.push({
        of,
        message: (await aConversation(admin, { organization: of, session, user: await aUser(admin) })).queued,
      });
    }
    statements = 0;
    await admin.query(
      `insert into private.facts (organization_id, type, subject, payload)
       select o, 'message.status', m, '{"status":"queued"}' from unnest($1::uuid[], $2::uuid[]) as t (o, m)`,
      [told.map(({ of }) => of), told.map(({ message }) => message)],
    );
    await until('all to be told', async () => {
      const { rowCount } = await admin.query(
        `select from private.webhook_events where type = 'message.status' and organization_id = any ($1)`,
        [told.map(({ of }) => of)],
      );
      return rowCount === organizations;
    });
    return statements;
  };
  const [one, many] = [await tell(1), await tell(12)];
  expect(one).toBeGreaterThan(2);
  expect(many).toBe(one);
});
