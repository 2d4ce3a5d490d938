import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { callRoute, refusedTo, routesIn } from '../../testing/routes.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';
import { SessionsController } from './sessions.controller.ts';
import type { SessionStatement, SessionView } from './sessions.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
});
afterAll(() => api.close());

const numberOf = (person: TestPerson, over: Record<string, unknown> = {}) =>
  aSession(admin, OrganizationId.parse(person.organization), over);
const change = (id: string, changes: unknown, by = dana) =>
  by.call<SessionView & { code?: string }>('PATCH', `/sessions/${id}`, changes);
const view = async (id: string) => (await dana.call<SessionView>('GET', `/sessions/${id}`)).body;
const listOf = async (person: TestPerson) =>
  (await person.call<{ items: SessionView[]; next_cursor: null }>('GET', '/sessions')).body;

describe('the list', () => {
  it("has an organization's own numbers in the order of their making, and not those that were deleted", async () => {
    const tal = await api.signUpOwner('Tal', 'Ours');
    expect(await listOf(tal)).toEqual({ items: [], next_cursor: null });
    const ids = [await numberOf(tal), await numberOf(tal), await numberOf(tal)];
    await numberOf(tal, { deleted_at: new Date() });
    await numberOf(omar);
    const { items, next_cursor } = await listOf(tal);
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(next_cursor).toBeNull();
  });
});

