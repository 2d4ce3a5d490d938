import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until as untilInTime } from '../../../../testing/until.ts';
import { WebhookReceiver } from '../../../../testing/webhook-receiver.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { aSession, aSuspension } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { WebhookKeeper } from './webhook-keeper.ts';
import type {
  WebhookDeliveryDetail,
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
} from './webhooks.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let hook: WebhookReceiver;
let others: WebhookReceiver[];

beforeAll(async () => {
  api = await startApi({ OUTGOING_ALLOWED_NETWORKS: '127.0.0.1/32', LOG_LEVEL: 'silent' });
  ({ admin } = api.database);
  await api.anotherNode(); // whatever is told here, either may tell
});
afterAll(() => api.close());

beforeEach(async () => {
  others = [];
  hook = await receiver();
  dana = await api.signUpOwner('Dana', 'Acme');
  await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
});
afterEach(async () => {
  await admin.query('delete from private.webhook_endpoints');
  for (const one of others) await one.stop();
});

async function receiver(): Promise<WebhookReceiver> {
  const one = await new WebhookReceiver().start();
  others.push(one);
  return one;
}
async function add(to = hook, body: object = {}): Promise<WebhookEndpointWithSecret> {
  const wanted = { url: to.url(), event_types: ['message.created'], ...body };
  const { body: made, status } = await dana.call<WebhookEndpointWithSecret>('POST', '/webhook-endpoints', wanted);
  expect(status).toBe(201);
  to.secrets.push(made.secret);
  return made;
}
const endpointNow = async (id: string) =>
  (await dana.call<WebhookEndpointView>('GET', `/webhook-endpoints/${id}`)).body;
const say = async (text = 'Hello'): Promise<string> => {
  const content = { type: 'text', to: '+972501234567', text };
  const { body, status } = await dana.call<{ message_id: string }>('POST', '/messages/send', content);
  expect(status).toBe(202);
  return body.message_id;
};
const list = async (query = '') =>
  (await dana.call<{ items: WebhookDeliveryView[] }>('GET', `/webhook-deliveries?${query}`)).body.items;
const detail = async (id: string) => (await dana.call<WebhookDeliveryDetail>('GET', `/webhook-deliveries/${id}`)).body;
/** An older transaction of any test in the cluster holds facts back; one that accepts ten thousand messages takes its time. */
const PATIENCE_MS = 55_000;
const until: typeof untilInTime = (what, look) => untilInTime(what, look, { timeoutMs: PATIENCE_MS });
const states = async (wanted: string) =>
  until(`deliveries to be ${wanted}`, async () => (await list()).map(({ state }) => state).join() === wanted);
const triedTimes = (times: number) =>
  until(`${times} tries`, async () => {
    const [one] = await list();
    return one && one.attempts === times && one.last_error !== null && (await detail(one.id)).tries.length >= times;
  });
/** Brings what waits for its next try to now: the database keeps its own time. */
const due = async () => {
  await admin.query(
    `update private.webhook_deliveries set next_attempt_at = now(), claimed_until = null where state = 'waiting';
     update private.webhook_endpoints set paused_until = null, due_at = now() where enabled`,
  );
  api.app.get(Signals).send('webhook_deliveries', {});
};

