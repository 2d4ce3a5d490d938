import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { ConnectProxy, type ProxyDouble, SocksProxy } from '../../testing/proxy-doubles.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { ProxyRoute } from './whatsapp/proxy.ts';

/** Where the doubles are. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const ACCOUNT = { user: 'acme', password: 's3cret-of-the-proxy' };
let wire: Wire;

beforeAll(async () => {
  wire = await Wire.start({ settings: { OUTGOING_ALLOWED_NETWORKS: LOOPBACK.join() } });
}, 60_000);
afterAll(() => wire.close());

const route = (number: WireNumber, proxy_url: string | null) =>
  wire.api.call('PATCH', `/sessions/${number.session}`, { proxy_url });
const reason = (number: WireNumber, wanted: string) =>
  until(`the number to say ${wanted}`, async () => (await wire.api.session(number.session)).reason === wanted);
const lines = async () => (await wire.phones.stats()).connections;
/** What goes through a proxy goes to the sandbox by these. */
const socketHost = () => new URL(wire.sandbox.trust.waWebSocketUrl).host;
const filesThrough = (proxy: ProxyDouble) => proxy.targets.filter((target) => target !== socketHost());

describe.each([
  ['SOCKS5', () => new SocksProxy(ACCOUNT)],
  ['HTTP CONNECT', () => new ConnectProxy(ACCOUNT)],
] as const)('a number with a proxy of %s', (_, makeProxy) => {
  let proxy: ProxyDouble;
  let number: WireNumber;
  let customer: string;

  beforeAll(async () => {
    proxy = await makeProxy().start();
    [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  }, 60_000);
  afterAll(async () => {
    await proxy.stop();
    await wire.api.call('POST', `/sessions/${number.session}/disconnect`);
    await until('the number to rest', async () => (await wire.api.session(number.session)).state === 'disconnected');
  });

  it('connects through it, sends and receives through it, and does not show its password', async () => {
    const shown = await route(number, proxy.url());
    expect(shown).toMatchObject({ proxy: proxy.url().replace(/\/\/.*@/, '//') });
    await until('the proxy to be asked', () => proxy.targets.includes(socketHost()));
    await wire.connected(number.session);
    await wire.api.send(number.session, `+${customer}`, 'through the proxy');
    await wire.api.waitForText(number.session, 'through the proxy', ['delivered']);

    const log = await wire.api.call('GET', '/audit-logs?limit=100');
    const stored = await wire.app.database.admin.query('select sealed from private.session_proxies');
    for (const said of [shown, log, await wire.api.call('GET', '/sessions'), stored.rows])
      expect(JSON.stringify(said)).not.toContain(ACCOUNT.password);
    expect(Buffer.concat(stored.rows.map(({ sealed }) => sealed as Buffer)).toString('latin1')).not.toContain(
      ACCOUNT.password,
    );
  });

  it('sends and fetches files through it', async () => {
    const media = { kind: 'document', base64: 'cGRm', mimetype: 'application/pdf', fileName: 'letter.pdf' };
    await wire.phones.call('POST', `/phones/${customer}/messages`, { to: number.phone, media });
    await until('the file to be stored', async () =>
      (await wire.api.messages(number.session)).some(({ media_state: state }) => state === 'stored'),
    );
    const fetched = filesThrough(proxy).length;
    expect(fetched).toBe(1);

    const form = new FormData();
    form.append('file', new Blob([Buffer.from('%PDF-1.7 letter')], { type: 'application/pdf' }), 'letter.pdf');
    const headers = { authorization: `Bearer ${wire.api.token}`, 'x-org-id': String(wire.api.organization) };
    const uploaded = await fetch(`${wire.app.url}/api/media/upload`, { method: 'POST', body: form, headers });
    const { id: media_id } = (await uploaded.json()) as { id: string };
    const file = { type: 'document', session_id: number.session, to: `+${customer}`, media_id, caption: 'by post' };
    await wire.api.call('POST', '/messages/send', file);
    await wire.api.waitForText(number.session, 'by post', ['delivered']);
    expect(filesThrough(proxy).length).toBeGreaterThan(fetched);
  });

  it('stays away while the proxy is dead, says so, and comes back with it', async () => {
    const before = await lines();
    await proxy.stop();
    await reason(number, 'proxy_unreachable');
    expect(await lines()).toBe(before - 1);
    await wire.api.send(number.session, `+${customer}`, 'waits for the proxy');
    await proxy.start();
    await wire.connected(number.session);
    await wire.api.waitForText(number.session, 'waits for the proxy', ['delivered']);
  });

  it('stays away while the proxy refuses it, for its password or for where it wants to go', async () => {
    const before = await lines();
    await route(number, proxy.url({ ...ACCOUNT, password: 'wrong' }));
    await reason(number, 'proxy_refused');
    expect(await lines()).toBe(before - 1);
    proxy.refusing = true;
    await route(number, proxy.url());
    await until('the proxy to have refused again', async () => {
      const { state, reason: why, attempts } = await wire.api.session(number.session);
      return state !== 'connected' && why === 'proxy_refused' && attempts > 0;
    });
    expect(await lines()).toBe(before - 1);
    proxy.refusing = false;
    await wire.connected(number.session);
  });

  it('goes its own way again when a person says so', async () => {
    const asked = proxy.targets.length;
    expect(await route(number, null)).toMatchObject({ proxy: null });
    await proxy.stop();
    await wire.api.send(number.session, `+${customer}`, 'without a proxy');
    await wire.api.waitForText(number.session, 'without a proxy', ['delivered']);
    expect(proxy.targets).toHaveLength(asked);
  });
});

it('what is fetched for a number goes through its proxy as well', async () => {
  const proxy = await new SocksProxy(ACCOUNT).start();
  const { dispatcher } = new ProxyRoute(proxy.url(), undefined, LOOPBACK);
  const { port } = new URL(wire.sandbox.url);
  const response = await fetch(`http://localhost:${port}/stats`, { dispatcher });
  expect(response.status).toBe(200);
  expect(proxy.targets).toEqual([`localhost:${port}`]);
  proxy.refusing = true;
  await dispatcher.close();
  const refused = new ProxyRoute(proxy.url(), undefined, LOOPBACK);
  await expect(fetch(`http://localhost:${port}/stats`, { dispatcher: refused.dispatcher })).rejects.toThrow(
    'fetch failed',
  );
  await proxy.stop();
});

it.each([
  ['SOCKS5', () => new SocksProxy()],
  ['HTTP CONNECT', () => new ConnectProxy()],
] as const)('a proxy of %s whose name leads to a private network is not connected to', async (_, makeProxy) => {
  const proxy = await makeProxy().start();
  const { port } = new URL(wire.sandbox.url);
  const url = proxy.url().replace('127.0.0.1', 'localhost');
  const reach = (allowed: readonly string[]) =>
    fetch(`http://localhost:${port}/stats`, { dispatcher: new ProxyRoute(url, undefined, allowed).dispatcher });
  await expect(reach([])).rejects.toThrow('fetch failed');
  expect(proxy.targets).toEqual([]);
  expect((await reach(LOOPBACK)).status).toBe(200);
  await proxy.stop();
});
