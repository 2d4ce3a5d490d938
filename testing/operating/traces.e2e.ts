import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { House, type LinkedNumber } from '../house/house.ts';
import { until } from '../until.ts';
import { Collector } from './collector.ts';

type Attribute = { key: string; value: { stringValue?: string; intValue?: number } };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Attribute[];
};
type Batch = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { scope: { name: string }; spans: Span[] }[] }[];
};

let collector: Collector;
let house: House;
let shop: LinkedNumber;
let customer: string;

beforeAll(async () => {
  collector = await Collector.start();
  house = await House.start({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.host}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
      OTEL_RESOURCE_ATTRIBUTES: 'cloud.region=desk',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
  shop = await house.link(await house.register());
  customer = await house.phones.createPhone({ name: 'Customer' });
}, 120_000);
afterAll(async () => {
  await house.stop();
  await collector.close();
});

const batches = (): Batch[] => collector.posted.map(({ body }) => JSON.parse(body) as Batch);
const spans = (): Span[] =>
  batches().flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
const told = ({ attributes }: { attributes: Attribute[] }): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
const spanOf = (what: string, wanted: (span: Span) => boolean) => until(what, async () => spans().find(wanted));

async function chat(words: string): Promise<string> {
  const { message_id: id } = await shop.api.send(shop.session, `+${customer}`, `out ${words}`);
  await house.phones.send(customer, { to: shop.phone, text: `in ${words}` });
  await shop.api.waitForText(shop.session, `out ${words}`, ['delivered', 'read']);
  await shop.api.waitForText(shop.session, `in ${words}`, ['received']);
  return id;
}

it('tells of a message each way, from the request to the statements, with ids and with nothing of what people said', async () => {
  const message = await chat('mulberry');
  const where = { 'wasel.organization.id': shop.api.organization, 'wasel.session.id': shop.session };
  const request = await spanOf('the request', ({ name }) => name === 'POST /api/messages/send');
  expect(told(request)).toMatchObject({ ...where, 'http.request.method': 'POST', 'http.response.status_code': 202 });
  const statement = await spanOf('its statement', (span) => span.parentSpanId === request.spanId);
  expect(statement.traceId).toBe(request.traceId);
  expect(told(statement)).toMatchObject({ 'db.system.name': 'postgresql', 'db.query.text': expect.any(String) });

  const send = await spanOf('the send', (span) => told(span)['wasel.message.id'] === message);
  expect({ name: send.name, ...told(send) }).toMatchObject({ name: 'outbox send', ...where });
  const inbound = await spanOf('what came in', ({ name }) => name === 'inbound messages');
  expect(told(inbound)).toMatchObject(where);
  await spanOf(
    'the statement that stores it',
    (span) =>
      span.parentSpanId === inbound.spanId && String(told(span)['db.query.text']).includes('insert into messages'),
  );
  await spanOf('the acknowledgement', ({ name }) => name === 'acknowledgements');
  await spanOf('the receipt', ({ name }) => name === 'inbound receipts');

  const [batch] = batches();
  expect(told(batch?.resourceSpans[0]?.resource ?? { attributes: [] })).toMatchObject({
    'service.name': 'wasel',
    'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'cloud.region': 'desk',
  });
  const all = collector.posted.map(({ body }) => body).join('\n');
  for (const secret of [shop.phone, customer, 'mulberry', 'Customer', shop.api.email, '@s.whatsapp.net', 'Bearer'])
    expect([secret, all.includes(secret)]).toEqual([secret, false]);
}, 60_000);

it('loses nothing but traces to a collector that refuses, hangs, or is gone', async () => {
  for (const status of [503, undefined]) {
    collector.status = status;
    const before = collector.posted.length;
    await chat(`while it answers ${status}`);
    await until('the collector to have been asked', async () => collector.posted.length > before);
  }
  await until('the node to say so', async () => house.node.output.includes('traces do not reach the collector'));
  expect(house.node.output.match(/traces do not reach the collector/g)).toHaveLength(1);

  const stoppedAt = performance.now();
  await house.node.kill('SIGTERM');
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
}, 120_000);

it('tells what it has before it stops, as protobuf where nothing else is asked for', async () => {
  collector.status = 200;
  collector.posted.length = 0;
  await house.node.start({ OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_EXPORTER_OTLP_PROTOCOL: '' });
  await shop.api.call('GET', '/sessions');
  expect(collector.posted).toEqual([]);
  await house.node.kill('SIGTERM');
  expect(collector.posted.map(({ path, type }) => [path, type])).toEqual([['/v1/traces', 'application/x-protobuf']]);
  expect(collector.posted[0]?.body).toContain('GET /api/sessions');
}, 60_000);
