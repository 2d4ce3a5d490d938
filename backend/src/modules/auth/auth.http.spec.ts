import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana');
});
afterAll(() => api.close());

const as = (token: string) => fetch(`${api.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });

describe('a token', () => {
  it('names the person who signed up', async () => {
    const { status, body } = await dana.call('GET', '/me');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email: dana.email,
      name: 'Dana',
      memberships: [{ role: 'owner', organization: { name: 'Acme' } }],
    });
  });

  it('is refused when it is missing, changed, unsigned or signed with a public key as secret', async () => {
    const claims = { sub: randomUUID(), email: 'eve@example.com', aud: 'authenticated', iss: 'wasel' };
    const jwks = await (await fetch(`${api.url}/api/auth/jwks`)).text();
    const forged = [
      '',
      `${dana.token.slice(0, -4)}AAAA`,
      new UnsecuredJWT(claims).setExpirationTime('1h').encode(),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(Buffer.from(jwks)),
    ];
    for (const token of forged) {
      const response = await as(token);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toMatch('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unauthenticated', type: '/problems/unauthenticated' });
    }
  });
});

describe('an organization', () => {
  it('is implied for a member of one, asked of a member of several, and not found for a stranger', async () => {
    const omar = await api.signUp('Omar');
    expect((await omar.call('GET', '/sessions')).body).toMatchObject({ code: 'organization_required' });
    await omar.found('One');
    omar.organization = undefined;
    expect((await omar.call('GET', '/sessions')).status).toBe(200);
    await omar.found('Two');
    omar.organization = undefined;
    expect((await omar.call('GET', '/sessions')).body).toMatchObject({ status: 422, code: 'organization_required' });
    omar.organization = dana.organization;
    expect((await omar.call('GET', '/sessions')).body).toMatchObject({ status: 404, code: 'organization_not_found' });
  });

  it('lets a viewer look and change nothing', async () => {
    const viewer = await api.hire(dana, 'viewer');
    expect((await viewer.call('GET', '/sessions')).status).toBe(200);
    const refused = await viewer.call('POST', '/sessions/create', { name: 'x' });
    expect(refused.body).toMatchObject({
      status: 403,
      code: 'not_permitted',
      role: 'viewer',
      action: 'sessions:manage',
    });
  });

  it('names the bad field of a request by JSON pointer', async () => {
    const { status, body } = await dana.call('PATCH', '/organizations/current', { name: '' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'request_invalid',
      errors: [{ pointer: '#/name', detail: 'Give your organization a name.' }],
    });
  });
});
