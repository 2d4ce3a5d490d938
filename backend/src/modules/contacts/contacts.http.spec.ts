import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { callRoute, refusedTo, routesIn } from '../../testing/routes.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { ContactListsController, ContactTagsController } from './contact-sorting.controller.ts';
import { ContactDaysController, ContactsController } from './contacts.controller.ts';
import type {
  ContactDayNamePage,
  ContactDetail,
  ContactListView,
  ContactPage,
  NumberCheckResult,
  TagPage,
} from './contacts.dto.ts';

type Problem = { code?: string; contact_id?: string };

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
  shop = await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
});
afterAll(() => api.close());

const create = (phone_number: string, over: object = {}, by = dana) =>
  by.call<ContactDetail & Problem>('POST', '/contacts', { phone_number, ...over });
const look = async (id: string) => (await dana.call<ContactDetail>('GET', `/contacts/${id}`)).body;
const list = async (query: Record<string, string>, by = dana) =>
  (await by.call<ContactPage>('GET', `/contacts?${new URLSearchParams(query).toString()}`)).body;
const idsOf = async (query: Record<string, string>) => (await list(query)).items.map(({ id }) => id);
const told = async (id: string, type: string) =>
  (await admin.query('select from private.facts where subject = $1 and type = $2', [id, type])).rowCount;

describe('a contact', () => {
  it('is made of a number however it is written, once, and told of', async () => {
    const { status, body } = await create('00972-50-100 0001', { name: 'Noa Levi', language: 'he' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      phone_number: '+972501000001',
      name: 'Noa Levi',
      language: 'he',
      tags: [],
      lists: [],
    });
    expect(body.addresses).toEqual([
      {
        kind: 'phone',
        phone_number: '+972501000001',
        contact_id: body.id,
        source: 'person',
        learnt_at: expect.any(String),
      },
    ]);
    expect(await told(body.id, 'contact.created')).toBe(1);
    expect(await create('+972501000001')).toMatchObject({
      status: 409,
      body: { code: 'contact_exists', contact_id: body.id },
    });
  });

  it('is renamed, and told of', async () => {
    const { id } = (await create('+972501000002')).body;
    const { body } = await dana.call<ContactDetail>('PATCH', `/contacts/${id}`, { name: 'Tal' });
    expect(body).toMatchObject({ name: 'Tal', language: null });
    expect(await told(id, 'contact.updated')).toBe(1);
    expect(await dana.call('PATCH', `/contacts/${id}`, { language: 'no language' })).toMatchObject({ status: 422 });
  });

  it('opts out and in, once each', async () => {
    const { id } = (await create('+972501000003')).body;
    const first = (await dana.call<ContactDetail>('POST', `/contacts/${id}/opt-out`)).body;
    expect(first).toMatchObject({ opted_out_at: expect.any(String), opt_out_source: 'person' });
    const again = (await dana.call<ContactDetail>('POST', `/contacts/${id}/opt-out`)).body;
    expect(again.opted_out_at).toBe(first.opted_out_at);
    expect(await idsOf({ opted_out: 'true' })).toEqual([id]);
    expect(await idsOf({ opted_out: 'false' })).not.toContain(id);
    expect((await dana.call<ContactDetail>('POST', `/contacts/${id}/opt-in`)).body.opted_out_at).toBeNull();
  });
});

