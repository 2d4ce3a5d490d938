import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { BroadcastDesk } from '../../testing/broadcast-desk.ts';
import { aPhoneNumber, aSession } from '../../testing/factories.ts';
import { insert } from '../../testing/insert.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import type { TestApi, TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { ImportView } from '../imports/imports.dto.ts';
import type { MessagePage } from '../messages/messages.dto.ts';
import type { BroadcastPage, BroadcastView } from './broadcasts.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
let organization: OrganizationId;
let session: string;
let preview: BroadcastDesk['preview'];
let launch: BroadcastDesk['launch'];
let get: BroadcastDesk['get'];
let recipients: BroadcastDesk['recipients'];
let rows: BroadcastDesk['rows'];
let contact: BroadcastDesk['contact'];
let aGroup: BroadcastDesk['group'];
beforeAll(async () => {
  const desk = await BroadcastDesk.start();
  ({ api, dana, omar, organization, session } = desk);
  ({ preview, launch, get, recipients, rows, contact, group: aGroup } = desk);
});
afterAll(() => api.close());

const HELLO = { type: 'text', text: 'Hello {{name}}' };
const countOf = async (table: string) =>
  (await rows<{ n: number }>(`select count(*)::int as n from ${table} where organization_id = $1`, organization))[0]?.n;

