import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';
import type { ConversationPage } from '../conversations/conversations.dto.ts';
import type { MessagePage, MessageView, SendAccepted } from './messages.dto.ts';
import { TEXT_MAX } from './send-message.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;
let theirSession: string;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
  theirSession = await aSession(admin, OrganizationId.parse(omar.organization), { is_default: true });
});
afterAll(() => api.close());

const message = { type: 'text', to: '+972501234567', text: 'Hello' };
const send = (over: object = {}, headers: Record<string, string> = {}, by = dana) =>
  by.call<SendAccepted & { code?: string }>('POST', '/messages/send', { ...message, ...over }, headers);
const accepted = async (over: object = {}) => (await send(over)).body;
const countOf = async (table: string) =>
  Number(
    (await admin.query(`select count(*) from ${table} where organization_id = $1`, [dana.organization])).rows[0].count,
  );

describe('a send', () => {
  it('is accepted when the message and its place in the queue are committed', async () => {
    const { status, body } = await send({ to: '+972 50-123 4567' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'queued', whatsapp_message_id: expect.stringMatching(/^3EB0[0-9A-F]{18}$/) });
    const { rows } = await admin.query(
      `select m.*, c.phone_number, v.last_message_id, o.claimed_epoch, o.attempts
         from messages m join conversations v on v.id = m.conversation_id join contacts c on c.id = v.contact_id
         join private.outbox o on o.message_id = m.id where m.id = $1`,
      [body.message_id],
    );
    expect(rows).toEqual([
      expect.objectContaining({
        organization_id: dana.organization,
        session_id: body.session_id,
        conversation_id: body.conversation_id,
        direction: 'outbound',
        type: 'text',
        text: 'Hello',
        status: 'queued',
        whatsapp_message_id: body.whatsapp_message_id,
        phone_number: '+972501234567',
        last_message_id: body.message_id,
        claimed_epoch: null,
        attempts: 0,
      }),
    ]);
    expect((await dana.call('GET', `/messages/${body.message_id}`)).body).toMatchObject({
      id: body.message_id,
      text: 'Hello',
      status: 'queued',
      sent_at: null,
    });
  });

  it('is done once for ten equal requests under one key at the same time, and all hear the same', async () => {
    const before = [await countOf('messages'), await countOf('private.outbox')];
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({}, key)));
    answers.push(await send({}, key));
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: answers[0]?.body });
    expect([await countOf('messages'), await countOf('private.outbox')]).toEqual(before.map((count) => count + 1));
  });

  it('is refused by name under the key of another, and the key of another organization is not known here', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await send({}, key);
    expect(await send({ text: 'Bye' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    const theirs = await send({}, key, omar);
    expect(theirs.status).toBe(202);
    expect(theirs.body.message_id).not.toBe(first.body.message_id);
  });

  it.each([
    ['an empty text', { text: '' }, '/text'],
    ['a text that is too long', { text: 'a'.repeat(TEXT_MAX + 1) }, '/text'],
    ['a number without country code', { to: '0501234567' }, '/to'],
    ['what is no number', { to: 'Dana' }, '/to'],
    ['what is no session', { session_id: 'front-desk' }, '/session_id'],
    ['a type that cannot be sent', { type: 'unsupported' }, '/type'],
  ])('refuses %s by field, and keeps nothing', async (_, over, pointer) => {
    const before = await countOf('messages');
    expect(await send(over)).toMatchObject({
      status: 422,
      body: { errors: [expect.objectContaining({ pointer: expect.stringContaining(pointer) })] },
    });
    expect(await countOf('messages')).toBe(before);
  });

  it('takes a text of the greatest length', async () => {
    expect((await send({ text: 'ש'.repeat(TEXT_MAX) })).status).toBe(202);
  });

  it('leaves from no number that is unknown, of somebody else, deleted, or not linked', async () => {
    const organization = OrganizationId.parse(dana.organization);
    const deleted = await aSession(admin, organization, { deleted_at: new Date() });
    const unlinked = await aSession(admin, organization, { phone_number: null, state: 'disconnected' });
    for (const session_id of [newId(), theirSession, deleted])
      expect(await send({ session_id })).toMatchObject({
        status: 404,
        body: { code: 'session_not_found', session_id },
      });
    expect(await send({ session_id: unlinked })).toMatchObject({ status: 409, body: { code: 'session_not_linked' } });
    const nobody = await api.signUpOwner('Tal', 'Empty');
    expect(await send({}, {}, nobody)).toMatchObject({ status: 422, body: { code: 'session_required' } });
  });

  it('is for those who may send, who are signed in', async () => {
    const viewer = await api.hire(dana, 'viewer');
    const { message_id } = await accepted();
    expect(await viewer.call('GET', `/messages/${message_id}`)).toMatchObject({ status: 200 });
    for (const path of ['send', `${message_id}/cancel`, `${message_id}/retry`])
      expect(await viewer.call('POST', `/messages/${path}`, message)).toMatchObject({
        status: 403,
        body: { code: 'not_permitted', action: 'messages:send' },
      });
    const stranger = new TestPerson(api.url, '', '');
    stranger.organization = dana.organization;
    expect((await send({}, {}, stranger)).status).toBe(401);
  });
});