describe('an endpoint', () => {
  it('is told of a message as the API shows it, signed, once, whichever node does it', async () => {
    await add();
    const id = await say();
    await states('delivered');
    const { body: message } = await dana.call('GET', `/messages/${id}`);
    expect(hook.told).toHaveLength(1);
    expect(hook.told[0]?.body).toEqual({ type: 'message.created', timestamp: expect.any(String), data: message });
    const [one] = await list();
    expect(one).toMatchObject({ type: 'message.created', attempts: 1, last_status: 200, event_id: hook.told[0]?.id });
    expect(await detail(one?.id ?? '')).toMatchObject({
      body: hook.told[0]?.raw,
      tries: [{ status: 200, answer: 'ok', error: null, headers: { 'webhook-id': hook.told[0]?.id } }],
    });
  });

  it('is told what it chose, of its own organization, and nothing of before', async () => {
    const older = new pg.Client({ connectionString: api.database.adminUrl });
    await older.connect();
    await older.query('begin; select pg_current_xact_id()'); // while it is open, what follows is not certain
    await say('Before');
    await add(hook, { event_types: ['session.updated'] });
    const all = await receiver();
    await add(all, { event_types: null });
    await older.end();
    const omar = await api.signUpOwner('Omar', 'Other');
    await aSession(admin, OrganizationId.parse(omar.organization), { is_default: true });
    await omar.call('POST', '/messages/send', { type: 'text', to: '+972501234567', text: 'Theirs' });
    await say('After');
    const { body } = await dana.call<{ items: { id: string }[] }>('GET', '/sessions');
    await dana.call('PATCH', `/sessions/${body.items[0]?.id}`, { name: 'Till' });
    await until('both to be told', () => all.told.length === 2 && hook.told.length === 1);
    expect(hook.told[0]?.body).toMatchObject({ type: 'session.updated', data: { name: 'Till' } });
    expect(all.told.map(({ body: { data } }) => String(data['text'] ?? data['name'])).toSorted()).toEqual([
      'After',
      'Till',
    ]);
  });

  it('is told of people as they are known, and of who turned out to be one', async () => {
    await add(hook, { event_types: ['contact.created', 'contact.merged'] });
    const made: { id: string }[] = [];
    for (const phone_number of ['+972541230001', '+972541230002']) {
      const { body, status } = await dana.call<{ id: string }>('POST', '/contacts', { phone_number, name: 'Noa' });
      expect(status).toBe(201);
      made.push(body);
    }
    const [kept, merged] = made.map(({ id }) => id);
    await until('two to be told', () => hook.told.length === 2);
    expect(hook.told[0]?.body).toMatchObject({
      type: 'contact.created',
      data: { id: kept, phone_number: '+972541230001', name: 'Noa', tags: [], opted_out_at: null },
    });
    await dana.call('POST', `/contacts/${kept}/merge`, { with: merged });
    await until('the merge to be told', () => hook.told.length === 3);
    expect(hook.told[2]?.body).toMatchObject({
      type: 'contact.merged',
      data: { contact_id: kept, merged_contact_id: merged, undone: false },
    });
  });
});

