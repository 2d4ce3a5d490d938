import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { newId } from '../../kernel/ids.ts';
import { anInvitation, anOrganization } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { MailboxMail } from '../mailbox/mailbox.dto.ts';
import type { CreatedInvitation, InvitationView } from './invitations.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;

beforeAll(async () => {
  api = await startApi({
    PUBLIC_URL: 'https://wasel.example/',
    WHATSAPP_SANDBOX_URL: 'http://127.0.0.1:9', // opens the mailbox
    SESSIONS_MAX: '0',
  });
  ({ admin } = api.database);
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
});
afterAll(() => api.close());

const invite = (email: string, role = 'agent', by = dana) =>
  by.call<CreatedInvitation & { code?: string }>('POST', '/invitations', { email, role });
const tokenOf = ({ link }: CreatedInvitation) => new URL(link).hash.slice(1);
const accept = (person: TestPerson, token: string) => person.call('POST', '/invitations/accept', { token });
const preview = async (token: string) => {
  const response = await fetch(`${api.url}/api/invitations/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return { status: response.status, body: await response.json() };
};
const standing = async (by = dana) => (await by.call<{ items: InvitationView[] }>('GET', '/invitations')).body.items;

describe('an invitation', () => {
  it('is a link that is shown once, mailed, and kept nowhere', async () => {
    const { status, body } = await invite(' Noa@Example.com ');
    expect(status).toBe(201);
    const token = tokenOf(body);
    expect(body).toEqual({
      id: expect.any(String),
      email: 'noa@example.com',
      role: 'agent',
      invited_by: dana.email,
      created_at: expect.any(String),
      expires_at: expect.any(String),
      link: expect.stringMatching(/^https:\/\/wasel\.example\/join#wsi_[\w-]{43}$/),
    });
    const days = (Date.parse(body.expires_at) - Date.now()) / 86_400_000;
    expect(Math.round(days * 10) / 10).toBe(7);
    const { link: _, ...shown } = body;
    expect(await standing()).toContainEqual(shown);
    for (const table of ['private.invitations', 'private.audit_logs', 'private.facts', 'private.mails']) {
      const { rows } = await admin.query<{ row: string }>(`select t::text as row from ${table} t`);
      expect(rows.filter(({ row }) => row.includes(token) || row.includes(Buffer.from(token).toString('hex')))).toEqual(
        [],
      );
    }
  });

  it('is mailed to whom it is for, in the language of the organization', async () => {
    const words = {
      en: 'Join \u2068Acme\u2069 at Wasel',
      he: 'הצטרפות אל \u2068Acme\u2069 ב-Wasel',
      ar: 'الانضمام إلى \u2068Acme\u2069 في Wasel',
    };
    for (const [language, subject] of Object.entries(words)) {
      await dana.call('PATCH', '/organizations/current', { language });
      const email = `mira-${language}@example.com`;
      const { body } = await invite(email);
      const { items } = (await (await fetch(`${api.url}/api/mailbox`)).json()) as { items: MailboxMail[] };
      const mail = items.find(({ to }) => to === email);
      expect(mail).toMatchObject({ subject, text: expect.stringContaining(dana.email) });
      expect(mail?.text).toContain(`\n${body.link}\n`);
    }
    await dana.call('PATCH', '/organizations/current', { language: 'en' });
  });

  it('is not mailed when it is not made', async () => {
    expect((await invite(dana.email)).status).toBe(409);
    const { rowCount } = await admin.query('select from private.mails where recipient = $1', [dana.email]);
    expect(rowCount).toBe(0);
  });

  it('says what it is for to whoever holds it, before he has signed in', async () => {
    const { body } = await invite('lee@example.com', 'viewer');
    expect(await preview(tokenOf(body))).toEqual({
      status: 200,
      body: {
        organization_name: 'Acme',
        email: 'lee@example.com',
        role: 'viewer',
        invited_by: dana.email,
        expires_at: body.expires_at,
      },
    });
  });

  it('makes the person a member, once', async () => {
    const guest = await api.signUpOwner('Tal', 'His own');
    const token = tokenOf((await invite(guest.email.toUpperCase())).body);
    expect(await accept(guest, token)).toMatchObject({
      status: 200,
      body: { organization_id: dana.organization, role: 'agent' },
    });
    expect(await accept(guest, token)).toMatchObject({ status: 404, body: { code: 'invitation_gone' } });
    expect(await preview(token)).toMatchObject({ status: 404, body: { code: 'invitation_gone' } });
    expect((await standing()).some(({ email }) => email === guest.email)).toBe(false);
    const { body: me } = await guest.call<{ memberships: object[] }>('GET', '/me');
    expect(me.memberships).toMatchObject([{ role: 'owner' }, { role: 'agent', organization: { name: 'Acme' } }]);
    guest.organization = undefined;
    expect(await guest.call('GET', '/sessions')).toMatchObject({ body: { code: 'organization_required' } });
    guest.organization = dana.organization?.toUpperCase();
    expect((await guest.call('GET', '/sessions')).status).toBe(200);
    expect((await guest.call('DELETE', '/members/me')).status).toBe(204);
  });

  it('makes one membership of ten requests at the same time', async () => {
    const guest = await api.signUp('Gil');
    await guest.id();
    const token = tokenOf((await invite(guest.email)).body);
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(guest, token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(9).fill(404)]);
  });

  it('is of no use to somebody else, and stands after he tried', async () => {
    const { body } = await invite('ron@example.com');
    expect(await accept(omar, tokenOf(body))).toMatchObject({ status: 403, body: { code: 'invitation_for_another' } });
    expect((await preview(tokenOf(body))).status).toBe(200);
    const asMember = { 'x-org-id': String(dana.organization) };
    expect((await omar.call('GET', '/sessions', undefined, asMember)).status).toBe(404);
  });

  it('ends when it is taken back, when it expires, and when another is made for the same address', async () => {
    const guest = await api.signUp('Shir');
    const first = (await invite(guest.email)).body;
    const second = (await invite(guest.email, 'viewer')).body;
    expect((await standing()).filter(({ email }) => email === guest.email).map(({ id }) => id)).toEqual([second.id]);
    const expired = await anInvitation(admin, await anOrganization(admin), guest.email);
    expect((await dana.call('DELETE', `/invitations/${second.id}`)).status).toBe(204);
    expect(await dana.call('DELETE', `/invitations/${second.id}`)).toMatchObject({
      status: 404,
      body: { code: 'invitation_not_found' },
    });
    await admin.query('update private.invitations set expires_at = now() where id = $1', [expired.id]);
    for (const token of [tokenOf(first), tokenOf(second), expired.token, 'wsi_made-up'])
      for (const answer of [await accept(guest, token), await preview(token)])
        expect(answer).toMatchObject({ status: 404, body: { code: 'invitation_gone' } });
  });

  it('is taken back or accepted, when both happen at once', async () => {
    for (let n = 0; n < 5; n += 1) {
      const guest = await api.signUp('Ido');
      await guest.id();
      const { body } = await invite(guest.email);
      const [accepted, revoked] = await Promise.all([
        accept(guest, tokenOf(body)),
        dana.call('DELETE', `/invitations/${body.id}`),
      ]);
      expect([`${accepted.status} ${revoked.status}`]).toContain(accepted.status === 200 ? '200 404' : '404 204');
    }
  });
});

describe('inviting', () => {
  it('is for owners and admins, to what they may give themselves', async () => {
    for (const role of ['agent', 'viewer'] as const) {
      const member = await api.hire(dana, role);
      for (const answer of [
        await invite('x@example.com', 'viewer', member),
        await member.call('GET', '/invitations'),
        await member.call('DELETE', `/invitations/${newId()}`),
      ])
        expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    }
    const deputy = await api.hire(dana, 'admin');
    expect((await invite('y@example.com', 'admin', deputy)).status).toBe(201);
    expect(await invite('z@example.com', 'owner', deputy)).toMatchObject({
      status: 403,
      body: { action: 'owners:manage' },
    });
    expect((await invite('z@example.com', 'owner')).status).toBe(201);
    expect(await invite(deputy.email)).toMatchObject({ status: 409, body: { code: 'already_member' } });
  });

  it.each([
    ['what is no address', { email: 'noa', role: 'agent' }, '#/email'],
    ['nobody', { role: 'agent' }, '#/email'],
    ['to a role that there is not', { email: 'noa@example.com', role: 'king' }, '#/role'],
  ])('refuses %s by field', async (_, body, pointer) => {
    expect(await dana.call('POST', '/invitations', body)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
  });

  it('shows and ends only what is of the own organization', async () => {
    const { body } = await invite('maya@example.com');
    const them = await api.signUpOwner('Them', 'Others');
    expect(await standing(them)).toEqual([]);
    expect(await them.call('DELETE', `/invitations/${body.id}`)).toMatchObject({
      status: 404,
      body: { code: 'invitation_not_found' },
    });
    expect((await preview(tokenOf(body))).status).toBe(200);
  });
});
