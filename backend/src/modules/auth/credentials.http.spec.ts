import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, exportSPKI, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { OrganizationId } from '../../kernel/ids.ts';
import { aMembership, anApiKey, aSuperAdmin } from '../../testing/factories.ts';
import { type Route, routesOf } from '../../testing/routes.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';
import { type SigningKey, TokenIssuer } from '../../testing/token-issuer.ts';
import { AuthGuard } from './auth.guard.ts';
import {
  ACTIONS,
  isOperatorAction,
  may,
  OPERATOR_ACTIONS,
  ROLES,
  type Scope,
  SCOPES,
  scopesAllow,
} from './permissions.ts';
import type { Role } from './permissions.dto.ts';
import type { Requirement } from './requires.decorator.ts';

/** Every route of the application, with whatever somebody may hold out who is not to get in. */

/** Routes that anybody may call, and why. A new one is a mistake until it is reasoned here. */
const PUBLIC: Readonly<Record<string, string>> = {
  'get /api/config': 'which sign-in form to show, before anybody has signed in',
  'get /api/health': 'asked by the host, which has no account',
  'get /api/health/ready': 'as above',
  'post /api/invitations/preview': 'who holds the link of an invitation sees what it is for, before he has signed up',
  'get /api/mailbox': 'open only where nothing is real: with the sandbox, and no mail that leaves',
  'get /api/organizations/{id}/export':
    'carries a signature of its own, so that a browser writes it straight to the disk',
  'get /api/media/{id}/content': 'carries a signature of its own, for a picture on a page cannot carry a token',
  'get /api/media/{id}/thumbnail': 'as above',
};

const issuer = new TokenIssuer();
let key: SigningKey;
let api: TestApi;
let tenant: Tenant;
let routes: Route[];

beforeAll(async () => {
  await issuer.start();
  key = await issuer.key('ES256', 'first');
  api = await startApi({ SUPABASE_URL: issuer.url, SUPABASE_ANON_KEY: 'anon', LOG_LEVEL: 'silent' });
  tenant = await aTenant(api.database.admin);
  routes = routesOf(api.app);
});
afterAll(async () => {
  await api.close();
  await issuer.stop();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const named = ({ method, path }: Route): string => `${method} ${path}`;
const closed = () => routes.filter(({ requirement }) => requirement !== 'public');

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;
const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: `${issuer.url}/auth/v1`,
  aud: 'authenticated',
  sub: tenant.user,
  email: `${tenant.user}@example.com`,
  exp: seconds(3600),
  ...over,
});