describe('an endpoint that misbehaves', () => {
  it.each([
    [500, 'http_500'],
    [404, 'http_404'],
    ['close', 'address_unreachable'],
    ['cut', 'address_unreachable'],
  ] as const)('by %s is told again under the same id, and its health says so', async (how, error) => {
    hook.answer = how;
    const { id } = await add();
    await say();
    await triedTimes(1);
    expect(await endpointNow(id)).toMatchObject({ failing_since: expect.any(String), last_error: error, waiting: 1 });
    hook.answer = 200;
    await due();
    await states('delivered');
    const ids = new Set(hook.told.map((one) => one.id));
    expect([hook.told.length, ids.size]).toEqual([2, 1]);
    expect(hook.told[0]?.raw).toBe(hook.told[1]?.raw);
    expect(await endpointNow(id)).toMatchObject({
      failing_since: null,
      waiting: 0,
      last_success_at: expect.any(String),
    });
  });

  it('by asking for patience gets it, and so does everything else for it', async () => {
    hook.answer = 429;
    hook.headers = { 'retry-after': '600' };
    await add();
    await say();
    await triedTimes(1);
    const [one] = await list();
    expect(Date.parse(one?.next_attempt_at ?? '') - Date.now()).toBeGreaterThan(500_000);
    hook.answer = 200;
    await say('Meanwhile');
    await states('waiting,waiting');
    api.app.get(Signals).send('webhook_deliveries', {});
    expect(hook.told).toHaveLength(1);
    await due();
    await states('delivered,delivered');
  });

  it('by 410 is switched off, and people are told', async () => {
    hook.answer = 410;
    const { id } = await add();
    await say();
    await states('failed');
    expect(await endpointNow(id)).toMatchObject({ enabled: false, disabled_reason: 'gone', failed: 1 });
    await api.app.get(WebhookKeeper).keepHouse();
    const { body } = await dana.call<{ items: object[] }>('GET', '/alerts');
    expect(body.items).toMatchObject([{ kind: 'webhook_failing', webhook_endpoint_id: id, session_id: null }]);
  });

  it('by a redirect into the private network is not followed', async () => {
    const inside = await receiver();
    hook.answer = 302;
    hook.headers = { location: inside.url() };
    await add();
    await say();
    await triedTimes(1);
    expect(await list()).toMatchObject([{ state: 'waiting', last_error: 'too_many_redirects' }]);
    expect([inside.told.length, inside.forged]).toEqual([0, 0]);
  });

  it('by a name that leads into the private network meanwhile is not called', async () => {
    const { id } = await add();
    await admin.query('update private.webhook_endpoints set url = $2 where id = $1', [id, 'http://127.0.0.2:9/x']);
    await say();
    await triedTimes(1);
    expect(await list()).toMatchObject([{ state: 'waiting', last_error: 'address_not_allowed' }]);
  });

  it('by talking too much is cut short, and taken at its word', async () => {
    hook.says = 'x'.repeat(100_000);
    await add();
    await say();
    await states('delivered');
    expect((await detail((await list())[0]?.id ?? '')).tries[0]?.answer).toBe('x'.repeat(4_096));
  });

  it('by silence is given ten seconds, and keeps nobody else waiting', async () => {
    hook.answer = 'hang';
    const well = await receiver();
    await add();
    await add(well);
    for (let n = 0; n < 8; n += 1) await say();
    await until('the other to be told', () => well.told.length === 8);
    expect(hook.mostAtOnce).toBeLessThanOrEqual(4);
    await until('patience to end', async () => (await list()).some(({ last_error: error }) => error === 'timed_out'));
  }, 40_000);

  it('for good is given up after eleven tries within a day; what was given up can be replayed', async () => {
    hook.answer = 503;
    const { id } = await add();
    await say();
    for (let n = 1; n < 11; n += 1) {
      await triedTimes(n);
      await due();
    }
    await states('failed');
    expect(hook.told).toHaveLength(11);
    const { rowCount } = await admin.query(
      `select from private.facts where type = 'delivery.failed' and organization_id = $1`,
      [dana.organization],
    );
    expect(rowCount).toBe(1);
    hook.answer = 200;
    await admin.query('update private.webhook_endpoints set paused_until = null');
    const [one] = await list('state=failed');
    expect((await dana.call('POST', `/webhook-deliveries/${one?.id}/replay`)).status).toBe(200);
    await states('delivered');
    expect(new Set(hook.told.map(({ id: event }) => event)).size).toBe(1);
    expect(await endpointNow(id)).toMatchObject({ failed: 0, failing_since: null });
  }, 60_000);
});