describe('a broadcast', () => {
  it('says to each of them what is his own, and remembers whom it left out', async () => {
    const maya = await contact({ name: 'Maya Levi' });
    const nameless = await contact();
    const gone = await contact({ name: 'Noa', opted_out_at: new Date(), opt_out_source: 'person' });
    const { status, body } = await launch({
      audience: { contact_ids: [maya.id, nameless.id, gone.id], phone_numbers: [maya.phone] },
      content: { type: 'text', text: '{Dear|Dear} {{first_name}}' },
    });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: {
        name: 'Friday',
        state: 'running',
        total: 1,
        counts: { queued: 1 },
        replied: 0,
        duplicates: 1,
        excluded: [
          { exclusion: 'missing_variable', count: 1 },
          { exclusion: 'opted_out', count: 1 },
        ],
        numbers: [{ session_id: session, total: 1 }],
      },
    });
    expect(await recipients(body.id)).toMatchObject([
      { contact_id: maya.id, name: 'Maya Levi', exclusion: null, message: { text: 'Dear Maya', status: 'queued' } },
      { contact_id: nameless.id, exclusion: 'missing_variable', detail: 'first_name', message: null },
      { contact_id: gone.id, exclusion: 'opted_out', message: null },
    ]);
    const { items } = (await dana.call<MessagePage>('GET', `/messages?job_id=${body.id}`)).body;
    expect(items).toMatchObject([{ trigger: 'broadcast', related_type: 'broadcast', related_id: body.id }]);
    const { body: log } = await dana.call<AuditPage>('GET', `/audit-logs?target_id=${body.id}`);
    expect(log.items).toMatchObject([{ action: 'broadcast.launched', changes: { messages: { to: 1 } } }]);
  });

  it('is what its preview says, which writes nothing', async () => {
    const [own, both, phone] = [aPhoneNumber(), aPhoneNumber(), aPhoneNumber()];
    await aSession(api.database.admin, organization, { phone_number: own });
    const known = await contact({ name: 'Known' });
    const jids = [
      await aGroup([
        { phone_number: own },
        { phone_number: both, lid: '111' },
        { phone_number: known.phone },
        { lid: '222' },
      ]),
      await aGroup([{ lid: '111', role: 'admin' }, { phone_number: phone, role: null }, { lid: '222' }]),
    ];
    const request = {
      audience: { groups: { jids }, phone_numbers: [both] },
      content: { type: 'text', text: 'We sing.' },
    };
    const before = [await countOf('contacts'), await countOf('messages'), await countOf('broadcast_recipients')];
    const { body: seen } = await preview(request);
    expect([await countOf('contacts'), await countOf('messages'), await countOf('broadcast_recipients')]).toEqual(
      before,
    );
    expect(seen).toMatchObject({
      recipients: 3,
      duplicates: 3,
      excluded: [
        { exclusion: 'own_number', count: 1, people: [{ phone_number: own }] },
        { exclusion: 'left_group', count: 1, people: [{ phone_number: phone }] },
      ],
      samples: [{ text: 'We sing.' }, { text: 'We sing.' }, { text: 'We sing.' }],
      new_chats: 3,
      uses: { messages: 3 },
      refusals: [],
    });
    const { status, body } = await launch({ ...request, expected: seen.recipients });
    expect({ status, total: body.total, duplicates: body.duplicates }).toEqual({
      status: 202,
      total: 3,
      duplicates: 3,
    });
    expect(await countOf('contacts')).toBe((before[0] ?? 0) + 2);
    expect(
      await rows('select phone_number, lid from contacts where lid = any ($1) order by lid', ['111', '222']),
    ).toEqual([
      { phone_number: both, lid: '111' },
      { phone_number: null, lid: '222' },
    ]);
    const other = await launch({ ...request, expected: 4 });
    expect(other).toMatchObject({ status: 409, body: { code: 'broadcast_changed', recipients: 3 } });
  });

  it('goes to the people of one group by its path, admins alone where they are asked for', async () => {
    const [admin, member] = [aPhoneNumber(), aPhoneNumber()];
    const jid = await aGroup([{ phone_number: admin, role: 'admin' }, { phone_number: member }]);
    const body = { name: 'To the choir', session_id: session, content: { type: 'text', text: 'In {{group}}' } };
    const to = (path: string, said: object) => dana.call<BroadcastView>('POST', `/groups/${path}/broadcast`, said);
    const all = (await to(jid, body)).body;
    expect(await recipients(all.id)).toMatchObject([
      { message: { text: 'In Choir' } },
      { message: { text: 'In Choir' } },
    ]);
    const admins = (await to(jid, { ...body, admins_only: true })).body;
    expect((await recipients(admins.id)).map(({ phone_number: phone }) => phone)).toEqual([admin]);
    expect(admins.audience).toEqual({ groups: { jids: [jid], admins_only: true } });
    await to(jid, body);
    expect(await to('120363999999999999@g.us', body)).toMatchObject({ status: 404, body: { code: 'group_not_found' } });
  });

  it('takes those of a group who are contacts, or who are none', async () => {
    const known = await contact({ name: 'Known' });
    const jid = await aGroup([{ phone_number: known.phone }, { phone_number: aPhoneNumber() }, { lid: newDigits() }]);
    const count = async (contacts: string) =>
      (await preview({ audience: { groups: { jids: [jid], contacts } }, content: HELLO, variables: { name: 'you' } }))
        .body.recipients;
    expect([await count('only'), await count('not')]).toEqual([1, 2]);
  });

  it('takes people by tag, by list and all of them', async () => {
    const [tagged, listed] = [await contact({ name: 'Tagged' }), await contact({ name: 'Listed' })];
    const admin = api.database.admin;
    const of = { organization_id: organization };
    const tag = await insert(admin, 'tags', { ...of, id: newId(), name: newId() });
    await insert(admin, 'contact_tags', { ...of, contact_id: tagged.id, tag_id: tag.id });
    const list = await insert(admin, 'contact_lists', { ...of, id: newId(), name: newId() });
    for (const one of [tagged, listed])
      await insert(admin, 'contact_list_members', { ...of, list_id: list.id, contact_id: one.id });
    const content = { type: 'text', text: 'Hello' };
    const { body } = await preview({ audience: { tag_ids: [tag.id], list_ids: [list.id] }, content });
    expect(body).toMatchObject({ recipients: 2, duplicates: 1 });
    const everybody = await preview({ audience: { everybody: true, list_ids: [list.id] }, content });
    expect(everybody.body.recipients + sumOf(everybody.body.excluded)).toBe(
      (await rows('select from contacts where organization_id = $1 and merged_into is null', organization)).length,
    );
    const missing = await preview({ audience: { tag_ids: [newId()] }, content });
    expect(missing).toMatchObject({ status: 404, body: { code: 'tag_not_found' } });
  });

  it('takes the people of a file with the values of their rows', async () => {
    const [one, two] = [aPhoneNumber(), aPhoneNumber()];
    const form = new FormData();
    const file = `who,town\n${one},Haifa\nnobody,Jaffa\n${two},\n${one},Akko\n`;
    form.append('file', new Blob([file]), 'people.csv');
    const { id } = (await dana.call<ImportView>('POST', '/imports', form)).body;
    const audience = { import: { import_id: id, phone_column: 0, variables: { town: 1 } } };
    const { body } = await launch({ audience, content: { type: 'text', text: 'See you in {{town}}.' } });
    expect(body).toMatchObject({ total: 1, duplicates: 1 });
    expect(await recipients(body.id)).toMatchObject([
      { phone_number: one, message: { text: 'See you in Haifa.' } },
      { phone_number: two, exclusion: 'missing_variable', detail: 'town' },
      { phone_number: null, exclusion: 'no_address', detail: '3' },
    ]);
    const filled = await preview({
      audience,
      content: { type: 'text', text: 'See you in {{town}}.' },
      variables: { town: 'town' },
    });
    expect(filled.body.samples.map(({ text }) => text)).toEqual(['See you in Haifa.', 'See you in town.']);
  });

  it('fills a template in, and counts its use', async () => {
    const template = await aTemplate(api.database.admin, organization, { body: 'Hello {{name}}, {a|b}' });
    const maya = await contact({ name: '*Maya*' });
    const { body } = await launch({
      audience: { contact_ids: [maya.id] },
      content: { type: 'template', template_id: template },
    });
    expect(await recipients(body.id)).toMatchObject([{ message: { text: 'Hello ∗Maya∗, {a|b}' } }]);
    expect(await rows('select use_count from template_uses where template_id = $1', template)).toEqual([
      { use_count: '2' },
    ]);
  });
});

const newDigits = (): string => String(Math.floor(Math.random() * 1e14));
const sumOf = (groups: readonly { count: number }[]): number => groups.reduce((sum, { count }) => sum + count, 0);

