import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';

const TOKEN = 'a-token-for-the-scraper';
const DASHBOARD = new URL('../../../../docs/operating/grafana-dashboard.json', import.meta.url);
const GUIDE = new URL('../../../../docs/operating/metrics.md', import.meta.url);

let wire: Wire;
let number: WireNumber;
let customer: string;

beforeAll(async () => {
  wire = await Wire.start({ settings: { METRICS_TOKEN: TOKEN } });
  number = await wire.link();
  customer = await wire.phones.createPhone({ name: 'Customer' });
}, 120_000);
afterAll(() => wire.close());

const ask = (
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  method = 'GET',
): Promise<Response> => fetch(`${wire.app.url}/metrics`, { headers, method });

/** By series, as `name{label="value"}`. */
async function scrape(): Promise<Map<string, number>> {
  const response = await ask();
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('version=0.0.4'),
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Scrapes until a series has the value. */
const series = (name: string, value: number): Promise<boolean> =>
  until(`${name} to be ${value}`, async () => (await scrape()).get(name) === value);

describe('a scrape', () => {
  it('is answered to whoever knows the token, and to nobody else', async () => {
    expect((await ask()).status).toBe(200);
    for (const authorization of ['', TOKEN, 'Bearer ', `Bearer ${TOKEN}x`]) {
      const refused = await ask({ authorization });
      expect([refused.status, await refused.json()]).toEqual([404, expect.objectContaining({ code: 'not_found' })]);
    }
    expect((await ask(undefined, 'POST')).status).toBe(404);
  });

  it('tells what a number does while it chats', async () => {
    await series('wasel_sessions{state="connected"}', 1);
    await wire.api.send(number.session, `+${customer}`, 'are you there?');
    await wire.phones.send(customer, { to: number.phone, text: 'yes' });
    await series('wasel_messages_total{direction="outbound",status="accepted"}', 1);
    await series('wasel_messages_total{direction="outbound",status="sent"}', 1);
    await series('wasel_messages_total{direction="outbound",status="delivered"}', 1);
    await series('wasel_messages_total{direction="inbound",status="received"}', 1);
    await series('wasel_outbox_messages{number="connected"}', 0);
    const now = await scrape();
    expect(now.get('wasel_session_changes_total{state="connected",reason="none"}')).toBe(1);
    expect(now.get('wasel_db_statement_seconds_count{name="session_keys.save"}')).toBeGreaterThan(0);
    expect(now.get('wasel_db_pool_wait_seconds_count{pool="app_tenant"}')).toBeGreaterThan(0);
    expect(now.get('wasel_http_request_seconds_count{method="POST",status="2xx"}')).toBeGreaterThan(0);
    expect(Object.fromEntries(now)).toMatchObject({
      wasel_database_up: 1,
      wasel_node_sessions: 1,
      wasel_node_sessions_connected: 1,
      wasel_sessions_unowned: 0,
      wasel_sessions_silent: 0,
      wasel_inbox_rows: 0,
      wasel_lease_losses_total: 0,
      nodejs_eventloop_lag_p99_seconds: expect.any(Number),
    });
  });

  it('tells how long messages wait, and whether their number could send them', async () => {
    await wire.api.call('POST', `/sessions/${number.session}/disconnect`);
    await series('wasel_sessions{state="connected"}', 0);
    await wire.api.send(number.session, `+${customer}`, 'later');
    await series('wasel_outbox_messages{number="away"}', 1);
    const age = await until('an age', async () => (await scrape()).get('wasel_outbox_oldest_seconds{number="away"}'));
    expect(age).toBeLessThan(60);
    await wire.api.call('POST', `/sessions/${number.session}/connect`);
    await series('wasel_outbox_messages{number="away"}', 0);
    await series('wasel_session_changes_total{state="connected",reason="none"}', 2);
  }, 60_000);

  it('names nobody: no number, no organization, no session, no text', async () => {
    const text = await (await ask()).text();
    for (const word of [
      number.phone,
      customer,
      number.session,
      wire.api.organization ?? '',
      wire.api.email,
      'are you there',
    ])
      expect(text).not.toContain(word);
  });

  it('says that the database is away, instead of failing', async () => {
    const { admin } = wire.app.database;
    const { rows } = await admin.query<{ name: string }>('select current_database() as name');
    await admin.query(`alter database ${rows[0]?.name} connection limit 0`);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'wasel'`,
    );
    const away = await until('the loss to be noticed', async () => {
      const now = await scrape();
      return now.get('wasel_database_up') === 0 && now;
    });
    expect(away.has('wasel_sessions{state="connected"}')).toBe(false);
    await admin.query(`alter database ${rows[0]?.name} connection limit -1`);
    await series('wasel_database_up', 1);
  }, 60_000);
});

describe('what is written about metrics', () => {
  it('is about metrics that there are, and about each of Wasel', async () => {
    const there = new Set([...(await (await ask()).text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
    const inDashboard = readFileSync(DASHBOARD, 'utf8').match(/\b(wasel|nodejs|process)_[a-z0-9_]+/g) ?? [];
    const asked = inDashboard.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...new Set(asked)].filter((name) => !there.has(name))).toEqual([]);
    expect(asked.length).toBeGreaterThan(10);
    const guide = readFileSync(GUIDE, 'utf8');
    expect([...there].filter((name) => name.startsWith('wasel_') && !guide.includes(`\`${name}\``))).toEqual([]);
  });
});
