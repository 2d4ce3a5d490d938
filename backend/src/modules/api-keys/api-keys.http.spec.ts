import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { OrganizationId } from '../../kernel/ids.ts';
import { anApiKey, aSession } from '../../testing/factories.ts';
import { routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi, type TestNode, TestPerson } from '../../testing/start-api.ts';
import { type Action, ACTIONS, isOperatorAction, SCOPES, type Scope } from '../auth/permissions.ts';
import type { ApiKeyView, CreatedApiKey } from './api-keys.dto.ts';

let api: TestApi;
let otherNode: TestNode;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;

beforeAll(async () => {
  api = await startApi();
  otherNode = await api.anotherNode();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
});
afterAll(() => api.close());

/** A program that calls with a key, which names its organization by itself. */
const program = (key: string, { url }: Pick<TestNode, 'url'> = api) => new TestPerson(url, '', key);
const create = (over: object = {}, by = dana) =>
  by.call<CreatedApiKey & { code?: string }>('POST', '/api-keys', { name: 'Shop', scopes: ['read'], ...over });
const made = async (scopes: Scope[]) => (await create({ scopes })).body;
const list = async (by = dana) => (await by.call<{ items: ApiKeyView[] }>('GET', '/api-keys')).body.items;
const rowOf = async (id: string) =>
  (await admin.query('select *, xmin::text as written_by from private.api_keys where id = $1', [id])).rows[0];

describe('a key', () => {
  it('is shown once, listed without its secret, and kept as a hash', async () => {
    const expires_at = new Date(Date.now() + 86_400_000).toISOString();
    const { status, body } = await create({ name: '  Till ', scopes: ['messages:send', 'read', 'read'], expires_at });
    expect(status).toBe(201);
    const { key, ...shown } = body;
    expect(key).toMatch(/^wsl_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'Till',
      hint: key.slice(-4),
      scopes: ['messages:send', 'read'],
      created_by: dana.email,
      created_at: expect.any(String),
      expires_at,
      last_used_at: null,
    });
    expect((await list())[0]).toEqual(shown);
    expect((await rowOf(body.id)).hash).toEqual(createHash('sha256').update(key).digest());
    for (const table of ['private.api_keys', 'private.audit_logs', 'private.facts']) {
      const { rows } = await admin.query<{ row: string }>(`select t::text as row from ${table} t`);
      expect(rows.filter(({ row }) => row.includes(key))).toEqual([]);
    }
  });

  it('speaks for its organization and no other, which it need not name', async () => {
    const { key } = await made(['read']);
    const shop = program(key);
    expect((await shop.call('GET', '/organizations/current')).body).toMatchObject({ id: dana.organization });
    shop.organization = dana.organization?.toUpperCase();
    expect((await shop.call('GET', '/organizations/current')).status).toBe(200);
    for (const foreign of [String(omar.organization), 'nonsense']) {
      shop.organization = foreign;
      expect(await shop.call('GET', '/sessions')).toMatchObject({
        status: 404,
        body: { code: 'organization_not_found' },
      });
    }
    const theirs = await aSession(admin, OrganizationId.parse(omar.organization));
    expect((await program(key).call('GET', `/sessions/${theirs}`)).status).toBe(404);
  });

  it('sends messages, which say so, and is named by what it did in the audit log', async () => {
    await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
    const { id, key } = await made(['messages:send']);
    const { status, body } = await program(key).call<{ message_id: string }>('POST', '/messages/send', {
      type: 'text',
      to: '+972501234567',
      text: 'Your order is ready',
    });
    expect(status).toBe(202);
    const { rows } = await admin.query('select sent_by_user_id, sent_by_key_id from messages where id = $1', [
      body.message_id,
    ]);
    expect(rows).toEqual([{ sent_by_user_id: null, sent_by_key_id: id }]);
    expect((await program(key).call('POST', `/messages/${body.message_id}/cancel`)).status).toBe(200);
    const { body: log } = await dana.call<{ items: object[] }>('GET', `/audit-logs?actor_id=${id}`);
    expect(log.items).toMatchObject([{ actor: { type: 'key', id, name: 'Shop' }, action: 'message.cancelled' }]);
  });

  it('works no more once it is revoked, on every node', async () => {
    const { id, key } = await made(['read']);
    const asked = () => Promise.all([api, otherNode].map((node) => program(key, node).call('GET', '/sessions')));
    expect((await asked()).map(({ status }) => status)).toEqual([200, 200]);
    expect((await dana.call('DELETE', `/api-keys/${id}`)).status).toBe(204);
    for (const answer of await asked())
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await list()).some((one) => one.id === id)).toBe(false);
  });

  it('is revoked once, by two people at the same time', async () => {
    const { id } = await made(['read']);
    const answers = await Promise.all([1, 2].map(() => dana.call('DELETE', `/api-keys/${id}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
    const { body } = await dana.call<{ items: object[] }>('GET', `/audit-logs?action=api_key.revoked&target_id=${id}`);
    expect(body.items).toHaveLength(1);
  });

  it('that expired, was changed or made up is as good as none', async () => {
    const organization = OrganizationId.parse(dana.organization);
    const expired = await anApiKey(admin, organization, ['read'], { expires_at: new Date(Date.now() - 1_000) });
    const { key } = await made(['read']);
    for (const token of [expired.token, `${key.slice(0, -1)}!`, key.toUpperCase(), `wsl_${'x'.repeat(43)}`, 'wsl_'])
      expect(await program(token).call('GET', '/sessions')).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      });
  });
});

describe('its last use', () => {
  it('is written at most once a minute, whatever the number of requests and nodes', async () => {
    const { id, key } = await made(['read']);
    const ask = (times: number) =>
      Promise.all(
        Array.from({ length: times }, (_, n) => program(key, n % 2 ? otherNode : api).call('GET', '/sessions')),
      );
    await ask(10);
    const first = await rowOf(id);
    expect(Math.abs(Date.now() - first.last_used_at.getTime())).toBeLessThan(60_000);
    await ask(10);
    expect(await rowOf(id)).toEqual(first); // not even written anew
    await admin.query(`update private.api_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [id]);
    const old = await rowOf(id);
    await ask(10);
    const second = await rowOf(id);
    expect(second.last_used_at.getTime()).toBeGreaterThan(old.last_used_at.getTime());
    expect((await list()).find((one) => one.id === id)?.last_used_at).toBe(second.last_used_at.toISOString());
  });
});

