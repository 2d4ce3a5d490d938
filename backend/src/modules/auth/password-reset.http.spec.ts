import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { signUp, tokenFor } from '../../../../testing/api-caller.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';
import type { MailboxMail } from '../mailbox/mailbox.dto.ts';

const OLD = 'the old password';
const NEW = 'a whole new password';

let api: TestApi;
let admin: pg.Client;

beforeAll(async () => {
  // Numbers are not run; that it is a sandbox is what opens the mailbox.
  api = await startApi({
    WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:9',
    SESSIONS_MAX: '0',
    PUBLIC_URL: 'https://wasel.example',
  });
  ({ admin } = api.database);
});
afterAll(() => api.close());

const auth = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: api.url, ...headers },
    body: JSON.stringify(body),
  });
const ask = (email: string, headers: Record<string, string> = {}) => auth('request-password-reset', { email }, headers);
const reset = (token: string, newPassword = NEW) => auth('reset-password', { token, newPassword });
const signIn = async (email: string, password: string) => (await auth('sign-in/email', { email, password })).status;
const mails = async (to: string): Promise<MailboxMail[]> => {
  const { items } = (await (await fetch(`${api.url}/api/mailbox`)).json()) as { items: MailboxMail[] };
  return items.filter((mail) => mail.to === to);
};
const linkIn = (mail: MailboxMail | undefined) => /https:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
const tokenIn = (mail: MailboxMail | undefined) => new URL(linkIn(mail)).hash.slice(1);

async function person() {
  const email = `${randomUUID()}@example.com`;
  return { email, cookie: await signUp(api.url, { email, password: OLD, name: 'Dana' }) };
}

describe('somebody who forgot his password', () => {
  it('gets a link by mail that works once, and ends every session and every other link', async () => {
    const { email, cookie } = await person();
    await ask(email);
    await ask(email);
    const [second, first] = await mails(email);
    expect(linkIn(second)).toMatch(/^https:\/\/wasel\.example\/reset-password#\w+$/);
    expect(await tokenFor(api.url, cookie)).toEqual(expect.any(String));

    expect((await reset(tokenIn(second))).status).toBe(200);
    expect([await signIn(email, OLD), await signIn(email, NEW)]).toEqual([401, 200]);
    await expect(tokenFor(api.url, cookie)).rejects.toThrow('401');
    for (const used of [second, first]) {
      const again = await reset(tokenIn(used), 'one that a thief chose');
      expect({ status: again.status, ...((await again.json()) as object) }).toMatchObject({
        status: 400,
        code: 'INVALID_TOKEN',
      });
    }
    expect(await signIn(email, NEW)).toBe(200);
    expect((await mails(email))[0]?.subject).toBe('Your password for Wasel was changed');
  });

  it('reads it in the language of the page that he asks from', async () => {
    const { email } = await person();
    await ask(email, { 'accept-language': 'ar-JO,ar;q=0.9,en;q=0.8' });
    await ask(email, { 'accept-language': 'ar-JO', cookie: 'x=1; wasel-language=he' });
    expect((await mails(email)).map(({ subject }) => subject)).toEqual([
      'בחירת סיסמה חדשה ל-Wasel',
      'اختيار كلمة مرور جديدة لـ Wasel',
    ]);
  });

  it('comes too late after an hour', async () => {
    const { email } = await person();
    await ask(email);
    await admin.query(`update private.auth_verifications set expires_at = expires_at - interval '61 minutes'`);
    expect((await reset(tokenIn((await mails(email))[0]))).status).toBe(400);
    expect(await signIn(email, OLD)).toBe(200);
  });

  it('is not let off a password that is too short, and keeps his link', async () => {
    const { email } = await person();
    await ask(email);
    const token = tokenIn((await mails(email))[0]);
    expect(((await (await reset(token, 'short')).json()) as { code: string }).code).toBe('PASSWORD_TOO_SHORT');
    expect((await reset(token)).status).toBe(200);
  });
});

describe('asking for a new password', () => {
  it('answers the same whether or not there is such an account', async () => {
    const { email } = await person();
    const stranger = `${randomUUID()}@example.com`;
    const answers = [await ask(email), await ask(stranger)];
    const [known, unknown] = await Promise.all(answers.map(async (one) => [one.status, await one.text()]));
    expect(unknown).toEqual(known);
    expect(known?.[0]).toBe(200);
    expect(await mails(stranger)).toEqual([]);
    expect(await mails(email)).toHaveLength(1);
  });

  it('leaves nothing in the database that opens the link', async () => {
    const { email } = await person();
    await ask(email);
    const token = tokenIn((await mails(email))[0]);
    for (const table of ['private.auth_verifications', 'private.mails']) {
      const { rows } = await admin.query(`select t::text as row from ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex'));
    }
  });
});

describe('the mailbox', () => {
  it('is there at the sandbox without a mail server, and nowhere else', async () => {
    expect(await (await fetch(`${api.url}/api/config`)).json()).toMatchObject({ mail: 'mailbox' });
    for (const [env, mail] of [
      [{}, 'none'],
      [
        { WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:9', SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'a@b.example' },
        'sent',
      ],
    ] as const) {
      const other = await startApi({ SESSIONS_MAX: '0', ...env });
      const closed = await fetch(`${other.url}/api/mailbox`);
      expect({ status: closed.status, ...((await closed.json()) as object) }).toMatchObject({
        status: 404,
        code: 'mailbox_closed',
      });
      expect(await (await fetch(`${other.url}/api/config`)).json()).toMatchObject({ mail });
      await other.close();
    }
  });
});
