import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { newId } from '../../kernel/ids.ts';
import type { Problem } from '../../kernel/problem.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { aSession } from '../../testing/factories.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import type { MessagePage, MessageView, SendAccepted } from './messages.dto.ts';

let api: TestApi;
let admin: Client;
/** An owner, his number, and the owner of another organization with a number of his own. */
let dana: TestPerson;
let session: string;
let rival: TestPerson;
let foreign: string;

beforeAll(async () => {
  api = await startApi();
  admin = new Client({ connectionString: api.database.adminUrl });
  await admin.connect();
  dana = await (await api.signUp('Dana')).found();
  rival = await (await api.signUp('Omar')).found('Rival');
  const numberOf = ({ organization }: TestPerson) =>
    aSession(admin, OrganizationId.parse(organization), { is_default: true });
  session = await numberOf(dana);
  foreign = await numberOf(rival);
});
afterAll(async () => {
  await admin.end();
  await api.close();
});

const aNumber = () => `+9725${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;

const send = (over: Record<string, unknown> = {}, headers: Record<string, string> = {}, as = dana) =>
  as.call<SendAccepted & Pick<Problem, 'code'>>(
    'POST',
    '/messages/send',
    { type: 'text', session_id: session, to: '+972501234567', text: 'hello', ...over },
    headers,
  );

const rowsWith = async (text: string) =>
  (await admin.query('select from messages m join private.outbox o on o.message_id = m.id where m.text = $1', [text]))
    .rowCount;

describe('a send', () => {
  it('is committed, queued and told of when it is accepted', async () => {
    const text = randomUUID();
    const { status, body } = await send({ text });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'queued', session_id: session });
    expect(body.whatsapp_message_id).toMatch(/^3EB0[0-9A-F]{18}$/);
    expect(await rowsWith(text)).toBe(1);
    const { rowCount } = await admin.query(
      `select from private.facts where type = 'message.created' and subject = $1 and organization_id = $2`,
      [body.message_id, dana.organization],
    );
    expect(rowCount).toBe(1);
  });

  it('leaves from the default number when it names none', async () => {
    expect((await send({ session_id: undefined })).body.session_id).toBe(session);
  });

  it('is one, and answered alike, however often it is repeated with its key', async () => {
    const text = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    const first = await send({ text }, key);
    const again = await Promise.all(Array.from({ length: 10 }, () => send({ text }, key)));
    expect(again.map(({ status, body }) => [status, body])).toEqual(again.map(() => [202, first.body]));
    expect(await rowsWith(text)).toBe(1);
  });

  it('is one when ten arrive with one key at once', async () => {
    const text = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ text }, key)));
    expect(new Set(answers.map(({ body }) => body.message_id)).size).toBe(1);
    expect(await rowsWith(text)).toBe(1);
  });

  it('is refused with a key that stood for something else, and may use another tenant’s key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    expect((await send({ text: 'one' }, key)).status).toBe(202);
    const other = await send({ text: 'two' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await send({ text: 'one', session_id: foreign }, key, rival)).status).toBe(202);
  });

  it.each([
    ['an empty text', { text: '' }, '#/text'],
    ['a text that WhatsApp does not take', { text: 'x'.repeat(65_537) }, '#/text'],
    ['a number without its country', { to: '0501234567' }, '#/to'],
    ['no number', { to: 'Dana' }, '#/to'],
    ['an unknown type', { type: 'hologram' }, '#/type'],
    ['an id that is none', { session_id: 'first' }, '#/session_id'],
    ['a picture without a file', { type: 'image' }, '#/media_id'],
  ])('is refused by name: %s', async (_, over, pointer) => {
    const { status, body, headers } = await send(over);
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([422, 'application/problem+json']);
    expect(body).toMatchObject({ code: 'request_invalid', errors: [{ pointer }] });
  });

  it.each([
    ['unknown', () => newId(), 'session_not_found'],
    ['another tenant’s', () => foreign, 'session_not_found'],
  ])('finds no number that is %s', async (_, id, code) => {
    expect(await send({ session_id: id() })).toMatchObject({ status: 404, body: { code } });
  });

  it('needs a number that is linked', async () => {
    const id = await aSession(admin, OrganizationId.parse(dana.organization), { phone_number: null });
    const { status, body } = await send({ session_id: id });
    expect([status, body.code]).toEqual([409, 'session_not_linked']);
  });

  it('needs somebody who may write', async () => {
    const headers = { 'content-type': 'application/json' };
    const nobody = await fetch(`${api.url}/api/messages/send`, { method: 'POST', headers, body: '{}' });
    expect(nobody.status).toBe(401);
    await admin.query(`update memberships set role = 'viewer' where organization_id = $1`, [dana.organization]);
    try {
      expect(await send()).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
      expect((await dana.call('GET', '/messages')).status).toBe(200);
    } finally {
      await admin.query(`update memberships set role = 'owner' where organization_id = $1`, [dana.organization]);
    }
  });
});

describe('a message', () => {
  it('is taken back while it waits, once, and never another tenant’s', async () => {
    const text = randomUUID();
    const { message_id: id } = (await send({ text })).body;
    expect((await rival.call('POST', `/messages/${id}/cancel`)).status).toBe(404);
    expect((await rival.call('GET', `/messages/${id}`)).status).toBe(404);
    expect(await dana.call('POST', `/messages/${id}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await rowsWith(text)).toBe(0);
    expect((await dana.call('POST', `/messages/${id}/cancel`)).status).toBe(409);
  });

  it('is sent again after it failed, under the same id, and only then', async () => {
    const text = randomUUID();
    const { message_id: id, whatsapp_message_id: whatsappId } = (await send({ text })).body;
    expect((await dana.call('POST', `/messages/${id}/retry`)).status).toBe(409);
    await admin.query(`update messages set status = 'failed', error_code = 'send_failed' where id = $1`, [id]);
    await admin.query('delete from private.outbox where message_id = $1', [id]);
    expect(await dana.call<MessageView>('POST', `/messages/${id}/retry`)).toMatchObject({
      status: 200,
      body: { status: 'queued', error_code: null, whatsapp_message_id: whatsappId },
    });
    expect(await rowsWith(text)).toBe(1);
  });
});

async function pageOf(conversation: string, cursor: string | null): Promise<MessagePage> {
  const query = new URLSearchParams({ conversation_id: conversation, limit: '3', ...(cursor ? { cursor } : {}) });
  return (await dana.call<MessagePage>('GET', `/messages?${query.toString()}`)).body;
}

describe('the list of messages', () => {
  it('is whole and without repetition page by page, while more are written', async () => {
    const to = aNumber();
    const wanted: string[] = [];
    for (let n = 0; n < 7; n += 1) wanted.push((await send({ to, text: `page ${n}` })).body.message_id);
    const conversation = (await dana.call<MessageView>('GET', `/messages/${wanted[0]}`)).body.conversation_id;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: MessagePage = await pageOf(conversation, cursor);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
      await send({ to, text: 'meanwhile' });
    } while (cursor);
    expect(seen).toEqual(wanted.toReversed());
  });

  it('shows nothing of another tenant', async () => {
    await send();
    const { body } = await rival.call<MessagePage>('GET', `/messages?session_id=${session}`);
    expect(body.items).toEqual([]);
  });

  it.each(['garbage', 'eyJpZCI6IjEifQ', ''.padEnd(3000, 'A')])('refuses a cursor that is none: %#', async (cursor) => {
    const { status, body } = await dana.call<Problem>('GET', `/messages?cursor=${cursor}`);
    expect([status, body.code]).toEqual([422, 'request_invalid']);
  });
});
