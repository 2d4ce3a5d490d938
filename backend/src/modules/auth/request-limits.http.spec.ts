import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrganizationId } from '../../kernel/ids.ts';
import { anApiKey } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';

/** Everybody has an address of his own here, as a proxy before us would say it. */
let api: TestApi;
let other: TestNode;
let dana: TestPerson;
let addresses = 0;

beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_FACTOR: '1' });
  other = await api.anotherNode();
  dana = await api.signUpOwner('Dana');
});
afterAll(() => api.close());

const anAddress = (): string => `203.0.113.${++addresses}`;
const nodes = () => [api.url, other.url];

type Answer = { status: number; headers: Headers; code: string | undefined; body: Record<string, unknown> };

async function ask(url: string, path: string, address: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}/api${path}`, {
    ...init,
    headers: { 'x-forwarded-for': address, ...(init.headers as Record<string, string>) },
  });
  const text = await response.text();
  const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, code: body['code'] as string | undefined, body };
}

const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const signIn = (url: string, address: string, email: string, password = 'a wrong password') =>
  ask(url, '/auth/sign-in/email', address, json({ email, password }, { origin: url }));

/** Eight at a time, shared out over the nodes: how many of `count` requests got which status. */
async function statuses(
  count: number,
  request: (url: string) => Promise<Answer>,
  at = nodes(),
): Promise<Record<number, number>> {
  const counted: Record<number, number> = {};
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      const { status } = await request(at[sent++ % at.length] as string);
      counted[status] = (counted[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return counted;
}

async function signedUp(): Promise<{ email: string; password: string }> {
  const [email, password] = [`${randomUUID()}@example.com`, randomUUID()];
  const { status } = await ask(
    api.url,
    '/auth/sign-up/email',
    anAddress(),
    json({ email, password, name: 'Omar' }, { origin: api.url }),
  );
  expect(status).toBe(200);
  return { email, password };
}

describe('an address without credentials', () => {
  it.each<[string, (url: string, address: string) => Promise<Answer>, number]>([
    ['a public route', (url, address) => ask(url, '/invitations/preview', address, json({ token: 'x' })), 404],
    ['a bad token', (url, address) => ask(url, '/me', address, { headers: { authorization: 'Bearer x.y.z' } }), 401],
    [
      'a bad key',
      (url, address) => ask(url, '/sessions', address, { headers: { authorization: `Bearer wsl_${'x'.repeat(43)}` } }),
      401,
    ],
    ['the issuer', (url, address) => ask(url, '/auth/jwks', address), 200],
  ])('has a hundred requests in a quarter of an hour at both nodes together: %s', async (_, request, answered) => {
    const address = anAddress();
    expect(await statuses(120, (url) => request(url, address))).toEqual({ [answered]: 100, 429: 20 });
    expect((await request(api.url, anAddress())).status).toBe(answered);
  });

  it('is told when to try again, and what is left before that', async () => {
    const address = anAddress();
    const first = await ask(api.url, '/me', address);
    expect(first.headers.get('ratelimit')).toMatch(/^"unauthenticated";r=99;t=(900|899)$/);
    expect(first.headers.get('ratelimit-policy')).toBe('"unauthenticated";q=100;w=900');
    await statuses(100, (url) => ask(url, '/me', address));
    const { status, headers, body } = await ask(other.url, '/me', address);
    expect(status).toBe(429);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ code: 'rate_limited', type: '/problems/rate_limited', limit: 'unauthenticated' });
    expect(headers.get('retry-after')).toBe(String(body['retry_after_seconds']));
    expect(body['retry_after_seconds']).toBeGreaterThan(880);
  });

  it('of IPv6 is a network, in which everybody has more than could be counted', async () => {
    let n = 0;
    expect(await statuses(110, (url) => ask(url, '/me', `2001:db8:1:2::${(++n).toString(16)}`))).toEqual({
      401: 100,
      429: 10,
    });
  });

  it('keeps nobody there out who has credentials, and none of its own from asking how we are', async () => {
    const address = anAddress();
    await statuses(110, (url) => ask(url, '/me', address));
    const good = { headers: { authorization: `Bearer ${dana.token}` } };
    expect(await ask(api.url, '/me', address, good)).toMatchObject({ status: 200 });
    expect(await statuses(20, (url) => ask(url, '/health', address))).toEqual({ 200: 20 });
  });
});

describe('signing in', () => {
  it('fails five times for an account from one place, and then for a quarter of an hour even with the right password', async () => {
    const { email, password } = await signedUp();
    const address = anAddress();
    expect(await statuses(8, (url) => signIn(url, address, email))).toEqual({ 401: 5, 429: 3 });
    for (const url of nodes()) {
      const { status, body } = await signIn(url, address, ` ${email.toUpperCase()} `, password);
      expect({ status, limit: body['limit'] }).toEqual({ status: 429, limit: 'sign-in' });
    }
    expect((await signIn(api.url, anAddress(), email, password)).status).toBe(200);
  });

  it('with the right password is not counted', async () => {
    const { email, password } = await signedUp();
    const address = anAddress();
    for (let n = 0; n < 8; n++)
      expect((await signIn(nodes()[n % 2] as string, address, email, password)).status).toBe(200);
  });

  it('is not read in another encoding, in which the account would not be seen', async () => {
    const { email, password } = await signedUp();
    const form = new URLSearchParams({ email, password });
    const answer = await ask(api.url, '/auth/sign-in/email', anAddress(), { method: 'POST', body: form });
    expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('takes no body that is larger than an address and a password', async () => {
    const large = await signIn(api.url, anAddress(), `${'x'.repeat(20_000)}@example.com`);
    expect(large).toMatchObject({ status: 413, body: { type: 'about:blank' } });
  });
});

describe('where all limits are a fifth', () => {
  let strict: TestApi;
  let places: string[];

  beforeAll(async () => {
    strict = await startApi({ RATE_LIMIT_FACTOR: '0.2' });
    places = [strict.url, (await strict.anotherNode()).url];
  });
  afterAll(() => strict.close());

  it('a place tries six accounts, and an account is tried twenty times from wherever', async () => {
    const address = anAddress();
    const many = (url: string) => signIn(url, address, `${randomUUID()}@example.com`);
    expect(await statuses(10, many, places)).toEqual({ 401: 6, 429: 4 });
    const email = `${randomUUID()}@example.com`;
    expect(await statuses(25, (url) => signIn(url, anAddress(), email), places)).toEqual({ 401: 20, 429: 5 });
  });

  it('a key has a hundred and twenty requests a minute, and its organization twice as many, whoever of it asks', async () => {
    const owner = await strict.signUpOwner('Omar');
    const organization = OrganizationId.parse(owner.organization);
    const aKey = async () => (await anApiKey(strict.database.admin, organization, ['read'])).token;
    const [shop, desk] = [await aKey(), await aKey()];
    const by = (token: string) => (url: string) =>
      ask(url, '/organizations/current', anAddress(), { headers: { authorization: `Bearer ${token}` } });
    expect(await statuses(130, by(shop), places)).toEqual({ 200: 120, 429: 10 });
    const answer = await by(desk)(strict.url);
    expect(answer.headers.get('ratelimit-policy')).toBe('"organization";q=240;w=60, "key";q=120;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/^"organization";r=\d+;t=\d+, "key";r=119;t=\d+$/);
    expect((await statuses(130, by(desk), places))[200]).toBeLessThan(120);
    expect(await by(owner.token)(String(places[1]))).toMatchObject({ status: 429, body: { limit: 'organization' } });
    const another = await strict.signUpOwner('Noa');
    expect((await another.call('GET', '/organizations/current')).status).toBe(200);
  });
});
