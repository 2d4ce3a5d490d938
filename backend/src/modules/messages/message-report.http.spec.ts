import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { aMessageHistory } from '../../testing/message-history.ts';
import { startApi, type TestApi, TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { MessageReportPage, MessageSenders, MessageTimeline, ReportedMessage } from './message-report.dto.ts';
import { MessageReportRepository } from './message-report.repository.ts';
import type { MessagePage, SendAccepted } from './messages.dto.ts';

/** Enough for sixty pages of an export. */
const MANY = 30_000;

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;
beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  await aMessageHistory(admin, OrganizationId.parse(dana.organization), MANY);
  await aMessageHistory(admin, OrganizationId.parse(omar.organization), 1_000);
  await aSession(admin, OrganizationId.parse(dana.organization), { is_default: true });
}, 120_000);
afterAll(() => api.close());

const report = async (query: string, by = dana) =>
  (await by.call<MessageReportPage>('GET', `/messages/report?${query}`)).body;
const exported = async (query: string, by = dana) => {
  const response = await by.request('GET', `/messages/export?${query}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const entries = async () =>
  (await dana.call<AuditPage>('GET', '/audit-logs?action=messages.exported')).body.items.map(({ changes }) => changes);
const countOf = async (condition: string): Promise<number> =>
  Number(
    (
      await admin.query(
        `select count(*) from messages where organization_id = $1 and type <> 'reaction' and ${condition}`,
        [dana.organization],
      )
    ).rows[0].count,
  );

describe('the report', () => {
  it('has messages with the names of what they are between', async () => {
    const { items, next_cursor: next } = await report('status=failed&limit=2');
    expect(items).toHaveLength(2);
    expect(next).toEqual(expect.any(String));
    expect(items[0]).toMatchObject({
      direction: 'outbound',
      status: 'failed',
      error_code: 'not_on_whatsapp',
      session: { name: expect.stringMatching(/^Number \d$/) },
      contact: { name: expect.stringMatching(/^Person \d+$/), phone_number: expect.stringMatching(/^\+97250/) },
    });
    const sender = (await dana.call<{ id: string; email: string; name: string }>('GET', '/me')).body;
    await admin.query('update messages set sent_by_user_id = $2 where id = $1', [items[0]?.id, sender.id]);
    expect((await report(`sent_by_user_id=${sender.id}`)).items.map(({ sent_by: by }) => by)).toEqual([
      { type: 'user', id: sender.id, name: 'Dana' },
    ]);
  });

  it('is asked of people and API keys that have sent something, by name', async () => {
    const noa = await api.hire(dana, 'agent', 'Noa');
    const { id, key } = (
      await dana.call<{ id: string; key: string }>('POST', '/api-keys', { name: 'Till', scopes: ['messages:send'] })
    ).body;
    const hello = { type: 'text', to: '+972501234567', text: 'Hello' };
    await noa.call('POST', '/messages/send', hello);
    const sent = await new TestPerson(api.url, '', key).call<SendAccepted>('POST', '/messages/send', hello);
    const senders = async (by: TestPerson) =>
      (await by.call<MessageSenders>('GET', '/messages/senders')).body.items.filter(({ name }) => name !== null);
    expect(await senders(dana)).toEqual([
      { type: 'user', id: expect.any(String), name: 'Dana' },
      { type: 'user', id: await noa.id(), name: 'Noa' },
      { type: 'key', id, name: 'Till' },
    ]);
    expect((await report(`sent_by_key_id=${id}`)).items).toMatchObject([
      { id: sent.body.message_id, sent_by: { type: 'key', id, name: 'Till' } },
    ]);
    expect(await senders(omar)).toEqual([]);
  });

  it('is found by the same filters as the list of messages', async () => {
    const query = 'text=invoice&direction=outbound&limit=100';
    const { items } = (await dana.call<MessagePage>('GET', `/messages?${query}`)).body;
    expect(items.length).toBe(100);
    expect((await report(query)).items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    for (const wrong of ['text=', 'since=yesterday', 'type=letter', 'contact_id=1', 'cursor=none'])
      expect((await dana.call('GET', `/messages/report?${wrong}`)).status).toBe(422);
  });
});

describe('an export', () => {
  it('is everything as CSV, with each column in its place and nothing that a spreadsheet would run', async () => {
    const { id } = (await report('limit=1')).items[0]!;
    await admin.query(`update messages set text = $2 where id = $1`, [id, '=1+1, "quoted"\nand more']);
    const { status, headers, text } = await exported('');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="messages.csv"');
    expect(text).toContain(`"'=1+1, ""quoted""\nand more"`);
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]?.split(',').slice(0, 4)).toEqual(['id', 'time', 'number', 'contact_phone']);
    expect(lines.length - 1).toBe(await countOf('true'));
    expect(new Set(lines.map((line) => line.slice(0, 36))).size).toBe(lines.length);
  }, 60_000);

  it('is one JSON array of the same, and an empty one of nothing', async () => {
    const { headers, text } = await exported('format=json&status=failed');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const messages = JSON.parse(text) as ReportedMessage[];
    expect(messages.length).toBe(await countOf(`status = 'failed'`));
    expect(messages[0]).toEqual((await report('status=failed&limit=1')).items[0]);
    expect(JSON.parse((await exported('format=json&text=zebra')).text)).toEqual([]);
  }, 60_000);

  it('has nothing of another organization, and leaves an entry with what was asked', async () => {
    const theirs = JSON.parse((await exported('format=json', omar)).text) as ReportedMessage[];
    const { rows } = await admin.query<{ id: string }>('select id from messages where organization_id = $1', [
      omar.organization,
    ]);
    const known = new Set(rows.map(({ id }) => id));
    expect(theirs.length).toBeGreaterThan(500);
    expect(theirs.filter(({ id }) => !known.has(id))).toEqual([]);
    await exported('text=invoice&format=json');
    expect((await entries())[0]).toEqual({ format: { to: 'json' }, text: { to: 'invoice' } });
  }, 60_000);

  it('leaves no entry when it is asked for in a way that it does not know', async () => {
    const before = (await entries()).length;
    expect((await exported('format=xlsx')).status).toBe(422);
    expect((await entries()).length).toBe(before);
  });

  it('is read as it is taken, however long it is, and no further when whoever takes it goes away', async () => {
    const pages = await countPages();
    const [request, response] = await open('/messages/export?format=json');
    response.pause();
    await until('nothing to move any more', async () => {
      const before = pages.read;
      await report('limit=1');
      return pages.read === before + 1; // that of the report
    });
    const asked = (await countOf('true')) / 500;
    expect(pages.read).toBeLessThan(asked);
    request.destroy();
    await until('the answer to be over', () => pages.over());
    expect(pages.read).toBeLessThan(asked);
    pages.stop();
  }, 60_000);
});

/** How many pages the application has read. */
async function countPages() {
  const server = api.app.getHttpServer();
  const connections = promisify(server.getConnections.bind(server));
  const before = await connections();
  const reports = api.app.get(MessageReportRepository);
  const page = reports.page.bind(reports);
  const count = { read: 0, under: 0 };
  reports.page = async (...asked) => {
    count.read += 1;
    count.under += 1;
    return page(...asked).finally(() => (count.under -= 1));
  };
  return {
    get read() {
      return count.read;
    },
    over: async () => count.under === 0 && (await connections()) <= before,
    stop: () => (reports.page = page),
  };
}

async function open(path: string): Promise<[ClientRequest, IncomingMessage]> {
  const request = get(`${dana.url}/api${path}`, {
    agent: false,
    headers: { authorization: `Bearer ${dana.token}`, 'x-org-id': dana.organization ?? '' },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  request.on('error', () => undefined);
  return [request, response];
}

describe('the timeline', () => {
  const timeline = async (id: string, by = dana) => by.call<MessageTimeline>('GET', `/messages/${id}/timeline`);
  const steps = async (id: string) => (await timeline(id)).body.items.map(({ step }) => step);
  const send = async (more: object = {}) =>
    (
      await dana.call<SendAccepted>('POST', '/messages/send', {
        type: 'text',
        to: '+972501234567',
        text: 'Hello',
        ...more,
      })
    ).body.message_id;

  it('says when a message was cancelled, by whatever way', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const [one, many] = [await send({ scheduled_at: at }), await send()];
    const { body } = await timeline(one);
    expect(body).toMatchObject({ waiting_for: 'scheduled', waiting_until: at });
    expect(body.items.map(({ step, until: due }) => [step, due])).toEqual([
      ['accepted', null],
      ['scheduled', at],
    ]);
    await dana.call('POST', `/messages/${one}/cancel`);
    expect(await steps(one)).toEqual(['accepted', 'scheduled', 'cancelled']);
    await dana.call('POST', '/messages/cancel-all', {});
    expect(await steps(many)).toEqual(['accepted', 'cancelled']);
    const page = await report('status=cancelled&limit=100');
    expect(page.items.map(({ id }) => id)).toEqual(expect.arrayContaining([one, many]));
    expect(page.items.every(({ cancelled_at: time }) => time !== null)).toBe(true);
  });

  it('says when a message was sent again by hand and by whom, each time, and what it was given up for', async () => {
    const [first, second] = [await send(), await send({ text: 'Hello again' })];
    const giveUp = async () => {
      await admin.query('delete from private.outbox where message_id = any ($1)', [[first, second]]);
      await admin.query(
        `update messages set status = 'failed', error_code = 'expired', failed_at = now() where id = any ($1)`,
        [[first, second]],
      );
    };
    const retriesOf = async (id: string) =>
      (await timeline(id)).body.items.slice(1).map(({ step, error, by }) => [step, error?.code ?? by?.name]);
    await giveUp();
    const shop = { name: 'Shop', scopes: ['messages:send'] };
    const { key } = (await dana.call<{ key: string }>('POST', '/api-keys', shop)).body;
    expect((await new TestPerson(api.url, '', key).call('POST', `/messages/${first}/retry`)).status).toBe(200);
    await dana.call('POST', '/messages/retry-all', {});
    expect(await retriesOf(first)).toEqual([
      ['failed', 'expired'],
      ['retried', 'Shop'],
    ]);
    expect(await retriesOf(second)).toEqual([
      ['failed', 'expired'],
      ['retried', 'Dana'],
    ]);
    await giveUp();
    await dana.call('POST', `/messages/${first}/retry`);
    expect((await retriesOf(first)).map(([, what]) => what)).toEqual(['expired', 'Shop', 'expired', 'Dana']);
  });

  it('of another organization is not there', async () => {
    const { id } = (await report('limit=1')).items[0]!;
    expect((await timeline(id, omar)).status).toBe(404);
  });
});