describe('a number', () => {
  it('is shown with what people need of it, and nothing that WhatsApp is told', async () => {
    const connected_since = new Date('2026-03-01T08:00:00Z');
    const id = await numberOf(dana, {
      name: 'Shop',
      phone_number: '+972501234567',
      push_name: 'Acme Shop',
      whatsapp_jid: '972501234567:3@s.whatsapp.net',
      connected_since,
      last_seen_at: connected_since,
      attempts: 2,
    });
    const shown = {
      id,
      state: 'connected',
      reason: null,
      phone_number: '+972501234567',
      connected_since: connected_since.toISOString(),
      last_seen_at: connected_since.toISOString(),
      attempts: 2,
    };
    expect(await view(id)).toEqual({
      ...shown,
      provider: 'baileys',
      name: 'Shop',
      push_name: 'Acme Shop',
      enabled: true,
      auto_reconnect: true,
      is_default: false,
      state_since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      reject_calls: false,
      reject_calls_text: null,
      color: null,
      max_per_minute: null,
      mark_online: true,
      read_receipts: true,
      import_history: true,
      new_chats_per_day: null,
      quiet_hours_of: 'number',
      reach_out_until: null,
      new_chat_quota: null,
      quiet_hours: null,
      proxy: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect((await dana.call('GET', `/sessions/${id}/status`)).body).toEqual(shown);
  });

  it('is renamed, and the name is kept without the spaces around it', async () => {
    const id = await numberOf(dana);
    const name = 'א'.repeat(60);
    expect(await change(id, { name: `  ${name} ` })).toMatchObject({ status: 200, body: { id, name } });
    expect(await view(id)).toMatchObject({ name, auto_reconnect: true, enabled: true });
  });

  it('keeps each of its switches until it is turned, and what is not named stays as it is', async () => {
    const id = await numberOf(dana, { name: 'Van' });
    expect((await change(id, { auto_reconnect: false })).body).toMatchObject({ auto_reconnect: false, enabled: true });
    expect((await change(id, { enabled: false })).body).toMatchObject({ auto_reconnect: false, enabled: false });
    expect((await change(id, {})).body).toMatchObject({ auto_reconnect: false, enabled: false, name: 'Van' });
    expect((await change(id, { auto_reconnect: true })).body).toMatchObject({ auto_reconnect: true, enabled: false });
    expect((await change(id, { enabled: true })).status).toBe(200);
    expect(await view(id)).toMatchObject({ auto_reconnect: true, enabled: true, name: 'Van' });
  });

  it('rejects calls and is quiet at night once that was decided, and the log says what was decided', async () => {
    const id = await numberOf(dana);
    const quiet_hours = { from: '22:00', to: '07:30', time_zone: 'Asia/Jerusalem' };
    const calls = { reject_calls: true, reject_calls_text: 'Please write to us.' };
    expect((await change(id, { ...calls, quiet_hours })).body).toMatchObject({ ...calls, quiet_hours });
    expect((await change(id, { name: 'Night shift' })).body).toMatchObject({ ...calls, quiet_hours });
    expect((await change(id, { reject_calls_text: null, quiet_hours: null })).body).toMatchObject({
      reject_calls: true,
      reject_calls_text: null,
      quiet_hours: null,
    });
    const { rows } = await admin.query<{ changes: unknown }>(
      `select changes from private.audit_logs where target_id = $1 and action = 'session.updated' order by id`,
      [id],
    );
    const written = '22:00–07:30 Asia/Jerusalem';
    expect(rows.map(({ changes }) => changes)).toEqual([
      {
        reject_calls: { from: false, to: true },
        reject_calls_text: { from: null, to: 'Please write to us.' },
        quiet_hours: { from: null, to: written },
      },
      { name: { from: 'Front desk', to: 'Night shift' } },
      { reject_calls_text: { from: 'Please write to us.', to: null }, quiet_hours: { from: written, to: null } },
    ]);
  });

  it.each(['169.254.169.254', '[fe80::1]', '0.0.0.0', '127.0.0.1', '10.0.0.1', '[::ffff:10.0.0.1]'])(
    'does not go through %s',
    async (host) => {
      const id = await numberOf(dana);
      expect(await change(id, { proxy_url: `http://${host}:80` })).toMatchObject({
        status: 422,
        body: { code: 'address_not_allowed' },
      });
      expect(await view(id)).toMatchObject({ proxy: null });
    },
  );

  it('that is connected has nothing to scan', async () => {
    const id = await numberOf(dana);
    expect(await dana.call('GET', `/sessions/${id}/qr`)).toMatchObject({
      status: 404,
      body: { code: 'already_connected', session_id: id },
    });
  });
});

describe('the default number', () => {
  const defaultsOf = async (person: TestPerson) =>
    (await listOf(person)).items.filter(({ is_default }) => is_default).map(({ id }) => id);

  it('is one: another takes its place', async () => {
    const lior = await api.signUpOwner('Lior', 'One default');
    const [first, second] = [await numberOf(lior, { is_default: true }), await numberOf(lior)];
    expect((await change(second, { is_default: true }, lior)).body).toMatchObject({ id: second, is_default: true });
    expect(await defaultsOf(lior)).toEqual([second]);
    await change(second, { name: 'Still the default' }, lior);
    expect(await defaultsOf(lior)).toEqual([second]);
    await change(first, { is_default: true }, lior);
    expect(await defaultsOf(lior)).toEqual([first]);
  });

  it('is one, also when several are made it at the same time', async () => {
    const gil = await api.signUpOwner('Gil', 'Many at once');
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) ids.push(await numberOf(gil, { is_default: n === 0 }));
    const answers = await Promise.all(ids.map((id) => change(id, { is_default: true }, gil)));
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
    expect(await defaultsOf(gil)).toHaveLength(1);
  });

  it("of one organization is none of another's business", async () => {
    const mine = await numberOf(dana);
    const theirs = await numberOf(omar, { is_default: true });
    await change(mine, { is_default: true });
    expect(await defaultsOf(omar)).toEqual([theirs]);
  });
});

const NIGHT = { from: '22:00', to: '07:00', time_zone: 'Asia/Jerusalem' };

describe('a request that is not right', () => {
  it.each([
    ['an empty name', 'PATCH', '', { name: ' ' }, '#/name'],
    ['a name that is too long', 'PATCH', '', { name: 'a'.repeat(61) }, '#/name'],
    ['a switch that is no switch', 'PATCH', '', { enabled: 'no' }, '#/enabled'],
    ['reconnecting by a number', 'PATCH', '', { auto_reconnect: 1 }, '#/auto_reconnect'],
    ['an empty answer to a call', 'PATCH', '', { reject_calls_text: ' ' }, '#/reject_calls_text'],
    ['quiet hours at no time', 'PATCH', '', { quiet_hours: { ...NIGHT, from: '24:00' } }, '#/quiet_hours/from'],
    ['quiet hours without an end', 'PATCH', '', { quiet_hours: { ...NIGHT, to: NIGHT.from } }, '#/quiet_hours/to'],
    ['quiet hours nowhere', 'PATCH', '', { quiet_hours: { ...NIGHT, time_zone: 'Moon' } }, '#/quiet_hours/time_zone'],
    ['a proxy of another kind', 'PATCH', '', { proxy_url: 'ftp://proxy.example.com' }, '#/proxy_url'],
    ['a proxy with a path', 'PATCH', '', { proxy_url: 'http://proxy.example.com/pac' }, '#/proxy_url'],
    ['a proxy that is no address', 'PATCH', '', { proxy_url: 'proxy.example.com' }, '#/proxy_url'],
    ['a default that is taken away', 'PATCH', '', { is_default: false }, '#/is_default'],
    ['a pairing number without country code', 'POST', '/connect', { phone_number: '0501234567' }, '#/phone_number'],
  ])('names the field of %s, and changes nothing', async (_, method, path, body, pointer) => {
    const id = await numberOf(dana);
    const before = await view(id);
    const { status, headers, body: problem } = await dana.call(method, `/sessions/${id}${path}`, body);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toMatchObject({
      code: 'request_invalid',
      errors: [{ pointer, detail: expect.stringMatching(/\w/) }],
    });
    expect(await view(id)).toEqual(before);
  });

  it('makes no number, and names every field that is wrong', async () => {
    const before = await listOf(dana);
    for (const path of ['create', 'init'])
      expect(await dana.call('POST', `/sessions/${path}`, { name: '', phone_number: 'Dana' })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '#/name' }, { pointer: '#/phone_number' }] },
      });
    expect(await listOf(dana)).toEqual(before);
  });
});