describe('the days of a contact', () => {
  type Refused = { errors: { pointer: string; detail: string }[] };
  const set = (id: string, days: readonly object[], by = dana) =>
    by.call<ContactDetail & Refused>('PUT', `/contacts/${id}/days`, { days });

  it('are set whole, told of and written down', async () => {
    const { id } = (await create('+972501000020')).body;
    const birthday = { name: 'birthday', month: 2, day: 29 };
    const { body } = await set(id, [
      { ...birthday, year: 1996 },
      { name: 'Opening', month: 1, day: 31 },
    ]);
    expect(body.days).toEqual([
      { name: 'Opening', month: 1, day: 31, year: null },
      { name: 'birthday', month: 2, day: 29, year: 1996 },
    ]);
    expect(await told(id, 'contact.updated')).toBe(1);
    const { rows } = await admin.query(
      `select changes from private.audit_logs where target_id = $1 and action = 'contact.days_set'`,
      [id],
    );
    expect(rows).toEqual([{ changes: { days: { from: [], to: ['Opening --01-31', 'birthday 1996-02-29'] } } }]);
    expect((await set(id, [{ ...birthday, name: 'Birthday' }])).body.days).toEqual([
      { name: 'Birthday', month: 2, day: 29, year: null },
    ]);
    expect((await set(id, [])).body.days).toEqual([]);
  });

  it('keep what they are while their date is the same', async () => {
    const { id } = (await create('+972501000021')).body;
    const ids = async () =>
      (await admin.query<{ id: string }>('select id from contact_days where contact_id = $1 order by key', [id])).rows;
    const opening = { name: 'opening', month: 5, day: 1, year: 2020 };
    await set(id, [{ name: 'birthday', month: 3, day: 5 }, opening]);
    const before = await ids();
    await set(id, [
      { name: 'BIRTHDAY', month: 3, day: 5 },
      { ...opening, year: 2021 },
    ]);
    const after = await ids();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
  });

  it.each([
    ['31 February', { month: 2, day: 31 }, '#/days/0/day', 'This month has 29 days at most.'],
    ['29 February of a common year', { month: 2, day: 29, year: 1900 }, '#/days/0/day', '1900 had no 29 February.'],
    ['a 13th month', { month: 13, day: 1 }, '#/days/0/month', expect.any(String)],
  ])('are refused with words: %s', async (_, date, pointer, detail) => {
    const { id } = (await create('+972501000022')).body;
    const refused = await set(id ?? (await list({ search: '501000022' })).items[0]?.id, [{ name: 'x', ...date }]);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer, detail }] } });
  });

  it('have a name each, of which those in use are offered', async () => {
    const [a, b] = [(await create('+972501000023')).body.id, (await create('+972501000024')).body.id];
    const named = (name: string) => ({ name, month: 3, day: 5 });
    expect(await set(a, [named('Opening'), named('opening')])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/days', detail: 'Give each day a name of its own.' }] },
    });
    await set(a, [named('Opening day'), named('Name day')]);
    await set(b, [named('opening day')]);
    const names = async (by: TestPerson) =>
      (await by.call<ContactDayNamePage>('GET', '/contact-days')).body.items.filter(({ name }) => name.endsWith('day'));
    expect((await names(dana)).map((one) => [one.name.toLowerCase(), one.contact_count])).toContainEqual([
      'opening day',
      2,
    ]);
    expect(await names(omar)).toEqual([]);
  });

  it('go with their contact', async () => {
    const { id } = (await create('+972501000025')).body;
    await set(id, [{ name: 'birthday', month: 3, day: 5 }]);
    await admin.query('delete from private.contact_evidence where contact_id = $1', [id]);
    await admin.query('delete from contacts where id = $1', [id]);
    expect((await admin.query('select from contact_days where contact_id = $1', [id])).rowCount).toBe(0);
  });
});

describe('two contacts', () => {
  it('are merged by hand and parted again, under either id, with their conversations', async () => {
    const [a, b] = [(await create('+972501000004', { name: 'A' })).body.id, (await create('+972501000005')).body.id];
    for (const to of ['+972501000004', '+972501000005'])
      await dana.call('POST', '/messages/send', { type: 'text', session_id: shop, to, text: to });
    const of = async (id: string) => (await look(id)).conversations.map((one) => one.id);
    const [chatA, chatB] = [await of(a), await of(b)];
    const merged = (await dana.call<ContactDetail>('POST', `/contacts/${a}/merge`, { with: b })).body;
    expect(merged).toMatchObject({
      id: a,
      merges: [{ phone_number: '+972501000005', source: 'person', merged_by: dana.email }],
    });
    expect(merged.addresses.map((one) => one.phone_number)).toEqual(['+972501000004', '+972501000005']);
    expect(await look(b)).toEqual(merged);
    expect(await dana.call('GET', `/conversations/${chatB[0]}`)).toMatchObject({ body: { id: chatA[0] } });
    const said = async (chat: string | undefined) =>
      (await dana.call<{ items: { text: string }[] }>('GET', `/messages?conversation_id=${chat}`)).body.items.length;
    expect(await said(chatB[0])).toBe(2);
    expect(await idsOf({ search: '501000005' })).toEqual([a]);
    expect(await dana.call('POST', `/contacts/${b}/merge`, { with: a })).toMatchObject({
      status: 409,
      body: { code: 'contacts_already_one' },
    });
    const undo = `/contacts/merges/${merged.merges[0]?.id}/undo`;
    expect(await dana.call('POST', undo)).toMatchObject({ status: 200, body: { id: a, merges: [] } });
    expect(await dana.call('POST', undo)).toMatchObject({ status: 404, body: { code: 'contact_merge_not_found' } });
    expect([await of(a), await of(b)]).toEqual([chatA, chatB]);
    expect([await said(chatA[0]), await said(chatB[0])]).toEqual([1, 1]);
    expect(await told(a, 'contact.merged')).toBe(2);
  });
});

