import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ApiCaller, signUp, tokenFor } from '../../../../testing/api-caller.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import type { MailboxMail } from '../mailbox/mailbox.dto.ts';

const PASSWORD = 'a long enough password';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:9', SESSIONS_MAX: '0' });
});
afterAll(() => api.close());

const headers = (cookie = '') => ({ 'content-type': 'application/json', origin: api.url, cookie });
const change = (cookie: string, newEmail: string) =>
  fetch(`${api.url}/api/auth/change-email`, {
    method: 'POST',
    headers: headers(cookie),
    body: JSON.stringify({ newEmail }),
  });
const confirm = (token: string) => fetch(`${api.url}/api/auth/verify-email?token=${token}`);
const signIn = async (email: string) =>
  (
    await fetch(`${api.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({ email, password: PASSWORD }),
    })
  ).status;
const mails = async (to: string): Promise<MailboxMail[]> => {
  const { items } = (await (await fetch(`${api.url}/api/mailbox`)).json()) as { items: MailboxMail[] };
  return items.filter((mail) => mail.to === to);
};
const tokenIn = (mail: MailboxMail | undefined) => /confirm-email#(\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
const emailSeen = async (token: string) =>
  ((await (await new ApiCaller(api.url, '', token).request('GET', '/me')).json()) as { email: string }).email;

async function person() {
  const email = `${randomUUID()}@example.com`;
  const cookie = await signUp(api.url, { email, password: PASSWORD, name: 'Dana' });
  return { email, cookie, token: await tokenFor(api.url, cookie) };
}

describe('a new address', () => {
  it('holds from the moment that it is confirmed, and the old one is told', async () => {
    const { email, cookie, token } = await person();
    const next = `${randomUUID()}@example.com`;
    await emailSeen(token);
    expect((await change(cookie, next)).status).toBe(200);
    expect([await signIn(email), await signIn(next), await mails(email)]).toEqual([200, 401, []]);

    expect((await confirm(tokenIn((await mails(next))[0]))).status).toBe(200);
    expect([await signIn(email), await signIn(next)]).toEqual([401, 200]);
    const [told, ...more] = await mails(email);
    expect(told).toMatchObject({ subject: 'Your address for Wasel was changed', text: expect.stringContaining(next) });
    expect(more).toEqual([]);
  });

  it('is not undone by a token of before, at whatever node', async () => {
    const { cookie, token } = await person();
    const next = `${randomUUID()}@example.com`;
    await emailSeen(token);
    await change(cookie, next);
    await confirm(tokenIn((await mails(next))[0]));
    const { url } = await api.anotherNode();
    await new ApiCaller(url, '', token).request('GET', '/me');
    const { rows } = await api.database.admin.query('select email from users where email = $1', [next]);
    expect(rows).toHaveLength(1);
  });

  it('is confirmed by its own link only, and once', async () => {
    const { email, cookie } = await person();
    const next = `${randomUUID()}@example.com`;
    await change(cookie, next);
    const token = tokenIn((await mails(next))[0]);
    expect((await confirm(`${token.slice(0, -4)}AAAA`)).status).toBe(401);
    expect(await signIn(email)).toBe(200);
    expect((await confirm(token)).status).toBe(200);
    expect((await confirm(token)).status).toBe(401);
  });

  it('that somebody else has gets no mail, and the answer does not tell', async () => {
    const [dana, omar] = [await person(), await person()];
    const free = await change(dana.cookie, `${randomUUID()}@example.com`);
    const taken = await change(dana.cookie, omar.email);
    expect([taken.status, await taken.text()]).toEqual([free.status, await free.text()]);
    expect(await mails(omar.email)).toEqual([]);
  });
});