describe('what is refused', () => {
  const content = { type: 'text', text: 'Hello' };

  it('has a reason in the preview, and leaves nothing behind when it is launched', async () => {
    const unlinked = await aSession(api.database.admin, organization, { phone_number: null, state: 'disconnected' });
    const own = aPhoneNumber();
    await aSession(api.database.admin, organization, { phone_number: own });
    const shy = await aSession(api.database.admin, organization, { new_chats_per_day: 0 });
    const slow = await aSession(api.database.admin, organization, { new_chats_per_day: 1 });
    // Three: with one a day the last of them is written to a day from now or later, however near midnight is.
    const audience = { phone_numbers: [aPhoneNumber(), aPhoneNumber(), aPhoneNumber()] };
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const cases = [
      [{ audience: { phone_numbers: [own] }, content }, 'no_recipients'],
      [{ audience, content, session_ids: [unlinked] }, 'session_not_linked'],
      [{ audience, content, session_ids: [shy] }, 'new_chats_not_allowed'],
      [{ audience, content, session_ids: [slow], expires_at }, 'expires_before_sent'],
    ] as const;
    const before = [await countOf('jobs'), await countOf('contacts'), await countOf('messages')];
    for (const [request, refusal] of cases) {
      expect({ refusal, of: (await preview(request)).body.refusals }).toMatchObject({ refusal, of: [{ refusal }] });
      expect(await launch(request)).toMatchObject({
        status: 409,
        body: { code: 'broadcast_refused', refusals: [{ refusal }] },
      });
    }
    expect([await countOf('jobs'), await countOf('contacts'), await countOf('messages')]).toEqual(before);
  });

  it('is a text that cannot be understood, at its field', async () => {
    const { status, body } = await preview({
      audience: { everybody: true },
      content: { type: 'text', text: '{hello|}' },
    });
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/content/text' }] } });
  });

  it('is an audience that names nobody', async () => {
    expect((await preview({ audience: {}, content })).status).toBe(422);
  });
});

describe('the same request again', () => {
  it('is answered with the same broadcast, and sends nothing twice', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const body = { audience: { phone_numbers: [aPhoneNumber()] }, content: { type: 'text', text: 'Once' } };
    const [first, second] = await Promise.all([launch(body, headers), launch(body, headers)]);
    expect(second.body.id).toBe(first.body.id);
    expect(await rows('select from messages where job_id = $1', first.body.id)).toHaveLength(1);
  });
});

describe('several numbers', () => {
  it('share it: each on the number that he spoke with last, the others evenly', async () => {
    const [one, two] = [
      await aSession(api.database.admin, organization),
      await aSession(api.database.admin, organization),
    ];
    const friend = await contact();
    const admin = api.database.admin;
    const said = { organization_id: organization, contact_id: friend.id, last_message_id: newId() };
    await insert(admin, 'conversations', { ...said, id: newId(), session_id: one, last_message_at: '2026-01-01' });
    await insert(admin, 'conversations', {
      ...said,
      id: newId(),
      session_id: two,
      last_message_at: '2026-02-01',
      established: true,
    });
    const strangers = Array.from({ length: 6 }, aPhoneNumber);
    const { body } = await launch({
      audience: { contact_ids: [friend.id], phone_numbers: strangers },
      content: { type: 'text', text: 'Hello' },
      session_ids: [one, two],
    });
    const found = await recipients(body.id);
    expect(found.find((row) => row.contact_id === friend.id)?.message?.session_id).toBe(two);
    const others = found.filter((row) => row.contact_id !== friend.id);
    for (const id of [one, two]) expect(others.filter((row) => row.message?.session_id === id)).toHaveLength(3);
    expect(Object.fromEntries(body.numbers.map(({ session_id: id, total }) => [id, total]))).toEqual({
      [one]: 3,
      [two]: 4,
    });
    expect(await rows('select session_id from jobs where id = $1', body.id)).toEqual([{ session_id: null }]);
  });
});

describe('another organization', () => {
  it('sees nothing of it, and cannot mean its people, groups or numbers', async () => {
    const maya = await contact();
    const jid = await aGroup([{ phone_number: aPhoneNumber() }]);
    const content = { type: 'text', text: 'Hello' };
    const { id } = (await launch({ audience: { contact_ids: [maya.id] }, content })).body;
    await aSession(api.database.admin, OrganizationId.parse(omar.organization), { is_default: true });
    expect((await omar.call<BroadcastPage>('GET', '/broadcasts')).body.items).toEqual([]);
    for (const path of ['', '/recipients', '/export'])
      expect((await omar.request('GET', `/broadcasts/${id}${path}`)).status).toBe(404);
    for (const what of ['pause', 'resume', 'cancel', 'retry-failed'])
      expect((await omar.call('POST', `/broadcasts/${id}/${what}`)).status).toBe(404);
    expect((await preview({ audience: { contact_ids: [maya.id] }, content }, omar)).status).toBe(404);
    expect((await preview({ audience: { groups: { jids: [jid] } }, content }, omar)).status).toBe(404);
    expect((await preview({ audience: { everybody: true }, content, session_ids: [session] }, omar)).status).toBe(404);
    expect((await get(id)).state).toBe('running');
  });
});