describe('tags and lists', () => {
  it('sort contacts, whichever case a tag is written in', async () => {
    const [a, b] = [(await create('+972501000006')).body.id, (await create('+972501000007')).body.id];
    await dana.call('PUT', `/contacts/${a}/tags`, { tags: ['VIP', 'Wholesale'] });
    await dana.call('PUT', `/contacts/${b}/tags`, { tags: ['vip', 'vip'] });
    const tags = async () => (await dana.call<TagPage>('GET', '/contact-tags')).body.items;
    expect(await tags()).toMatchObject([
      { name: 'VIP', contact_count: 2 },
      { name: 'Wholesale', contact_count: 1 },
    ]);
    const [vip, wholesale] = await tags();
    expect(await idsOf({ tag_id: vip?.id ?? '' })).toEqual([b, a]);
    expect(await dana.call('PATCH', `/contact-tags/${vip?.id}`, { name: 'wholesale' })).toMatchObject({
      status: 409,
      body: { code: 'name_taken' },
    });
    expect(await dana.call('PATCH', `/contact-tags/${vip?.id}`, { name: 'vip' })).toMatchObject({ status: 200 });
    expect((await dana.call('DELETE', `/contact-tags/${wholesale?.id}`)).status).toBe(204);
    expect((await look(a)).tags).toMatchObject([{ name: 'vip' }]);
  });

  it('keep lists by hand', async () => {
    const [a, b] = [(await create('+972501000008')).body.id, (await create('+972501000009')).body.id];
    const made = (await dana.call<ContactListView>('POST', '/contact-lists', { name: 'Newsletter' })).body;
    expect(await dana.call('POST', '/contact-lists', { name: 'newsletter' })).toMatchObject({ status: 409 });
    const change = (body: object) => dana.call<ContactListView>('PATCH', `/contact-lists/${made.id}/contacts`, body);
    const theirs = (await create('+972501000010', {}, omar)).body.id;
    expect((await change({ add: [a, b, b, newId(), theirs] })).body.contact_count).toBe(2);
    expect(await idsOf({ list_id: made.id })).toEqual([b, a]);
    expect((await change({ remove: [a] })).body.contact_count).toBe(1);
    expect((await look(b)).lists).toEqual([{ id: made.id, name: 'Newsletter' }]);
    await dana.call('PATCH', `/contact-lists/${made.id}`, { name: 'News' });
    expect((await dana.call('DELETE', `/contact-lists/${made.id}`)).status).toBe(204);
    expect((await look(b)).lists).toEqual([]);
  });
});

it('the list goes on over its pages, and is searched by name and number', async () => {
  const person = await api.signUpOwner('Gil', 'Third');
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1)
    ids.push((await create(`+97250200000${n}`, { name: n % 2 === 0 ? `Even ${n}` : `Odd 100%` }, person)).body.id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ContactPage = await list({ limit: '2', ...(cursor ? { cursor } : {}) }, person);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor);
  expect(seen).toEqual(ids.toReversed());
  expect((await list({ search: 'even' }, person)).items).toHaveLength(3);
  expect((await list({ search: '%' }, person)).items).toHaveLength(2);
  expect((await list({ search: '050-2000003' }, person)).items).toMatchObject([{ phone_number: '+972502000003' }]);
});

