import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { startApi, type TestApi } from '../../testing/start-api.ts';

const ME = '203.0.113.5';
const opened: Server[] = [];
let api: TestApi;

afterEach(async () => {
  for (const server of opened.splice(0)) server.close();
  await api.close();
});

/** A real proxy; `rewrite` says what it makes of the headers that it got. */
async function proxy(to: string, rewrite: (headers: IncomingHttpHeaders) => IncomingHttpHeaders): Promise<string> {
  const server = createServer((request, response) => {
    const onwards = ask(`${to}${request.url}`, { method: request.method, headers: rewrite(request.headers) });
    onwards.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    request.pipe(onwards);
  });
  opened.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As nginx does with `$proxy_add_x_forwarded_for`. */
const adding = (peer: string) => (headers: IncomingHttpHeaders) => ({
  ...headers,
  'x-forwarded-for': [headers['x-forwarded-for'], peer].filter(Boolean).join(', '),
});

/** Twelve requests without credentials, each under another forged address; ten are allowed to one. */
async function forge(url: string, headers: (n: number) => Record<string, string>): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1) statuses.push((await fetch(`${url}/api/me`, { headers: headers(n) })).status);
  return statuses;
}
const counted = [...Array.from({ length: 10 }, () => 401), 429, 429];
const forged = (n: number) => ({
  'x-forwarded-for': `198.51.100.${n}`,
  'x-real-ip': `198.51.100.${n}`,
  'fly-client-ip': `198.51.100.${n}`,
  'true-client-ip': `198.51.100.${n}`,
});

async function start(env: Record<string, string>): Promise<string> {
  api = await startApi({ RATE_LIMIT_FACTOR: '0.1', ...env });
  return api.url;
}

it('is what the outer of two proxies saw, whatever the caller says of himself', async () => {
  const inner = await proxy(await start({}), adding('10.0.0.7'));
  expect(await forge(await proxy(inner, adding(ME)), forged)).toEqual(counted);
  const neighbour = await proxy(inner, adding('203.0.113.6'));
  expect((await fetch(`${neighbour}/api/me`)).status).toBe(401);
});

it('is the header that the host overwrites: Railway, whose edge stands last in X-Forwarded-For and changes', async () => {
  let edge = 0;
  const railway = await proxy(await start({ RAILWAY_PROJECT_ID: 'p' }), (headers) => ({
    ...headers,
    'x-real-ip': ME,
    'x-forwarded-for': `${ME}, 152.233.33.${(edge += 1)}`,
  }));
  expect(await forge(railway, forged)).toEqual(counted);
});

it('is the header that the host overwrites: Fly, where the own address of the app stands last for everybody', async () => {
  const url = await start({ FLY_APP_NAME: 'wasel' });
  const fly = (client: string) =>
    proxy(url, (headers) => ({ ...adding('66.241.124.1')(adding(client)(headers)), 'fly-client-ip': client }));
  expect(await forge(await fly(ME), forged)).toEqual(counted);
  expect((await fetch(`${await fly('203.0.113.6')}/api/me`)).status).toBe(401);
});

it('is the header that the host overwrites: Render, behind Cloudflare', async () => {
  const url = await start({ RENDER: 'true' });
  const render = (client: string) =>
    proxy(url, (headers) => ({
      ...adding('10.19.6.53')(adding('172.70.247.28')(adding(client)(headers))),
      'true-client-ip': client,
    }));
  expect(await forge(await render(ME), forged)).toEqual(counted);
  expect((await fetch(`${await render('203.0.113.6')}/api/me`)).status).toBe(401);
});

it('is the connection itself for whoever is no trusted proxy', async () => {
  const url = await start({ TRUSTED_PROXIES: '192.0.2.0/24', CLIENT_ADDRESS_HEADER: 'X-Real-IP' });
  expect(await forge(url, forged)).toEqual(counted);
});
