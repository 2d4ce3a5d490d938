import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { WebhookDouble } from '../../../../testing/webhook-double.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { SealedRowsRotation } from '../../platform/encryption/sealed-rows.rotation.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { aSession, leaseOf } from '../../testing/factories.ts';
import { aConfig, anEncryptionKey } from '../../testing/settings.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { placeOf } from './alert-destinations.repository.ts';
import type { AlertDestinationView } from './alerts.dto.ts';

const KEY = anEncryptionKey('k1');
let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let lease: Lease;
let hook: WebhookDouble;

beforeAll(async () => {
  api = await startApi({ OUTGOING_ALLOWED_NETWORKS: '127.0.0.1/32', LOG_LEVEL: 'silent', ENCRYPTION_KEYS: KEY });
  ({ admin } = api.database);
  await api.anotherNode(); // whatever is told here, either may tell
});
afterAll(() => api.close());

beforeEach(async () => {
  hook = await new WebhookDouble().start();
  dana = await api.signUpOwner('Dana', 'Acme');
  const organization = OrganizationId.parse(dana.organization);
  lease = leaseOf({ organization, session: await aSession(admin, organization, { name: 'Front <desk>' }) });
});
afterEach(async () => {
  await admin.query('delete from private.alert_destinations');
  await hook.stop();
});

const add = (body: object = {}) =>
  dana.call<AlertDestinationView & { code?: string }>('POST', '/alert-destinations', {
    name: 'On call',
    url: hook.url(),
    ...body,
  });
const list = async () => (await dana.call<{ items: AlertDestinationView[] }>('GET', '/alert-destinations')).body.items;
const becomes = (state: 'error' | 'connected', reason: 'banned' | null) =>
  api.app.get(SessionsRepository).saveState(lease, { state, reason, attempts: 0 });

type Row = { state: string; attempts: number; error: string | null; in_s: number };
const rows = async (): Promise<Row[]> =>
  (
    await admin.query<Row>(
      `select state, attempts, error, extract(epoch from send_after - now())::int as in_s from private.alert_deliveries
        where organization_id = $1 order by sequence`,
      [lease.organization],
    )
  ).rows;
const settled = (...states: string[]) =>
  until(`deliveries to be ${states.join()}`, async () => {
    const found = (await rows()).map(({ state }) => state);
    return found.join() === states.join();
  });
const tried = (times: number) =>
  until(`${times} tries`, async () => (await rows()).some((row) => row.attempts === times && row.error !== null));
/** Brings what waits for its next try to now: the database keeps its own time. */
const due = async () => {
  await admin.query(`update private.alert_deliveries set send_after = now(), error = null where state = 'waiting'`);
  api.app.get(Signals).send('alert_deliveries', {});
};