const token = (over?: JWTPayload, by = key, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
  new SignJWT(claims(over)).setProtectedHeader({ alg: by.alg, kid: by.kid, ...header }).sign(by.privateKey);
const signedWith = (secret: string): Promise<string> =>
  new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(new TextEncoder().encode(secret));
const apiKey = async (over: Record<string, unknown> = {}): Promise<string> =>
  (await anApiKey(api.database.admin, tenant.organization, SCOPES, over)).token;

/** A key pair of an attacker, under the name of the issuer's, or told of in the token itself. */
const forger = async () => new TokenIssuer().key('ES256', key.kid);

const BAD: readonly [string, () => Promise<string | undefined> | string | undefined][] = [
  ['nothing', () => undefined],
  ['an empty bearer', () => 'Bearer '],
  ['what is no token', () => 'Bearer x.y.z'],
  ['a name and password', () => `Basic ${Buffer.from('dana:secret').toString('base64')}`],
  ['a valid token by another scheme', async () => `Token ${await token()}`],
  ['two valid tokens', async () => `Bearer ${await token()} ${await token()}`],
  ['a token that has expired', async () => `Bearer ${await token({ exp: seconds(-1) })}`],
  ['a token that never expires', async () => `Bearer ${await token({ exp: undefined })}`],
  ['a token that is not valid yet', async () => `Bearer ${await token({ nbf: seconds(600) })}`],
  ['a token for another audience', async () => `Bearer ${await token({ aud: 'somebody' })}`],
  ['a token of another issuer', async () => `Bearer ${await token({ iss: 'https://elsewhere.example/auth/v1' })}`],
  ['a token of our embedded issuer', async () => `Bearer ${await token({ iss: 'wasel' })}`],
  ['a token of nobody', async () => `Bearer ${await token({ sub: undefined })}`],
  ['an unsigned token', () => `Bearer ${new UnsecuredJWT(claims()).encode()}`],
  ['a token without its signature', async () => `Bearer ${(await token()).replace(/[^.]+$/, '')}`],
  [
    'a token signed with the public key as a secret',
    async () => `Bearer ${await signedWith(await exportSPKI(key.publicKey))}`,
  ],
  [
    'a token signed with the public JWK as a secret',
    async () => `Bearer ${await signedWith(JSON.stringify(issuer.published[0]))}`,
  ],
  ['a token signed with nothing as a secret', async () => `Bearer ${await signedWith(' ')}`],
  ['a token of a key by the same name', async () => `Bearer ${await token({}, await forger())}`],
  [
    'a token that brings its own key',
    async () => {
      const mine = await forger();
      return `Bearer ${await token({}, mine, { kid: 'mine', jwk: await exportJWK(mine.publicKey) })}`;
    },
  ],
  ['an API key that was never made', () => `Bearer wsl_${'x'.repeat(43)}`],
  ['an API key that was revoked', async () => `Bearer ${await apiKey({ revoked_at: new Date() })}`],
  ['an API key that has expired', async () => `Bearer ${await apiKey({ expires_at: new Date(Date.now() - 1000) })}`],
  ['an API key without its last character', async () => `Bearer ${(await apiKey()).slice(0, -1)}`],
  ['an API key in capitals', async () => `Bearer ${(await apiKey()).toUpperCase()}`],
];

type Answer = Readonly<{ status: number; code: string | undefined }>;

async function call({ method, path }: Route, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, randomUUID())}`, {
    method: method.toUpperCase(),
    headers: { 'x-org-id': tenant.organization, ...headers },
  });
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  return { status: response.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : undefined };
}

/** Routes that answer otherwise than they should, with what they answered. */
async function answeringOtherwise(
  asked: readonly Route[],
  headers: Record<string, string>,
  expected: (route: Route) => string,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const route of asked) {
    const { status, code } = await call(route, headers);
    if (code !== expected(route)) wrong.push(`${named(route)}: ${status} ${code}, not ${expected(route)}`);
  }
  return wrong;
}

const lettingIn = async (credential: string | undefined): Promise<string[]> =>
  answeringOtherwise(closed(), credential === undefined ? {} : { authorization: credential }, () => 'unauthenticated');

it('is open to anybody where that is reasoned, and nowhere else', () => {
  const open = routes.filter(({ requirement }) => requirement === 'public').map(named);
  expect(open.toSorted()).toEqual(Object.keys(PUBLIC).toSorted());
});

describe('every other route', () => {
  it('knows whose credentials are good', async () => {
    for (const credential of [await token(), await apiKey()]) {
      const { code } = await call(routes.find(({ handler }) => handler === 'SessionsController.list') as Route, {
        authorization: `Bearer ${credential}`,
      });
      expect(code).toBeUndefined();
    }
  });

  it.each(BAD)('turns away who holds out %s', async (_, credential) => {
    expect(await lettingIn(await credential())).toEqual([]);
  });

  it.each(['', `, Bearer x`])('is not opened by credentials in other places', async (suffix) => {
    const good = await token();
    const wrong = await answeringOtherwise(
      closed(),
      { cookie: `token=${good}; access_token=${good}`, 'x-api-key': await apiKey(), authorization: `Bearer${suffix}` },
      () => 'unauthenticated',
    );
    expect(wrong).toEqual([]);
  });
});

/** What stands between a route and who may not do it. */
const refusalOf = (requirement: Requirement | undefined): string =>
  requirement === 'signed-in'
    ? 'person_required'
    : requirement && isOperatorAction(requirement)
      ? 'operator_only'
      : 'not_permitted';

describe('a right that is missing', () => {
  it.each(ROLES)('to a member as %s is refused by every route that asks for it', async (role) => {
    const person = randomUUID();
    await api.database.admin.query(`insert into users (id, email, name) values ($1, $2, '')`, [
      person,
      `${person}@example.com`,
    ]);
    await aMembership(api.database.admin, tenant.organization, `${person}@example.com`, role);
    const headers = { authorization: `Bearer ${await token({ sub: person, email: `${person}@example.com` })}` };
    const asked = closed().filter(({ requirement: r }) => isAction(r) && !may(role, r));
    expect(await answeringOtherwise(asked, headers, () => 'not_permitted')).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(role === 'viewer' ? 10 : 0);
  });

  it.each(SCOPES)('to a key of all scopes but %s is refused by every route that asks for it', async (missing) => {
    const scopes: Scope[] = SCOPES.filter((scope) => scope !== missing && scope !== 'read');
    const headers = { authorization: `Bearer ${await apiKey({ scopes })}` };
    const asked = closed().filter(({ requirement: r }) => !isAction(r) || !scopesAllow(scopes, r));
    expect(await answeringOtherwise(asked, headers, ({ requirement }) => refusalOf(requirement))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('to a key that reads is refused by every route that changes something', async () => {
    const headers = { authorization: `Bearer ${await apiKey({ scopes: ['read'] })}` };
    const writing = closed().filter(({ method }) => method !== 'get');
    const reads = ({ requirement: r }: Route) => isAction(r) && scopesAllow(['read'], r);
    // No GET, because the values belong in no address.
    expect(writing.filter(reads).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /api/templates/{id}/preview',
    ]);
    const asked = writing.filter((route) => !reads(route));
    expect(await answeringOtherwise(asked, headers, ({ requirement }) => refusalOf(requirement))).toEqual([]);
  });

  it('in an organization that is not his makes it one that there is not, by whatever route', async () => {
    const other = await aTenant(api.database.admin, 'Other');
    for (const credential of [await token(), await apiKey()]) {
      const headers = { authorization: `Bearer ${credential}`, 'x-org-id': other.organization };
      const asked = closed().filter(({ requirement }) => isAction(requirement));
      expect(await answeringOtherwise(asked, headers, () => 'organization_not_found')).toEqual([]);
    }
  });
});

const isAction = (requirement: Requirement | undefined): requirement is (typeof ACTIONS)[number] =>
  (ACTIONS as readonly (string | undefined)[]).includes(requirement);

describe('what whoever runs the installation can do', () => {
  const asked = () => routes.filter(({ requirement }) => requirement !== undefined && isOperatorAction(requirement));
  const somebody = async (role?: Role) => {
    const person = randomUUID();
    const email = `${person}@example.com`;
    await api.database.admin.query(`insert into users (id, email, name) values ($1, $2, '')`, [person, email]);
    if (role) await aMembership(api.database.admin, tenant.organization, email, role);
    return { person, headers: { authorization: `Bearer ${await token({ sub: person, email })}` } };
  };

  it.each([...ROLES, undefined])('is refused by every such route to a member as %s', async (role) => {
    const { headers } = await somebody(role);
    expect(await answeringOtherwise(asked(), headers, () => 'operator_only')).toEqual([]);
    expect(new Set(asked().map(({ requirement }) => requirement))).toEqual(new Set(OPERATOR_ACTIONS));
  });

  it('is refused to a key of all scopes, and to a super_admin from the moment that he is one no more', async () => {
    const withKey = { authorization: `Bearer ${await apiKey()}` };
    expect(await answeringOtherwise(asked(), withKey, () => 'operator_only')).toEqual([]);
    const { person, headers } = await somebody('owner');
    await aSuperAdmin(api.database.admin, person);
    for (const route of asked()) expect(await call(route, headers)).not.toMatchObject({ code: 'operator_only' });
    await api.database.admin.query('delete from private.super_admins where user_id = $1', [person]);
    expect(await answeringOtherwise(asked(), headers, () => 'operator_only')).toEqual([]);
  });
});

describe('this test', () => {
  it('finds out a house without its guard', async () => {
    jest.spyOn(AuthGuard.prototype, 'canActivate').mockResolvedValue(true);
    expect(await lettingIn(undefined)).toHaveLength(closed().length);
  });

  it('finds out a guard that believes whoever names an organization', async () => {
    jest.spyOn(AuthGuard.prototype, 'canActivate').mockImplementation((context) => {
      const request = context.switchToHttp().getRequest<Record<string, unknown>>();
      request['caller'] = {
        organization: OrganizationId.parse(tenant.organization),
        actor: { type: 'system' },
        address: null,
      };
      return Promise.resolve(true);
    });
    expect((await lettingIn('Bearer x.y.z')).length).toBeGreaterThan(30);
  });
});
