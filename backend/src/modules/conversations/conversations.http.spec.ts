import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { callRoute, refusedTo, routesIn } from '../../testing/routes.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';
import { ConversationsController } from './conversations.controller.ts';
import type { ConversationPage, ConversationView } from './conversations.dto.ts';

type Problem = { code?: string };

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;
let shop: string;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  shop = await numberOf(dana, { is_default: true });
});
afterAll(() => api.close());

const numberOf = (person: TestPerson, over: Record<string, unknown> = {}) =>
  aSession(admin, OrganizationId.parse(person.organization), over);
const open = (to: string, over: object = {}, by = dana) =>
  by.call<ConversationView & Problem>('POST', '/conversations', { to, ...over });
const say = async (to: string, text: string, session_id = shop) =>
  (await dana.call('POST', '/messages/send', { type: 'text', session_id, to, text })).status;
const view = async (id: string) => (await dana.call<ConversationView>('GET', `/conversations/${id}`)).body;
const list = (query: Record<string, string>, by = dana) =>
  by.call<ConversationPage>('GET', `/conversations?${new URLSearchParams(query).toString()}`);
const idsOf = async (query: Record<string, string>) => (await list(query)).body.items.map(({ id }) => id);

/** A conversation with somebody, on a number. */
async function chat(
  phone: string,
  { session_id = shop, ...names }: { session_id?: string; name?: string; push_name?: string },
) {
  const { id, contact } = (await open(phone, { session_id })).body;
  await admin.query('update contacts set name = $2, push_name = $3 where id = $1', [
    contact?.id,
    names.name ?? null,
    names.push_name ?? null,
  ]);
  return id;
}

describe('opening a conversation', () => {
  it('makes it once, however the number is written, and with nothing said yet', async () => {
    const { status, body } = await open('+972 50-100 0001');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(String),
      session_id: shop,
      contact: { id: expect.any(String), phone_number: '+972501000001', name: null },
      group: null,
      unread_count: 0,
      last_message: null,
      last_message_at: null,
      active_at: expect.any(String),
    });
    expect(await view(body.id)).toEqual(body);
    const again = await Promise.all(['972501000001', '00972-50-1000001'].map((to) => open(to)));
    expect(again.map((answer) => answer.body)).toEqual([body, body]);
  });

  it('is the same for all who do it at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => open('+972501000002')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('keeps what is said on two numbers apart, with one person', async () => {
    const van = await numberOf(dana);
    const [here, there] = [await open('+972501000003'), await open('+972501000003', { session_id: van })];
    expect(there.body).toMatchObject({ session_id: van, contact: here.body.contact });
    expect(there.body.id).not.toBe(here.body.id);
  });

  it.each([
    ['a number without country code', { to: '0501234567' }, '#/to'],
    ['nobody', { to: undefined }, '#/to'],
    ['what is no session', { to: '+972501000004', session_id: 'shop' }, '#/session_id'],
  ])('names the field of %s', async (_, body, pointer) => {
    expect(await dana.call('POST', '/conversations', body)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ pointer }] },
    });
  });

  it('is from no number that is unknown, of somebody else, or not linked, and makes nobody known', async () => {
    const unlinked = await numberOf(dana, { phone_number: null, state: 'disconnected' });
    for (const session_id of [newId(), await numberOf(omar)])
      expect(await open('+972501000005', { session_id })).toMatchObject({
        status: 404,
        body: { code: 'session_not_found' },
      });
    expect(await open('+972501000005', { session_id: unlinked })).toMatchObject({
      status: 409,
      body: { code: 'session_not_linked' },
    });
    expect(await open('+972501000005', {}, omar)).toMatchObject({ status: 422, body: { code: 'session_required' } });
    const { rows } = await admin.query(`select from contacts where phone_number = '+972501000005'`);
    expect(rows).toEqual([]);
  });
});