describe('a destination', () => {
  it('is told of an alert and of its end, once each, in the language of the organization', async () => {
    await dana.call('PATCH', '/organizations/current', { language: 'he' });
    await add();
    await becomes('error', 'banned');
    await settled('sent');
    await becomes('connected', null);
    await settled('sent', 'sent');
    const [raised, resolved, ...more] = hook.bodies as { text: string }[];
    expect(more).toEqual([]);
    expect(raised?.text).toContain('Front &lt;desk&gt;');
    expect(raised?.text).toContain('וואטסאפ סגרה את החשבון');
    expect(raised?.text).toContain(`/numbers/${lease.session}`);
    expect(resolved?.text).toContain('חזר לעבוד');
    expect(hook.heard[0]?.headers['content-type']).toBe('application/json');
    expect(await list()).toMatchObject([{ failing_since: null, last_error: null, last_sent_at: expect.any(String) }]);
  });

  it('of Discord is told in its shape', async () => {
    hook.answer = 204;
    const { body } = await add({ format: 'discord' });
    expect(body).toMatchObject({ format: 'discord' });
    await becomes('error', 'banned');
    await settled('sent');
    expect(hook.bodies).toEqual([{ content: expect.stringContaining('Front'), allowed_mentions: { parse: [] } }]);
  });

  it('shows its address to nobody, and keeps it sealed', async () => {
    const { body } = await add();
    const said = JSON.stringify([
      body,
      await list(),
      (await dana.call('GET', '/audit-logs')).body,
      (await admin.query('select d::text from private.alert_destinations d')).rows,
    ]);
    expect(said).toContain(new URL(hook.url()).host);
    for (const secret of ['T0/B0/secret', Buffer.from('T0/B0/secret').toString('hex')])
      expect(said).not.toContain(secret);
  });

  it('is sealed anew with a new key', async () => {
    await add();
    const both = new Sealer(aConfig({ ENCRYPTION_KEYS: `${anEncryptionKey('k2')},${KEY}` }));
    const system = new SystemDb(api.database.pool('app_system', 1));
    const rotation = new SealedRowsRotation(system, both, 'private.alert_destinations', placeOf);
    expect([await rotation.left(), await rotation.renew(10), await rotation.left()]).toEqual([1, 1, 0]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/hook',
    'http://[::1]/hook',
    'https://user:password@hooks.slack.com/x',
    'ftp://hooks.slack.com/x',
    'hooks.slack.com',
  ])('is not taken at %s', async (url) => {
    expect((await add({ url })).status).toBe(422);
    expect(await list()).toEqual([]);
  });

  it('is the eleventh no more', async () => {
    for (let n = 0; n < 10; n += 1) expect((await add()).status).toBe(201);
    expect(await add()).toMatchObject({ status: 409, body: { code: 'alert_destination_limit' } });
  });

  it('is for owners and admins, and of its organization only', async () => {
    const { body } = await add();
    const agent = await api.hire(dana, 'agent');
    const omar = await api.signUpOwner('Omar', 'Other');
    for (const [method, path] of [
      ['DELETE', `/alert-destinations/${body.id}`],
      ['POST', `/alert-destinations/${body.id}/test`],
    ] as const) {
      expect((await agent.call(method, path)).status).toBe(403);
      expect(await omar.call(method, path)).toMatchObject({
        status: 404,
        body: { code: 'alert_destination_not_found' },
      });
    }
    expect((await agent.call('GET', '/alert-destinations')).status).toBe(403);
    expect((await dana.call('DELETE', `/alert-destinations/${body.id}`)).status).toBe(204);
    expect(await list()).toEqual([]);
  });
});

describe('a destination that misbehaves', () => {
  it('with 500 is tried again, and told once when it is well', async () => {
    hook.answer = 500;
    await add();
    await becomes('error', 'banned');
    await tried(1);
    expect(await rows()).toMatchObject([{ state: 'waiting', error: 'http_500' }]);
    expect((await list())[0]).toMatchObject({ failing_since: null });
    hook.answer = 200;
    await due();
    await settled('sent');
    expect(hook.heard).toHaveLength(2);
  });

  it('with 429 is left alone for as long as it asks', async () => {
    hook.answer = 429;
    hook.headers = { 'retry-after': '120' };
    await add();
    await becomes('error', 'banned');
    await tried(1);
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'waiting', error: 'http_429' });
    expect(row?.in_s).toBeGreaterThan(100);
  });

  it.each(['hang', 'close'] as const)(
    'by %s is given another time, and does not hold others up',
    async (how) => {
      hook.answer = how;
      await add();
      const other = await new WebhookDouble().start();
      await add({ url: other.url() });
      await becomes('error', 'banned');
      await until('the other to be told', () => other.heard.length === 1);
      await until('patience to end', async () => (await rows()).some(({ error }) => error === 'address_unreachable'), {
        timeoutMs: 20_000,
      });
      const states = async () =>
        (await rows())
          .map(({ state }) => state)
          .toSorted()
          .join();
      await until('what was heard to be written down', async () => (await states()).includes('sent'));
      expect(await states()).toBe('sent,waiting');
      await other.stop();
    },
    40_000,
  );

  it('with a redirect into the private network is given up, and nobody there is asked', async () => {
    const inside = await new WebhookDouble().start();
    hook.answer = 302;
    hook.headers = { location: inside.url() };
    await add();
    await becomes('error', 'banned');
    await settled('failed');
    expect(inside.heard).toEqual([]);
    expect(await list()).toMatchObject([{ last_error: 'too_many_redirects', failing_since: expect.any(String) }]);
    await inside.stop();
  });

  it('is given up after ten tries, says why, and is well again with the next that arrives', async () => {
    hook.answer = 503;
    const { body } = await add();
    await becomes('error', 'banned');
    for (let n = 1; n < 10; n += 1) {
      await tried(n);
      await due();
    }
    await settled('failed');
    expect(hook.heard).toHaveLength(10);
    expect(await list()).toMatchObject([{ last_error: 'http_503', failing_since: expect.any(String) }]);
    hook.answer = 200;
    expect((await dana.call('POST', `/alert-destinations/${body.id}/test`)).status).toBe(202);
    await settled('failed', 'sent');
    expect(await list()).toMatchObject([{ last_error: null, failing_since: null, last_sent_at: expect.any(String) }]);
  });

  it('says at once what became of a test', async () => {
    hook.answer = 404;
    const { body } = await add();
    await dana.call('POST', `/alert-destinations/${body.id}/test`);
    await until('its outcome', async () => (await list())[0]?.last_error === 'http_404');
    expect(hook.heard).toHaveLength(1);
    const { rowCount } = await admin.query(
      `select from private.facts where type = 'alert_destination.updated' and subject = $1`,
      [body.id],
    );
    expect(rowCount).toBe(1);
  });
});

it('two nodes tell nothing twice', async () => {
  for (let n = 0; n < 5; n += 1) await add();
  const { body } = await add();
  await becomes('error', 'banned');
  for (let n = 0; n < 10; n += 1) await dana.call('POST', `/alert-destinations/${body.id}/test`);
  await until('all to be told', async () => (await rows()).every(({ state }) => state === 'sent'));
  expect(await rows()).toHaveLength(16);
  expect(hook.heard).toHaveLength(16);
});

it('what a node took and died over is told by another, and only its beginning makes way for its end', async () => {
  hook.answer = 500;
  await add();
  await becomes('error', 'banned');
  await tried(1);
  await becomes('connected', null);
  hook.answer = 200;
  api.app.get(Signals).send('alert_deliveries', {});
  await until('the end to wait', async () => (await rows()).length === 2);
  expect(hook.heard).toHaveLength(1);
  await due();
  await settled('sent', 'sent');
  expect(hook.bodies).toMatchObject([
    { text: expect.stringContaining('needs you') },
    { text: expect.stringContaining('needs you') },
    { text: expect.stringContaining('well again') },
  ]);
});