describe('a check of numbers', () => {
  const check = (body: object) => dana.call<NumberCheckResult & Problem>('POST', '/contacts/check', body);

  it('answers what is known, and leaves the rest for when the number is connected', async () => {
    const away = await aSession(admin, OrganizationId.parse(dana.organization), { state: 'disconnected' });
    const known = (phone: string, canonical: string | null, days: number) =>
      admin.query(
        `insert into private.number_checks (organization_id, phone_number, canonical, checked_at) values ($1, $2, $3, now() - $4 * interval '1 day')`,
        [dana.organization, phone, canonical, days],
      );
    await known('+5511987654321', '+551187654321', 29);
    await known('+972503000001', null, 6);
    await known('+972503000002', '+972503000002', 31);
    await known('+972503000003', null, 8);
    const phone_numbers = ['+55 11 98765-4321', '+972503000001', '+972503000002', '+972503000003', '+972503000003'];
    const { status, body } = await check({ session_id: away, phone_numbers });
    expect(status).toBe(200);
    expect(body.items).toEqual([
      { phone_number: '+5511987654321', on_whatsapp: 'true', canonical: '+551187654321' },
      { phone_number: '+972503000001', on_whatsapp: 'false', canonical: null },
      { phone_number: '+972503000002', on_whatsapp: 'unknown', canonical: null },
      { phone_number: '+972503000003', on_whatsapp: 'unknown', canonical: null },
    ]);
    const { rowCount } = await admin.query(
      'select from private.number_check_requests where session_id = $1 and phone_number like $2',
      [away, '+97250300000%'],
    );
    expect(rowCount).toBe(2);
  });

  it('has what is typed find the contact that WhatsApp means', async () => {
    const { id } = (await create('+5511987654321')).body;
    expect(await look(id)).toMatchObject({ phone_number: '+551187654321', addresses: [{}, { kind: 'written_form' }] });
    const opened = await dana.call('POST', '/conversations', { session_id: shop, to: '+5511987654321' });
    expect(opened.body).toMatchObject({ contact: { id, phone_number: '+551187654321' } });
  });

  it('is refused without a number, and for too many', async () => {
    expect(await check({ phone_numbers: [] })).toMatchObject({ status: 422 });
    expect(await check({ session_id: newId(), phone_numbers: ['+972503000001'] })).toMatchObject({ status: 404 });
  });
});

describe('who may', () => {
  const CONTROLLERS = [ContactsController, ContactDaysController, ContactTagsController, ContactListsController];
  it.each([
    ['owner', false],
    ['agent', false],
    ['viewer', true],
  ] as const)('the %s is refused what changes something: %s', async (role, refused) => {
    const person = await api.hire(dana, role);
    for (const controller of CONTROLLERS) {
      const changing = routesIn(controller).filter(({ method }) => method !== 'get');
      expect(await refusedTo(person, controller)).toEqual(refused ? changing.map(({ handler }) => handler) : []);
    }
  });

  it('nobody of another organization: its contacts are not there', async () => {
    const theirs = (await create('+972504000001', {}, omar)).body.id;
    expect(await dana.call('PUT', `/contacts/${theirs}/tags`, { tags: [] })).toMatchObject({ status: 404 });
    expect(await dana.call('PUT', `/contacts/${theirs}/days`, { days: [] })).toMatchObject({ status: 404 });
    expect(await dana.call('POST', `/contacts/${theirs}/merge`, { with: theirs })).toMatchObject({ status: 404 });
    const bare = routesIn(ContactsController).filter(
      ({ path }) => path.includes('{id}') && !/(tags|days|merge)$/.test(path),
    );
    for (const route of bare)
      expect({ route: route.handler, status: (await callRoute(dana, route, theirs)).status }).toEqual({
        route: route.handler,
        status: 404,
      });
    const mine = (await create('+972504000002')).body.id;
    expect(await dana.call('POST', `/contacts/${mine}/merge`, { with: theirs })).toMatchObject({ status: 404 });
  });
});