describe('the list', () => {
  it('begins with the newest message, whoever it is with, and shows how it begins', async () => {
    const session_id = await numberOf(dana);
    const [noa, tal, gil] = [
      await chat('+972502000001', { session_id }),
      await chat('+972502000002', { session_id }),
      await chat('+972502000003', { session_id }),
    ];
    expect(await idsOf({ session_id })).toEqual([gil, tal, noa]);
    expect(await say('+972502000001', 'Hello', session_id)).toBe(202);
    expect(await say('+972502000002', `${'a'.repeat(119)}😀 and more`, session_id)).toBe(202);
    const { items, next_cursor } = (await list({ session_id })).body;
    expect(items.map(({ id }) => id)).toEqual([tal, noa, gil]);
    expect(next_cursor).toBeNull();
    expect(items[0]?.last_message).toEqual({
      deleted: false,
      sender: null,
      preview: `${'a'.repeat(119)}😀`,
      type: 'text',
      direction: 'outbound',
      status: 'queued',
    });
    expect(items[1]).toMatchObject({
      last_message: { preview: 'Hello' },
      last_message_at: expect.any(String),
      active_at: items[1]?.last_message_at,
    });
    const places = items.map(({ active_at: at, id }) => `${at} ${id}`);
    expect(places).toEqual(places.toSorted().toReversed());
  });

  it("of one number has that number's only, and of another organization's number nothing", async () => {
    const [mine, theirs] = [await numberOf(dana), await numberOf(omar)];
    const id = await chat('+972502000004', { session_id: mine });
    expect((await open('+972502000004', { session_id: theirs }, omar)).status).toBe(200);
    expect(await idsOf({ session_id: mine })).toEqual([id]);
    expect(await idsOf({ session_id: theirs })).toEqual([]);
    expect((await list({ session_id: theirs }, omar)).body.items).toHaveLength(1);
  });

  it('of what is unread has nothing else, and goes on over its pages', async () => {
    const session_id = await numberOf(dana);
    const [read, one, two] = [
      await chat('+972502000005', { session_id }),
      await chat('+972502000006', { session_id }),
      await chat('+972502000007', { session_id }),
    ];
    await admin.query('update conversations set unread_count = 1 where id = any($1)', [[one, two]]);
    expect(await idsOf({ session_id })).toEqual([two, one, read]);
    const first = (await list({ session_id, unread: 'true', limit: '1' })).body;
    expect(first.items.map(({ id }) => id)).toEqual([two]);
    expect(await idsOf({ session_id, unread: 'true', cursor: first.next_cursor ?? '' })).toEqual([one]);
  });

  it.each([
    ['unread=yes', '#/unread'],
    ['limit=0', '#/limit'],
    ['limit=101', '#/limit'],
    ['limit=many', '#/limit'],
    ['session_id=shop', '#/session_id'],
    [`search=${'a'.repeat(101)}`, '#/search'],
    ['ids=', '#/ids/0'],
    ['ids=shop', '#/ids/0'],
    [`ids=${newId()},`, '#/ids/1'],
    [`ids=${Array.from({ length: 101 }, newId).join(',')}`, '#/ids'],
  ])('names the field of %s', async (query, pointer) => {
    expect(await dana.call('GET', `/conversations?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ pointer }] },
    });
  });
});

describe('the list of these alone', () => {
  const ids = (...of: readonly string[]) => ({ ids: of.join(',') });
  let session_id: string;
  let noa: string;
  let tal: string;
  let gil: string;
  beforeAll(async () => {
    session_id = await numberOf(dana);
    noa = await chat('+972502100001', { session_id, name: 'Noa' });
    tal = await chat('+972502100002', { session_id, name: 'Tal' });
    gil = await chat('+972502100003', { session_id, name: 'Gil' });
  });

  it('has them in its order, each once, over its pages, and nothing for what is not there', async () => {
    expect(await idsOf(ids(noa, newId(), gil, noa.toUpperCase()))).toEqual([gil, noa]);
    const first = (await list({ ...ids(noa, tal, gil), limit: '2' })).body;
    expect(first.items.map(({ id }) => id)).toEqual([gil, tal]);
    expect(await idsOf({ ...ids(noa, tal, gil), cursor: first.next_cursor ?? '' })).toEqual([noa]);
    expect(first.items[1]).toEqual(await view(tal));
  });

  it('takes as many ids as a page can hold', async () => {
    const others = Array.from({ length: 99 }, newId);
    expect(await idsOf(ids(...others, noa))).toEqual([noa]);
  });

  it('leaves out what the rest of the filter does not show', async () => {
    await admin.query('update conversations set unread_count = 1 where id = $1', [tal]);
    expect(await idsOf({ ...ids(noa, tal), unread: 'true' })).toEqual([tal]);
    expect(await idsOf({ ...ids(noa, tal), search: 'noa' })).toEqual([noa]);
    expect(await idsOf({ ...ids(noa, tal), session_id })).toEqual([tal, noa]);
    expect(await idsOf({ ...ids(noa, tal), session_id: shop })).toEqual([]);
  });

  it('has nothing of another organization', async () => {
    expect((await list(ids(noa, tal), omar)).body).toEqual({ items: [], next_cursor: null });
  });

  it('has for one that is merged the one that is shown in its place', async () => {
    const [kept, other] = [await chat('+972502100004', { session_id }), await chat('+972502100005', { session_id })];
    const [a, b] = [(await view(kept)).contact?.id, (await view(other)).contact?.id];
    const { status } = await dana.call('POST', `/contacts/${a}/merge`, { with: b });
    expect(status).toBe(200);
    for (const asked of [ids(other), ids(kept), ids(kept, other)]) expect(await idsOf(asked)).toEqual([kept]);
    expect((await list(ids(other))).body.items).toEqual([await view(kept)]);
    expect(await idsOf({ ...ids(other), search: '2100005' })).toEqual([]);
  });
});

describe('a search finds', () => {
  let session_id: string;
  let noa: string;
  let avi: string;
  let sale: string;
  beforeAll(async () => {
    session_id = await numberOf(dana);
    noa = await chat('+972531112233', { session_id, name: 'Noa Levi', push_name: 'nonoa' });
    avi = await chat('+12025550147', { session_id, push_name: 'אבי כהן' });
    sale = await chat('+442079460958', { session_id, name: '100% Sale_2 \\o/' });
  });

  const FOUND: [string, string, () => string[]][] = [
    ['part of a name in any case', 'LEV', () => [noa]],
    ['the name that a person gave himself', 'אבי', () => [avi]],
    ['that name also where we named the person', 'nonoa', () => [noa]],
    ['part of a number', '11122', () => [noa]],
    ['a number as people write it', '+1 (202) 555-0147', () => [avi]],
    ['a number as it is dialled at home', '053-111 2233', () => [noa]],
    ['what several have, the newest first', '2', () => [sale, avi, noa]],
    ['nothing but spaces, which is no search', '  ', () => [sale, avi, noa]],
    ['a name that nobody has', 'Ruth', () => []],
    ['a number that nobody has', '99999', () => []],
    ['a name with a digit that others have in their number', 'Ruth 2', () => []],
    ['a sign that stands for itself', '%', () => [sale]],
    ['another sign that stands for itself', '_', () => [sale]],
    ['a backslash', '\\', () => [sale]],
    ['a zero', '0', () => [sale, avi]],
  ];
  it.each(FOUND)('by %s', async (_, search, expected) => {
    expect(await idsOf({ session_id, search })).toEqual(expected());
  });

  it('goes on over its pages, and looks in its own number only', async () => {
    await chat('+972531119999', { name: 'Noa of another number' });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: ConversationPage = (
        await list({ session_id, search: '2', limit: '1', ...(cursor ? { cursor } : {}) })
      ).body;
      expect(page.items).toHaveLength(1);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor);
    expect(seen).toEqual([sale, avi, noa]);
    expect(await idsOf({ session_id, search: 'Noa' })).toEqual([noa]);
  });
});

describe('reading a conversation', () => {
  const unread = (id: string, count: number) =>
    admin.query('update conversations set unread_count = $2 where id = $1', [id, count]);
  const told = async (id: string) =>
    (await admin.query(`select from private.facts where subject = $1 and type = 'conversation.read'`, [id])).rowCount;

  it('leaves nothing unread there, and others as they are', async () => {
    const [read, other] = [await chat('+972504000001', {}), await chat('+972504000002', {})];
    await unread(read, 3);
    await unread(other, 2);
    expect(await view(read)).toMatchObject({ unread_count: 3 });
    expect(await dana.call('POST', `/conversations/${read}/read`)).toMatchObject({ status: 204, body: undefined });
    expect([await view(read), await view(other)]).toMatchObject([{ unread_count: 0 }, { unread_count: 2 }]);
    expect([await told(read), await told(other)]).toEqual([1, 0]);
  });
});

describe('a conversation that is not there', () => {
  it('because it is of another organization or never was, is found by no route', async () => {
    await numberOf(omar, { is_default: true });
    const theirs = (await open('+972505000001', {}, omar)).body.id;
    await admin.query('update conversations set unread_count = 1 where id = $1', [theirs]);
    const ofOne = routesIn(ConversationsController).filter(({ path }) => path.includes('{id}'));
    for (const id of [theirs, newId()])
      for (const route of ofOne) {
        const { status, body } = await callRoute(dana, route, id);
        const expected = { handler: route.handler, status: 404, code: 'conversation_not_found' };
        expect({ handler: route.handler, status, code: body?.['code'] }).toEqual(expected);
      }
    expect(ofOne.map(({ handler }) => handler)).toEqual([
      'ConversationsController.get',
      'ConversationsController.markRead',
    ]);
    expect((await omar.call('GET', `/conversations/${theirs}`)).body).toMatchObject({ id: theirs, unread_count: 1 });
  });
});

describe('who may', () => {
  it.each([
    ['owner', []],
    ['admin', []],
    ['agent', []],
    ['viewer', ['open', 'markRead']],
  ] as const)('the %s is refused %j', async (role, handlers) => {
    const person = await api.hire(dana, role);
    expect((await person.call('GET', '/conversations')).status).toBe(200);
    expect(await refusedTo(person, ConversationsController)).toEqual(
      handlers.map((name) => `ConversationsController.${name}`),
    );
  });

  it('nobody who is not signed in', async () => {
    for (const route of routesIn(ConversationsController)) {
      const { status } = await callRoute(new TestPerson(api.url, '', ''), route, newId());
      expect({ ...route, status }).toEqual({ ...route, status: 401 });
    }
  });
});
