import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { WebhookReceiver } from '../../../../testing/webhook-receiver.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { SealedRowsRotation } from '../../platform/encryption/sealed-rows.rotation.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { anApiKey } from '../../testing/factories.ts';
import { aWebhook } from '../../testing/sending-factories.ts';
import { aConfig, anEncryptionKey } from '../../testing/settings.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';
import { WebhookKeeper } from './webhook-keeper.ts';
import { placeOf } from './webhook-secrets.ts';
import type {
  WebhookDeliveryDetail,
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
} from './webhooks.dto.ts';

const KEY = anEncryptionKey('k1');
let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let hook: WebhookReceiver;

beforeAll(async () => {
  api = await startApi({ OUTGOING_ALLOWED_NETWORKS: '127.0.0.1/32', LOG_LEVEL: 'silent', ENCRYPTION_KEYS: KEY });
  ({ admin } = api.database);
});
afterAll(() => api.close());

beforeEach(async () => {
  hook = await new WebhookReceiver().start();
  dana = await api.signUpOwner('Dana', 'Acme');
});
afterEach(async () => {
  await admin.query('delete from private.webhook_endpoints');
  await hook.stop();
});

const add = (body: object = {}, by = dana) =>
  by.call<WebhookEndpointWithSecret & { code?: string }>('POST', '/webhook-endpoints', { url: hook.url(), ...body });
const list = async () => (await dana.call<{ items: WebhookEndpointView[] }>('GET', '/webhook-endpoints')).body.items;
const test = async (id: string) =>
  (await dana.call<WebhookDeliveryDetail>('POST', `/webhook-endpoints/${id}/test`)).body;

it('has a secret that is shown once, and kept sealed', async () => {
  const { body, status } = await add({ url: `${hook.url()}?token=hush-hush`, description: 'Shop' });
  expect(status).toBe(201);
  expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const said = JSON.stringify([
    await list(),
    (await dana.call('GET', `/webhook-endpoints/${body.id}`)).body,
    (await dana.call('GET', '/audit-logs')).body,
    (await admin.query('select s::text from private.webhook_secrets s')).rows,
  ]);
  expect(said).toContain('Shop');
  const plain = body.secret.slice('whsec_'.length);
  for (const secret of [plain, Buffer.from(body.secret).toString('hex')]) expect(said).not.toContain(secret);
  expect(JSON.stringify((await dana.call('GET', '/audit-logs')).body)).not.toContain('hush-hush');
});

it('is sealed anew with a new key', async () => {
  await add();
  const both = new Sealer(aConfig({ ENCRYPTION_KEYS: `${anEncryptionKey('k2')},${KEY}` }));
  const system = new SystemDb(api.database.pool('app_system', 1));
  const rotation = new SealedRowsRotation(system, both, 'private.webhook_secrets', placeOf);
  expect([await rotation.left(), await rotation.renew(10), await rotation.left()]).toEqual([1, 1, 0]);
});

describe('a rotated secret', () => {
  it('signs beside the one before for a day, and then alone', async () => {
    const { body: made } = await add();
    const { body: rotated } = await dana.call<WebhookEndpointWithSecret>(
      'POST',
      `/webhook-endpoints/${made.id}/rotate-secret`,
    );
    expect(rotated.secret).not.toBe(made.secret);
    const leftMs = Date.parse(rotated.previous_secret_expires_at ?? '') - Date.now();
    expect(Math.round(leftMs / 3_600_000)).toBe(24);
    hook.secrets = [made.secret, rotated.secret];
    await test(made.id);
    const [both] = hook.told;
    expect(both && [made.secret, rotated.secret].map((secret) => hook.signedBy(both, secret))).toEqual([true, true]);
    expect(String(both?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    await admin.query(
      `update private.webhook_secrets set expires_at = now() - interval '1 second' where expires_at is not null`,
    );
    await test(made.id);
    const after = hook.told[1];
    expect(after && [made.secret, rotated.secret].map((secret) => hook.signedBy(after, secret))).toEqual([false, true]);
  });

  it('that is rotated again at once ends the first: two sign, and never three', async () => {
    const { body: made } = await add();
    const rotate = async () =>
      (await dana.call<WebhookEndpointWithSecret>('POST', `/webhook-endpoints/${made.id}/rotate-secret`)).body.secret;
    const [second, third] = [await rotate(), await rotate()];
    hook.secrets = [second, third];
    await test(made.id);
    expect(
      hook.told[0] && [made.secret, second, third].map((one) => hook.signedBy(hook.told[0] as never, one)),
    ).toEqual([false, true, true]);
  });
});

describe('a test', () => {
  it('says what came back, in the log too, and does not count as health', async () => {
    const { body: made } = await add();
    hook.secrets = [made.secret];
    hook.says = 'thanks';
    expect(await test(made.id)).toMatchObject({
      type: 'webhook.test',
      state: 'delivered',
      tries: [{ status: 200, answer: 'thanks' }],
    });
    hook.answer = 500;
    expect(await test(made.id)).toMatchObject({ state: 'failed', tries: [{ status: 500, error: 'http_500' }] });
    expect(await list()).toMatchObject([{ failing_since: null, last_success_at: null }]);
    const { body } = await dana.call<{ items: WebhookDeliveryView[] }>(
      'GET',
      `/webhook-deliveries?endpoint_id=${made.id}`,
    );
    expect(body.items.map(({ state }) => state)).toEqual(['failed', 'delivered']);
    expect(hook.told[0]?.body.data).toEqual({ endpoint_id: made.id, message: expect.any(String) });
  });

  it('reaches one that is switched off, and no address inside', async () => {
    const { body: made } = await add({ enabled: false });
    hook.secrets = [made.secret];
    expect(await test(made.id)).toMatchObject({ state: 'delivered' });
    await admin.query('update private.webhook_endpoints set url = $1', ['http://127.0.0.2:9/hook']);
    expect(await test(made.id)).toMatchObject({
      state: 'failed',
      tries: [{ status: null, error: 'address_not_allowed' }],
    });
  });
});

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/hook',
  'http://[::1]/hook',
  'http://[::ffff:10.0.0.1]/hook',
  'http://2130706434/hook',
  'https://user:password@example.com/x',
  'ftp://example.com/x',
  'example.com',
])('is not taken at %s', async (url) => {
  expect((await add({ url })).status).toBe(422);
  const { body: made } = await add();
  expect((await dana.call('PATCH', `/webhook-endpoints/${made.id}`, { url })).status).toBe(422);
  expect((await list()).map((one) => one.url)).toEqual([hook.url()]);
});