describe('a scope', () => {
  /** Calls every route that asks for an action, with ids and a body that lead nowhere. */
  async function callAll(key: string) {
    const outcomes: Record<string, { requirement: string; status: number; code?: string }> = {};
    for (const { method, path, requirement } of routesOf(api.app)) {
      if (requirement === undefined || requirement === 'public') continue;
      const response = await program(key).request(
        method.toUpperCase(),
        path.replace(/^\/api/, '').replaceAll(/\{\w+\}/g, 'nobody'),
        method === 'get' ? undefined : { name: 5 },
      );
      const text = await response.text();
      const problem = response.status >= 400 ? (JSON.parse(text) as { code: string }) : undefined;
      outcomes[`${method} ${path}`] = {
        requirement,
        status: response.status,
        ...(problem ? { code: problem.code } : {}),
      };
    }
    return outcomes;
  }

  const allowed: Readonly<Record<string, readonly Action[]>> = {
    read: [
      'organization:read',
      'members:read',
      'sessions:read',
      'contacts:read',
      'groups:read',
      'messages:read',
      'broadcasts:read',
      'templates:read',
      'automations:read',
      'alerts:read',
    ],
    ...Object.fromEntries(SCOPES.filter((scope) => scope !== 'read').map((scope) => [scope, [scope]])),
  };

  const refusalOf = (requirement: string): string =>
    requirement === 'signed-in' ? 'person_required' : isOperatorAction(requirement) ? 'operator_only' : 'not_permitted';

  it.each(SCOPES)('%s opens its routes and no other', async (scope) => {
    const outcomes = await callAll((await made([scope])).key);
    for (const [route, { requirement, status, code }] of Object.entries(outcomes)) {
      const open = allowed[scope]?.some((action) => action === requirement) ?? false;
      const refusal = refusalOf(requirement);
      const refused = status === 401 || status === 403 ? code : null;
      expect({ route, refused }).toEqual({ route, refused: open ? null : refusal });
    }
    expect(Object.values(outcomes).some(({ requirement }) => requirement === 'signed-in')).toBe(true);
  });

  it('is there for every action but those that only people do', () => {
    const without = ACTIONS.filter((action) => !(SCOPES as readonly string[]).includes(action));
    expect(without).toEqual([
      'organization:leave',
      'organization:export',
      'organization:delete',
      'members:manage',
      'owners:manage',
      'api_keys:manage',
      'alerts:subscribe',
      'alerts:manage',
    ]);
  });

  it('that is missing is named together with those that there are', async () => {
    const { key } = await made(['read']);
    expect((await program(key).call('POST', '/sessions/create', {})).body).toMatchObject({
      status: 403,
      code: 'not_permitted',
      action: 'sessions:manage',
      scopes: ['read'],
    });
  });
});

describe('the keys of an organization', () => {
  it('are made, seen and revoked by its owners and admins', async () => {
    const { id } = await made(['read']);
    for (const role of ['agent', 'viewer'] as const) {
      const member = await api.hire(dana, role);
      for (const answer of [
        await create({}, member),
        await member.call('GET', '/api-keys'),
        await member.call('DELETE', `/api-keys/${id}`),
      ])
        expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted', action: 'api_keys:manage' } });
    }
    const deputy = await api.hire(dana, 'admin');
    expect((await create({}, deputy)).status).toBe(201);
    expect((await deputy.call('DELETE', `/api-keys/${id}`)).status).toBe(204);
  });

  it('are not there for another', async () => {
    const { id, key } = await made(['read']);
    expect((await list(omar)).some((one) => one.id === id)).toBe(false);
    expect(await omar.call('DELETE', `/api-keys/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'api_key_not_found' },
    });
    expect((await program(key).call('GET', '/sessions')).status).toBe(200);
  });

  it('outlive the membership of their maker', async () => {
    const deputy = await api.hire(dana, 'admin');
    const { key } = (await create({}, deputy)).body;
    await deputy.call('DELETE', '/members/me');
    expect((await program(key).call('GET', '/sessions')).status).toBe(200);
  });

  it.each([
    ['without a name', { name: ' ' }, '#/name'],
    ['with a name that is too long', { name: 'x'.repeat(61) }, '#/name'],
    ['without a scope', { scopes: [] }, '#/scopes'],
    ['with a scope that there is not', { scopes: ['read', 'world:dominate'] }, '#/scopes/1'],
    ['with a scope that only people have', { scopes: ['api_keys:manage'] }, '#/scopes/0'],
    ['that has expired', { expires_at: '2020-01-01T00:00:00Z' }, '#/expires_at'],
    ['that expires at no time', { expires_at: 'soon' }, '#/expires_at'],
  ])('include none %s', async (_, over, pointer) => {
    const before = (await list()).length;
    expect(await create(over)).toMatchObject({ status: 422, body: { code: 'request_invalid', errors: [{ pointer }] } });
    expect((await list()).length).toBe(before);
  });
});