describe('the daily statement', () => {
  const csvOf = async (id: string, query = '') => {
    const response = await dana.request('GET', `/sessions/${id}/statement/export${query}`);
    return { type: response.headers.get('content-type'), lines: (await response.text()).split('\r\n') };
  };
  const today = `(now() at time zone 'Asia/Jerusalem')::date`;

  it('has every day asked for, the newest first, on the page and in a file; that it was taken is an entry', async () => {
    const id = await numberOf(dana);
    await admin.query('delete from session_days where session_id = $1', [id]);
    await admin.query(
      `insert into session_days (organization_id, session_id, day, received, stored, reconnects)
       values ($1, $2, ${today}, 5, 4, 0), ($1, $2, ${today} - 1, 7, 7, 2), ($1, $2, ${today} - 3, 9, 9, 0)`,
      [dana.organization, id],
    );
    const { body } = await dana.call<SessionStatement>('GET', `/sessions/${id}/statement?days=3`);
    expect(body.days).toMatchObject([
      { received: 5, stored: 4, waiting: 0, set_aside: 0, repeated: 1, reconnects: 0 },
      { received: 7, stored: 7, waiting: 0, set_aside: 0, repeated: 0, reconnects: 2 },
      { received: 0, stored: 0, waiting: 0, set_aside: 0, repeated: 0, reconnects: 0 },
    ]);
    expect((await dana.call<SessionStatement>('GET', `/sessions/${id}/statement`)).body.days).toHaveLength(30);
    const { type, lines } = await csvOf(id, '?days=2');
    expect(type).toBe('text/csv; charset=utf-8');
    expect(lines).toEqual([
      'day,received,stored,waiting,set_aside,repeated,reconnects',
      `${body.days[0]?.day},5,4,0,0,1,0`,
      `${body.days[1]?.day},7,7,0,0,0,2`,
      '',
    ]);
    const { rows } = await admin.query('select action, changes from private.audit_logs where target_id = $1', [id]);
    expect(rows).toEqual([{ action: 'session.statement_exported', changes: { days: { to: 2 } } }]);
  });

  it.each(['0', '367', 'all'])('is not of %s days', async (days) => {
    const id = await numberOf(dana);
    expect((await dana.call('GET', `/sessions/${id}/statement?days=${days}`)).status).toBe(422);
  });
});

describe('a number that is not there', () => {
  const ofOneNumber = routesIn(SessionsController).filter(({ path }) => path.includes('{id}'));
  const row = async (id: string) => (await admin.query('select * from sessions where id = $1', [id])).rows[0];

  it('because it is of another organization, was deleted or never was, is found by no route', async () => {
    const theirs = await numberOf(omar);
    const deleted = await numberOf(dana, { deleted_at: new Date() });
    const before = [await row(theirs), await row(deleted)];
    for (const id of [theirs, deleted, newId()])
      for (const route of ofOneNumber) {
        const { status, body } = await callRoute(dana, route, id);
        expect({ ...route, status, code: body?.['code'] }).toEqual({
          ...route,
          status: 404,
          code: 'session_not_found',
        });
      }
    expect([await row(theirs), await row(deleted)]).toEqual(before);
    expect(ofOneNumber.map(({ handler }) => handler)).toContain('SessionsController.delete');
    expect((await omar.call('GET', `/sessions/${theirs}`)).status).toBe(200);
  });
});

describe('who may', () => {
  const MANAGE = ['create', 'create', 'link', 'update', 'connect', 'disconnect', 'logOut', 'delete'];

  it.each([
    ['owner', []],
    ['admin', []],
    ['agent', MANAGE],
    ['viewer', MANAGE],
  ] as const)('the %s is refused %j', async (role, handlers) => {
    const person = await api.hire(dana, role);
    expect((await person.call('GET', '/sessions')).status).toBe(200);
    expect(await refusedTo(person, SessionsController)).toEqual(handlers.map((name) => `SessionsController.${name}`));
  });

  it('nobody who is not signed in', async () => {
    const id = await numberOf(dana);
    for (const route of routesIn(SessionsController)) {
      const { status } = await callRoute(new TestPerson(api.url, '', ''), route, id);
      expect({ ...route, status }).toEqual({ ...route, status: 401 });
    }
  });
});