it('is the twenty-first no more, also when they come at once', async () => {
  const answers = await Promise.all(Array.from({ length: 24 }, () => add()));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(answers.find(({ status }) => status !== 201)).toMatchObject({
    status: 409,
    body: { code: 'webhook_endpoint_limit' },
  });
});

it('is for owners and admins and for keys with its scope, and of its organization only', async () => {
  const { body: made } = await add();
  const { delivery } = await aWebhook(admin, OrganizationId.parse(dana.organization));
  const agent = await api.hire(dana, 'agent');
  const omar = await api.signUpOwner('Omar', 'Other');
  const routes = [
    ['GET', `/webhook-endpoints/${made.id}`],
    ['PATCH', `/webhook-endpoints/${made.id}`],
    ['POST', `/webhook-endpoints/${made.id}/rotate-secret`],
    ['POST', `/webhook-endpoints/${made.id}/test`],
    ['DELETE', `/webhook-endpoints/${made.id}`],
    ['GET', `/webhook-deliveries/${delivery}`],
    ['POST', `/webhook-deliveries/${delivery}/replay`],
    ['GET', `/webhook-deliveries?endpoint_id=${made.id}`],
  ] as const;
  for (const [method, path] of routes) {
    const body = method === 'PATCH' ? {} : undefined;
    expect([path, (await agent.call(method, path, body)).status]).toEqual([path, 403]);
    expect([path, (await omar.call(method, path, body)).status]).toEqual([path, 404]);
  }
  const replay = await omar.call('POST', '/webhook-deliveries/replay', { endpoint_id: made.id });
  expect(replay).toMatchObject({ status: 404, body: { code: 'webhook_endpoint_not_found' } });
  const keyed = async (scope: 'read' | 'webhooks:manage') => {
    const { token } = await anApiKey(admin, OrganizationId.parse(dana.organization), [scope]);
    return (await new TestPerson(api.url, 'key', token).call('GET', '/webhook-endpoints')).status;
  };
  expect([await keyed('read'), await keyed('webhooks:manage')]).toEqual([403, 200]);
});

it('that is switched off is not replayed to, and keeps what it was told', async () => {
  const { endpoint, delivery } = await aWebhook(admin, OrganizationId.parse(dana.organization));
  await dana.call('PATCH', `/webhook-endpoints/${endpoint}`, { enabled: false });
  expect(await dana.call('POST', `/webhook-deliveries/${delivery}/replay`)).toMatchObject({
    status: 409,
    body: { code: 'webhook_endpoint_disabled' },
  });
  expect((await dana.call('POST', '/webhook-deliveries/replay', {})).body).toEqual({ count: 0, next_cursor: null });
  expect((await dana.call('GET', `/webhook-deliveries/${delivery}`)).body).toMatchObject({ state: 'failed' });
});

it('forgets what it was told when the days are over, and not what somebody has just replayed', async () => {
  const organization = OrganizationId.parse(dana.organization);
  const [old, replayed] = [await aWebhook(admin, organization), await aWebhook(admin, organization)];
  await admin.query(`update private.webhook_events set created_at = now() - interval '31 days'`);
  await admin.query(`update private.webhook_deliveries set settled_at = now() - interval '31 days' where id = $1`, [
    old.delivery,
  ]);
  await api.app.get(WebhookKeeper).keepHouse();
  const left = async ({ delivery }: { delivery: string }) =>
    (await dana.call('GET', `/webhook-deliveries/${delivery}`)).status;
  expect([await left(old), await left(replayed)]).toEqual([404, 200]);
});

it('lists page by page, by its filters', async () => {
  const organization = OrganizationId.parse(dana.organization);
  const { endpoint } = await aWebhook(admin, organization);
  await aWebhook(admin, organization);
  const page = async (query: string) =>
    (
      await dana.call<{ items: WebhookDeliveryView[]; next_cursor: string | null }>(
        'GET',
        `/webhook-deliveries?${query}`,
      )
    ).body;
  const first = await page('limit=1');
  const second = await page(`limit=1&cursor=${first.next_cursor}`);
  expect([first.items.length, second.items.length, second.next_cursor]).toEqual([1, 1, null]);
  expect(first.items[0]?.id).not.toBe(second.items[0]?.id);
  expect((await page(`endpoint_id=${endpoint}&state=failed&type=alert.raised`)).items).toHaveLength(1);
  expect((await page('state=delivered')).items).toEqual([]);
  expect((await page('to=2020-01-01T00:00:00Z')).items).toEqual([]);
});