describe('an endpoint that takes nothing', () => {
  const longAgo = (interval: string) =>
    admin.query(`update private.webhook_endpoints set failing_since = now() - $1::interval, failures = 9`, [interval]);

  it('for half an hour is one alert, which ends when it takes something', async () => {
    hook.answer = 500;
    const { id } = await add();
    await say();
    await triedTimes(1);
    await longAgo('29 minutes');
    const open = async () => (await dana.call<{ items: { kind: string }[] }>('GET', '/alerts')).body.items;
    await api.app.get(WebhookKeeper).keepHouse();
    expect(await open()).toEqual([]);
    await longAgo('31 minutes');
    await Promise.all([1, 2].map(() => api.app.get(WebhookKeeper).keepHouse()));
    expect(await open()).toMatchObject([{ kind: 'webhook_failing', webhook_endpoint_id: id, occurrences: 1 }]);
    const { rows } = await admin.query<{ kind: string }>('select kind from private.mails where organization_id = $1', [
      dana.organization,
    ]);
    expect(rows).toEqual([{ kind: 'alert_raised' }]);
    hook.answer = 200;
    await due();
    await states('delivered');
    await api.app.get(WebhookKeeper).keepHouse();
    expect(await open()).toEqual([]);
  });

  it('for five days is switched off', async () => {
    const { id } = await add();
    await longAgo('4 days 23 hours');
    await api.app.get(WebhookKeeper).keepHouse();
    expect((await endpointNow(id)).enabled).toBe(true);
    await longAgo('5 days 1 hour');
    await api.app.get(WebhookKeeper).keepHouse();
    expect(await endpointNow(id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
    await dana.call('PATCH', `/webhook-endpoints/${id}`, { enabled: true });
    expect(await endpointNow(id)).toMatchObject({ enabled: true, disabled_reason: null, failing_since: null });
  });

  it('for a day is not told what it missed by itself, and what was never tried for its sake neither', async () => {
    hook.answer = 500;
    await add();
    await say();
    await triedTimes(1);
    await admin.query(
      `update private.webhook_deliveries set expires_at = now() - interval '11 minutes', next_attempt_at = now() + interval '1 hour', attempts = 0`,
    );
    await longAgo('2 days');
    await api.app.get(WebhookKeeper).keepHouse();
    expect(await list()).toMatchObject([{ state: 'failed' }]);
  });
});

it('what a node took and died over is told by another, under the same id', async () => {
  const { id } = await add(hook, { enabled: false });
  await dana.call('PATCH', `/webhook-endpoints/${id}`, { enabled: true });
  await say();
  await states('delivered');
  // As a node leaves it that died after the request and before it wrote down what came back.
  await admin.query(
    `update private.webhook_deliveries set state = 'waiting', settled_at = null, claimed_until = now() + interval '1 hour', next_attempt_at = now() + interval '1 hour';
     update private.webhook_endpoints set due_at = now()`,
  );
  api.app.get(Signals).send('webhook_deliveries', {});
  await until('the nodes to have looked', async () => {
    const { rows } = await admin.query<{ later: boolean }>(
      'select due_at > now() as later from private.webhook_endpoints',
    );
    return rows[0]?.later;
  });
  expect(hook.told).toHaveLength(1);
  await due();
  await states('delivered');
  expect(new Set(hook.told.map((one) => one.id)).size).toBe(1);
  expect(hook.told).toHaveLength(2);
});

it('nothing is told while the organization is suspended, and everything afterwards', async () => {
  await add();
  const organization = OrganizationId.parse(dana.organization);
  await say();
  await states('delivered');
  const [one] = await list();
  await dana.call('POST', `/webhook-deliveries/${one?.id}/replay`);
  await states('delivered');
  await aSuspension(admin, organization);
  await admin.query(`update private.webhook_deliveries set state = 'waiting', settled_at = null, next_attempt_at = now();
    update private.webhook_endpoints set due_at = now()`);
  api.app.get(Signals).send('webhook_deliveries', {});
  const before = hook.told.length;
  await api.app.get(WebhookKeeper).keepHouse();
  expect((await list()).map(({ state }) => state)).toEqual(['waiting']);
  expect(hook.told).toHaveLength(before);
  await admin.query('delete from private.organization_suspensions');
  await due();
  await states('delivered');
});

it('ten thousand events for a dead endpoint keep nobody waiting, and many are replayed in batches', async () => {
  hook.answer = 'close';
  const dead = await add();
  await admin.query(
    `with made as (
       insert into private.webhook_events (organization_id, id, type, body, occurred_at)
       select $1, gen_random_uuid(), 'message.created', '{"type":"message.created","data":{}}', now() from generate_series(1, 10000) returning id
     ) insert into private.webhook_deliveries (organization_id, id, endpoint_id, event_id, type, expires_at)
       select $1, gen_random_uuid(), $2, id, 'message.created', now() + interval '1 day' from made`,
    [dana.organization, dead.id],
  );
  await due();
  await until('it to rest', async () => {
    const { rows } = await admin.query<{ rests: boolean }>(
      'select paused_until > now() as rests from private.webhook_endpoints',
    );
    return rows[0]?.rests;
  });
  const well = await receiver();
  await add(well);
  const startedAt = performance.now();
  for (let n = 0; n < 10; n += 1) await say();
  await until('the other to be told', () => well.told.length === 10);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(hook.told.length).toBeLessThan(40);
  await admin.query(
    `update private.webhook_deliveries set state = 'failed', settled_at = now() where endpoint_id = $1`,
    [dead.id],
  );
  const range = { endpoint_id: dead.id, state: 'failed', from: '2026-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
  const replay = (body: object, query = '') =>
    dana.call<{ count: number; next_cursor: string | null }>('POST', `/webhook-deliveries/replay${query}`, body);
  expect((await replay({ ...range, dry_run: true })).body.count).toBe(10_000);
  const first = (await replay(range)).body;
  expect(first.count).toBe(10_000);
  expect(first.next_cursor).not.toBeNull();
  const second = (await replay(range, `?cursor=${first.next_cursor}`)).body;
  expect([second.count, second.next_cursor]).toEqual([10, null]);
}, 90_000);
