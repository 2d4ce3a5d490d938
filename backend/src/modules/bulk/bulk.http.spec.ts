import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { JobView } from '../jobs/jobs.dto.ts';
import type { MessagePage } from '../messages/messages.dto.ts';
import type { BulkAccepted } from './bulk.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
let organization: OrganizationId;
let session: string;
beforeAll(async () => {
  api = await startApi({ LOG_LEVEL: 'silent' });
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  organization = OrganizationId.parse(dana.organization);
  session = await aSession(api.database.admin, organization, { is_default: true });
});
afterAll(() => api.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const phone = (n: number): string => `+9725${String(10_000_000 + n)}`;
const texts = (count: number) => Array.from({ length: count }, (_, n) => ({ to: phone(n), text: `message ${n}` }));
const send = (body: object, headers: Record<string, string> = {}, by = dana) =>
  by.call<BulkAccepted & { code: string; errors: { pointer: string }[] }>('POST', '/messages/send-bulk', body, headers);
const job = async (id: string) => (await dana.call<JobView>('GET', `/jobs/${id}`)).body;
const order = (id: string, what: string, by = dana) =>
  by.call<JobView & { code?: string }>('POST', `/jobs/${id}/${what}`);
const rows = async <R extends pg.QueryResultRow>(sql: string, ...values: unknown[]) =>
  (await api.database.admin.query<R>(sql, values)).rows;
const countOf = async (table: string) =>
  Number(
    (await rows<{ n: string }>(`select count(*) as n from ${table} where organization_id = $1`, organization))[0]?.n,
  );

/** The statements of the transaction that made a job. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const byClient = new Map<unknown, string[]>();
  const found: string[][] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the client that was meant
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [given] = args;
    const text = typeof given === 'string' ? given : String((given as { text?: string }).text);
    if (text.startsWith('begin')) byClient.set(this, []);
    const statements = byClient.get(this);
    statements?.push(text);
    if (text === 'commit' && statements?.some((one) => one.startsWith('insert into jobs'))) found.push(statements);
    return query.apply(this, args);
  });
  await work();
  expect(found).toHaveLength(1);
  return found[0] ?? [];
}

describe('many messages', () => {
  it('are accepted as a whole, in their order, each with what it came of', async () => {
    const template = await aTemplate(api.database.admin, organization, { body: 'Hello {{name}}' });
    const { status, body } = await send({
      name: 'Friday',
      priority: 7,
      messages: [
        { to: '+972501000001', text: 'first', related_type: 'order', related_id: '1' },
        { to: '+972501000002', template_id: template, parameters: { name: '*Omar*' } },
        { to: '+972501000001', text: 'third' },
      ],
    });
    expect({ status, body }).toMatchObject({ status: 202, body: { session_id: session, total: 3 } });
    const { items } = (await dana.call<MessagePage>('GET', `/messages?job_id=${body.job_id}`)).body;
    expect(items.toReversed()).toMatchObject([
      { text: 'first', trigger: 'bulk', related_type: 'order', related_id: '1', template_id: null, priority: 7 },
      { text: 'Hello ∗Omar∗', template_id: template, template_parameters: { name: '*Omar*' } },
      { text: 'third', job_id: body.job_id, status: 'queued', conversation_id: items[2]?.conversation_id },
    ]);
    const queue = await rows<{ text: string }>(
      'select m.text from private.outbox o join messages m on m.id = o.message_id where m.job_id = $1 order by o.priority, o.sequence',
      body.job_id,
    );
    expect(queue.map(({ text }) => text)).toEqual(['first', 'Hello ∗Omar∗', 'third']);
    expect(await job(body.job_id)).toMatchObject({ name: 'Friday', state: 'running', total: 3, counts: { queued: 3 } });
    expect((await dana.call('GET', `/templates/${template}`)).body).toMatchObject({ use_count: 2 });
    const [newest] = await rows<{ text: string }>(
      `select m.text from conversations v join messages m on m.id = v.last_message_id where v.id = $1`,
      items[0]?.conversation_id,
    );
    expect(newest?.text).toBe('third');
    expect(
      await rows(
        `select from private.facts where type = 'message.created' and subject = any ($1)`,
        items.map(({ id }) => id),
      ),
    ).toHaveLength(3);
  });

  it('are none when one of them is wrong, and every fault is named by its place', async () => {
    const template = await aTemplate(api.database.admin, organization);
    const before = [await countOf('messages'), await countOf('contacts'), await countOf('jobs')];
    const shape = await send({
      messages: [{ to: phone(1), text: 'a' }, { to: '12', text: 'a' }, { to: phone(2) }, { to: phone(3), text: '' }],
    });
    expect(shape.status).toBe(422);
    expect(shape.body.errors.map(({ pointer }) => pointer)).toEqual([
      '#/messages/1/to',
      '#/messages/2/text',
      '#/messages/3/text',
    ]);
    const filling = await send({
      messages: [
        { to: phone(1), text: 'a' },
        { to: phone(2), template_id: template, parameters: { hour: '9' } },
        { to: phone(3), template_id: newId() },
      ],
    });
    expect(filling.status).toBe(422);
    expect(filling.body.errors.map(({ pointer }) => pointer)).toEqual([
      '#/messages/1/parameters/customer_name',
      '#/messages/2/template_id',
    ]);
    expect((await send({ messages: texts(10_001) })).status).toBe(422);
    expect([await countOf('messages'), await countOf('contacts'), await countOf('jobs')]).toEqual(before);
  });

  it('take as many statements for ten thousand as for a hundred', async () => {
    const few = await statementsOf(() => send({ messages: texts(100) }));
    jest.restoreAllMocks();
    const many = await statementsOf(async () => {
      expect((await send({ messages: texts(10_000) })).status).toBe(202);
    });
    expect(many).toEqual(few);
    expect(many.length).toBeLessThan(15);
  }, 60_000);

  it('are accepted once under one key, however often and wherever they are asked for', async () => {
    const before = await countOf('messages');
    const key = { 'idempotency-key': randomUUID() };
    const body = { messages: texts(50) };
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(body, key)));
    expect(new Set(answers.map(({ body: { job_id: id } }) => id)).size).toBe(1);
    expect(await send({ messages: texts(51) }, key)).toMatchObject({ body: { code: 'idempotency_key_reused' } });
    expect(await countOf('messages')).toBe(before + 50);
  });

  it('to the same people at the same time wait for each other, and are all accepted', async () => {
    const people = texts(300);
    const answers = await Promise.all(
      [people, people.toReversed(), people.toReversed(), people].map((messages) => send({ messages })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  });

  it('are for those who may send to many, and leave from a number and by a template of their own', async () => {
    const agent = await api.hire(dana, 'agent');
    expect(await send({ messages: texts(1) }, {}, agent)).toMatchObject({ status: 403 });
    const theirs = await aTemplate(api.database.admin, OrganizationId.parse(omar.organization));
    const message = { to: phone(1), template_id: theirs, parameters: { customer_name: 'a', hour: '9' } };
    expect((await send({ messages: [message] })).body.errors).toMatchObject([{ pointer: '#/messages/0/template_id' }]);
    expect(await send({ session_id: session, messages: texts(1) }, {}, omar)).toMatchObject({ status: 404 });
  });
});

describe('a job', () => {
  const start = async (count: number, over: object = {}) =>
    (await send({ messages: texts(count), ...over })).body.job_id;
  const queueOf = (id: string) =>
    rows<{ send_after: string; claimed_epoch: string | null }>(
      `select o.send_after::text, o.claimed_epoch from private.outbox o join messages m on m.id = o.message_id where m.job_id = $1 order by o.sequence`,
      id,
    );
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

  it('is paused but for what a node has begun to send, and says so at each message', async () => {
    const id = await start(2_500);
    await rows(
      `update private.outbox set claimed_epoch = 3 where message_id in (select id from messages where job_id = $1 order by id limit 10)`,
      id,
    );
    expect(await order(id, 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } });
    const queue = await queueOf(id);
    expect(queue.map(({ send_after }) => send_after)).toEqual([
      ...Array.from({ length: 10 }, () => '-infinity'),
      ...Array.from({ length: 2_490 }, () => 'infinity'),
    ]);
    const { items } = (await dana.call<MessagePage>('GET', `/messages?job_id=${id}&limit=1`)).body;
    expect(items).toMatchObject([{ status: 'queued', waiting_for: 'paused' }]);
    expect((await order(id, 'pause')).status).toBe(200);
    expect(await order(id, 'resume')).toMatchObject({ status: 200, body: { state: 'running' } });
    expect((await queueOf(id)).filter(({ send_after }) => send_after !== '-infinity')).toEqual([]);
  });

  it('goes back to its time when it is resumed before that, and leaves when it is resumed after', async () => {
    const scheduled_at = hour(1);
    const id = await start(3, { scheduled_at });
    await order(id, 'pause');
    await order(id, 'resume');
    expect((await queueOf(id)).map(({ send_after }) => new Date(send_after).toISOString())).toEqual(
      Array.from({ length: 3 }, () => scheduled_at),
    );
    await order(id, 'pause');
    await rows(`update messages set scheduled_at = now() - interval '1 s' where job_id = $1`, id);
    expect((await order(id, 'resume')).body.counts).toMatchObject({ pending: 0, queued: 3 });
    expect(new Set((await queueOf(id)).map(({ send_after }) => send_after))).toEqual(new Set(['-infinity']));
  });

  it('is cancelled but for what a node has begun to send, for good', async () => {
    const id = await start(20);
    await rows(
      `update private.outbox set claimed_epoch = 3 where message_id in (select id from messages where job_id = $1 order by id limit 5)`,
      id,
    );
    expect((await order(id, 'cancel')).body).toMatchObject({
      state: 'cancelled',
      counts: { cancelled: 15, queued: 5 },
    });
    expect(await order(id, 'resume')).toMatchObject({ status: 409, body: { code: 'job_not_resumable' } });
    // What the node gives back is cancelled as well.
    await rows(
      `update private.outbox set claimed_epoch = null where message_id in (select id from messages where job_id = $1)`,
      id,
    );
    await until('the rest to be cancelled', async () => (await job(id)).counts.cancelled === 20);
  });

  it('sends what failed again, and only that, under the ids that it had', async () => {
    const id = await start(6);
    await rows(
      `with failed as (update messages set status = 'failed', error_code = 'expired', failed_at = now()
         where id in (select id from messages where job_id = $1 order by id limit 4) returning id)
       delete from private.outbox where message_id in (select id from failed)`,
      id,
    );
    const ids = async () =>
      (
        await rows<{ w: string }>('select whatsapp_message_id as w from messages where job_id = $1 order by id', id)
      ).map(({ w }) => w);
    const before = await ids();
    expect((await job(id)).counts).toMatchObject({ failed: 4, queued: 2 });
    const answers = await Promise.all([order(id, 'retry-failed'), order(id, 'retry-failed')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await job(id)).counts).toMatchObject({ failed: 0, queued: 6 });
    expect(await queueOf(id)).toHaveLength(6);
    expect(await ids()).toEqual(before);
    const begin = `select new_chat from private.outbox where message_id in (select id from messages where job_id = $1)`;
    expect(await rows(begin, id)).toEqual(Array.from({ length: 6 }, () => ({ new_chat: 2 })));
    expect(await order(id, 'retry-failed')).toMatchObject({ status: 409, body: { code: 'job_nothing_failed' } });
  });

  it('that is paused has a message that is sent again by hand wait with the others', async () => {
    const id = await start(3);
    await order(id, 'pause');
    await until('them to be paused', async () =>
      (await queueOf(id)).every(({ send_after }) => send_after === 'infinity'),
    );
    const [one] = await rows<{ id: string }>(
      `with failed as (update messages set status = 'failed', failed_at = now()
         where id in (select id from messages where job_id = $1 order by id limit 1) returning id),
       gone as (delete from private.outbox where message_id in (select id from failed))
       select id from failed`,
      id,
    );
    expect((await dana.call('POST', `/messages/${one?.id}/retry`)).status).toBe(200);
    expect((await queueOf(id)).map(({ send_after }) => send_after)).toEqual(['infinity', 'infinity', 'infinity']);
  });

  it('follows what was decided when the node that was asked died before its messages did', async () => {
    const id = await start(5);
    await rows(`update jobs set state = 'paused', applied = false, count_after = now() where id = $1`, id);
    await until('them to be paused', async () =>
      (await queueOf(id)).every(({ send_after }) => send_after === 'infinity'),
    );
    await rows(`update jobs set state = 'running', applied = false, count_after = now() where id = $1`, id);
    await until('them to go on', async () => (await queueOf(id)).every(({ send_after }) => send_after === '-infinity'));
    expect((await job(id)).state).toBe('running');
  });

  it('that is turned back and forth at two nodes ends as it was asked last', async () => {
    const id = await start(3_000);
    const other = await api.anotherNode();
    const there = Object.assign(Object.create(Object.getPrototypeOf(dana) as object) as TestPerson, dana, {
      url: other.url,
    });
    const orders = ['pause', 'resume', 'pause', 'resume', 'pause'];
    await Promise.all(orders.map((what, n) => order(id, what, n % 2 ? there : dana)));
    const { state } = await job(id);
    const wanted = state === 'paused' ? 'infinity' : '-infinity';
    await until('all to have followed', async () => (await queueOf(id)).every((row) => row.send_after === wanted));
    expect(await queueOf(id)).toHaveLength(3_000);
  }, 30_000);

  it('is completed when nothing of it waits any more', async () => {
    const id = await start(2);
    await rows(`delete from private.outbox where message_id in (select id from messages where job_id = $1)`, id);
    await rows(`update messages set status = 'sent', sent_at = now() where job_id = $1`, id);
    await until('it to be completed', async () => (await job(id)).state === 'completed');
    expect(await job(id)).toMatchObject({ counts: { sent: 2 }, finished_at: expect.any(String) });
    expect((await dana.call('GET', `/jobs?state=completed&limit=1`)).body['items']).toMatchObject([
      { id, counts: { sent: 2, queued: 0 } },
    ]);
  });

  it('tells what became of each message as a file', async () => {
    const id = await start(1_200);
    const response = await fetch(`${api.url}/api/jobs/${id}/report`, {
      headers: { authorization: `Bearer ${dana.token}`, 'x-org-id': organization },
    });
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1_201);
    expect(lines[1]).toContain(`'${phone(0)},,queued,,,,,,message 0,`);
    expect(lines[1_200]).toContain('message 1199');
  });

  it('of another organization is not there', async () => {
    const id = await start(1);
    for (const what of ['pause', 'resume', 'cancel', 'retry-failed'])
      expect(await order(id, what, omar)).toMatchObject({ status: 404, body: { code: 'job_not_found' } });
    for (const path of [`/jobs/${id}`, `/jobs/${id}/report`]) expect((await omar.call('GET', path)).status).toBe(404);
    expect((await omar.call('GET', `/messages?job_id=${id}`)).body['items']).toEqual([]);
    expect((await job(id)).state).toBe('running');
  });
});
