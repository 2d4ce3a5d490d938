import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiCaller, signUp, tokenFor } from '../../../../testing/api-caller.ts';
import { until } from '../../../../testing/until.ts';
import { connectLive, nextEvent, readyCursor, refusal } from '../../testing/live-client.ts';
import { startApi, type TestApi, type TestNode, TestPerson } from '../../testing/start-api.ts';
import type { MailboxMail } from '../mailbox/mailbox.dto.ts';

const PASSWORD = 'a long enough password';

let api: TestApi;
let other: TestNode;
let addresses = 0;

beforeAll(async () => {
  api = await startApi({ WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:9', SESSIONS_MAX: '0' });
  other = await api.anotherNode();
});
afterAll(() => api.close());

const auth = (path: string, body: unknown, cookie = '') =>
  fetch(`${api.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: api.url, cookie },
    body: JSON.stringify(body),
  });
const status = async (token: string, url = api.url) =>
  (await new ApiCaller(url, '', token).request('GET', '/me')).status;
const newestMail = async (to: string): Promise<string> => {
  const { items } = (await (await fetch(`${api.url}/api/mailbox`)).json()) as { items: MailboxMail[] };
  return items.find((mail) => mail.to === to)?.text ?? '';
};

async function person() {
  const email = `dana-${++addresses}@example.com`;
  const cookie = await signUp(api.url, { email, password: PASSWORD, name: 'Dana' });
  return { email, cookie, token: await tokenFor(api.url, cookie) };
}

async function resetPassword(email: string): Promise<void> {
  await auth('request-password-reset', { email });
  const token = /reset-password#(\w+)/.exec(await newestMail(email))?.[1];
  expect((await auth('reset-password', { token, newPassword: 'a whole new password' })).status).toBe(200);
}

async function signIn(email: string, password: string): Promise<string> {
  const response = await auth('sign-in/email', { email, password });
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return tokenFor(api.url, cookie);
}

describe('the tokens that somebody has', () => {
  it("end at every node when his password is reset; what he gets after it holds, and so does everybody else's", async () => {
    const [dana, omar] = [await person(), await person()];
    expect([await status(dana.token), await status(dana.token, other.url)]).toEqual([200, 200]);
    await resetPassword(dana.email);
    expect(await status(dana.token)).toBe(401);
    await until('the other node to know', async () => (await status(dana.token, other.url)) === 401, {
      timeoutMs: 2_000,
    });

    const token = await signIn(dana.email, 'a whole new password');
    expect([await status(token), await status(token, other.url)]).toEqual([200, 200]);
    expect([await status(omar.token), await status(omar.token, other.url)]).toEqual([200, 200]);
  });

  it('end when his address changes: a newer one says the new address', async () => {
    const { cookie, token } = await person();
    const newEmail = `dana-${++addresses}@example.com`;
    await auth('change-email', { newEmail }, cookie);
    const link = /confirm-email#(\S+)/.exec(await newestMail(newEmail))?.[1] ?? '';
    expect((await fetch(`${api.url}/api/auth/verify-email?token=${link}`)).status).toBe(200);
    expect(await status(token)).toBe(401);
    expect(await status(await tokenFor(api.url, cookie))).toBe(200);
  });

  it('end when he signs out, within seconds', async () => {
    const { cookie, token } = await person();
    expect((await auth('sign-out', {}, cookie)).status).toBe(200);
    expect(await until('the token to end', async () => (await status(token)) === 401, { timeoutMs: 10_000 })).toBe(
      true,
    );
  });

  it('have ended for a node that starts later', async () => {
    const { email, token } = await person();
    await resetPassword(email);
    expect(await status(token, (await api.anotherNode()).url)).toBe(401);
  });

  it('end with nobody to tell of it: the change itself writes it down', async () => {
    const { email, token } = await person();
    await api.database.admin.query(
      `update private.auth_accounts set password = 'x' where user_id = (select id from private.auth_users where email = $1)`,
      [email],
    );
    const found = await until(
      'both nodes to find out',
      async () => {
        const seen = [await status(token), await status(token, other.url)];
        return seen.every((one) => one === 401);
      },
      { timeoutMs: 10_000 },
    );
    expect(found).toBe(true);
  });
});

it('a connection that is open ends with them, at whatever node, and does not come back with the same', async () => {
  const { email, token } = await person();
  const dana = await new TestPerson(api.url, email, token).found('Acme');
  const socket = connectLive(other, dana);
  await readyCursor(socket);
  const closed = nextEvent(socket, 'disconnect');
  await resetPassword(email);
  await closed;
  expect((await refusal(connectLive(other, dana))).data?.code).toBe('unauthenticated');
});