describe('a message', () => {
  const act = (id: string, action: 'cancel' | 'retry', by = dana) =>
    by.call<MessageView & { code?: string }>('POST', `/messages/${id}/${action}`);
  const queued = async (id: string) =>
    (await admin.query('select from private.outbox where message_id = $1', [id])).rowCount;
  const toldOf = async (id: string) =>
    (
      await admin.query<{ status: string }>(
        `select payload ->> 'status' as status from private.facts where subject = $1 and type = 'message.status' order by xid, id`,
        [id],
      )
    ).rows.map(({ status }) => status);

  it('is taken back while no node has begun to send it, once', async () => {
    const { message_id: id } = await accepted();
    expect(await act(id, 'cancel')).toMatchObject({ status: 200, body: { id, status: 'cancelled' } });
    expect(await queued(id)).toBe(0);
    expect(await act(id, 'cancel')).toMatchObject({ status: 409, body: { code: 'message_not_cancellable' } });
    expect(await act(id, 'retry')).toMatchObject({ status: 409, body: { code: 'message_not_retryable' } });
    expect(await toldOf(id)).toEqual(['cancelled']);
  });

  it('is no longer taken back once a node has begun to send it', async () => {
    const { message_id: id } = await accepted();
    await admin.query(`update private.outbox set claimed_epoch = 1 where message_id = $1`, [id]);
    expect(await act(id, 'cancel')).toMatchObject({ status: 409, body: { code: 'message_not_cancellable' } });
    expect(await queued(id)).toBe(1);
    expect(await toldOf(id)).toEqual([]);
  });

  it('goes again when it failed, under the same WhatsApp id, once', async () => {
    const { message_id: id, whatsapp_message_id } = await accepted();
    expect(await act(id, 'retry')).toMatchObject({ status: 409, body: { code: 'message_not_retryable' } });
    await admin.query('delete from private.outbox where message_id = $1', [id]);
    await admin.query(
      `update messages set status = 'failed', error_code = 'expired', failed_at = now(), expires_at = now() where id = $1`,
      [id],
    );
    const answers = await Promise.all([act(id, 'retry'), act(id, 'retry')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await dana.call('GET', `/messages/${id}`)).body).toMatchObject({
      status: 'queued',
      error_code: null,
      failed_at: null,
      whatsapp_message_id,
    });
    expect(await queued(id)).toBe(1);
    expect(await toldOf(id)).toEqual(['queued']);
  });

  it('of another organization is not there', async () => {
    const { message_id: id } = await accepted();
    for (const answer of [
      await act(id, 'cancel', omar),
      await act(id, 'retry', omar),
      await omar.call('GET', `/messages/${id}`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
    expect(await queued(id)).toBe(1);
  });
});

describe('the pages of a list', () => {
  type AnyPage = { items: { id: string }[]; next_cursor: string | null };
  /** Reads all pages; `meanwhile` happens after each. */
  async function readAll(path: string, meanwhile: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body }: { body: AnyPage } = await dana.call<AnyPage>('GET', `${path}&limit=3${from}`);
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.next_cursor;
      await meanwhile();
    }
    return seen;
  }

  it('are complete and repeat nothing, while new messages arrive', async () => {
    const sent: SendAccepted[] = [];
    for (let n = 0; n < 9; n += 1) sent.push(await accepted({ to: '+972501110000', text: `message ${n}` }));
    const path = `/messages?conversation_id=${sent[0]?.conversation_id}`;
    const seen = await readAll(path, () => send({ to: '+972501110000', text: 'new' }));
    expect(seen).toEqual(sent.map(({ message_id }) => message_id).toReversed());
  });

  it('are complete and repeat nothing, while new conversations begin', async () => {
    const session_id = await aSession(admin, OrganizationId.parse(dana.organization));
    const sent: SendAccepted[] = [];
    for (let n = 0; n < 9; n += 1) sent.push(await accepted({ session_id, to: `+97250222000${n}` }));
    // Several in the same instant: their order is that of their ids.
    await admin.query(
      `update conversations v set last_message_at = t.at from (select min(last_message_at) as at from conversations where session_id = $1) t where v.session_id = $1`,
      [session_id],
    );
    let fresh = 0;
    const seen = await readAll(`/conversations?session_id=${session_id}`, () =>
      send({ session_id, to: `+97250333000${fresh++}` }),
    );
    const begun = sent.map(({ conversation_id }) => conversation_id);
    expect(seen).toEqual(begun.toSorted((a, b) => b.localeCompare(a)));
  });

  it('go on only from a cursor of their own organization and list', async () => {
    for (const text of ['one', 'two']) await send({ text, to: '+972504440001' }, {}, omar);
    await send({ to: '+972504440002' }, {}, omar);
    const cursorOf = async (path: string) =>
      (await omar.call<MessagePage | ConversationPage>('GET', `${path}?limit=1`)).body.next_cursor;
    const [theirMessages, theirConversations] = [await cursorOf('/messages'), await cursorOf('/conversations')];
    expect([theirMessages, theirConversations]).toEqual([expect.any(String), expect.any(String)]);
    const refused = [
      ['/messages', theirMessages],
      ['/conversations', theirConversations],
      ['/messages', 'garbage'],
      ['/conversations', 'garbage'],
      ['/messages', Buffer.from('["1 or 1=1"]').toString('base64url')],
    ];
    for (const [path, cursor] of refused) {
      const { status, headers, body } = await dana.call('GET', `${path}?cursor=${cursor}`);
      expect({ path, cursor, status }).toEqual({ path, cursor, status: 422 });
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({ errors: [{ pointer: expect.stringContaining('cursor') }] });
    }
    expect((await omar.call('GET', `/messages?cursor=${theirConversations}`)).status).toBe(422);
    expect((await omar.call('GET', `/messages?cursor=${theirMessages}`)).status).toBe(200);
  });
});
