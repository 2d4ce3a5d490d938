import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { until } from '../../../../testing/until.ts';
import { ConversationId, OrganizationId, UserId } from '../../kernel/ids.ts';
import { aConversation, anApiKey, aSession } from '../../testing/factories.ts';
import { connectLive, readyCursor } from '../../testing/live-client.ts';
import { startApi, type TestApi, type TestNode, type TestPerson } from '../../testing/start-api.ts';
import { aTenant } from '../../testing/tenant.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { SuperAdminGrants } from './super-admin-grants.ts';
import {
  OperatorAuditPage,
  OperatorConversationPage,
  OperatorHealth,
  OperatorMessagePage,
  OperatorOrganizationDetail,
  OperatorOrganizationPage,
} from './operator.dto.ts';

let api: TestApi;
let admin: pg.Client;
let other: TestNode;
/** Runs the installation. */
let omar: TestPerson;
let dana: TestPerson;
let organization: OrganizationId;

beforeAll(async () => {
  api = await startApi({ OPERATOR_EMAIL: 'support@wasel.example' });
  ({ admin } = api.database);
  other = await api.anotherNode();
  omar = await api.signUp('Omar');
  await new SuperAdminGrants(api.app.get(SystemDb)).grant(omar.email);
});
afterAll(() => api.close());
beforeEach(async () => {
  dana = await api.signUpOwner('Dana', 'Acme Clinic');
  organization = OrganizationId.parse(dana.organization);
});

const at = (path = '') => `/operator/organizations/${organization}${path}`;
const suspend = (reason = 'Spam was reported', by = omar) => by.call('POST', at('/suspend'), { reason });
const unsuspend = (by = omar) => by.call('POST', at('/unsuspend'), { reason: 'It was a mistake' });
const found = async (query: Record<string, string>) =>
  OperatorOrganizationPage.parse(
    (await omar.call('GET', `/operator/organizations?${new URLSearchParams(query).toString()}`)).body,
  );
const talk = async () => {
  const session = await aSession(admin, organization);
  const user = UserId.parse(await dana.id());
  return { session, ...(await aConversation(admin, { organization, session, user })) };
};
/** What the owner reads of those who run the installation. */
const toldOwner = async () => {
  const { body } = await dana.call<{ items: { action: string; actor: { name: string }; changes: object }[] }>(
    'GET',
    '/audit-logs?limit=100',
  );
  return body.items
    .filter(({ actor }) => actor.name === omar.email)
    .map(({ action, changes }) => [action, changes])
    .toReversed();
};

describe('who runs the installation', () => {
  it('is told so, and nobody else is', async () => {
    expect((await omar.call('GET', '/me')).body).toMatchObject({ super_admin: true, memberships: [] });
    expect((await dana.call('GET', '/me')).body).toMatchObject({ super_admin: false });
  });

  it('is nobody from the request after he was revoked, at every node', async () => {
    const noa = await api.signUp('Noa');
    const grants = new SuperAdminGrants(api.app.get(SystemDb));
    await grants.grant(noa.email);
    expect((await noa.call('GET', '/operator/health')).status).toBe(200);
    await grants.revoke(noa.email);
    for (noa.url of [api.url, other.url])
      expect((await noa.call('GET', '/operator/health')).body).toMatchObject({ status: 403, code: 'operator_only' });
  });

  it('reads what he and the others did', async () => {
    await suspend();
    const { items } = OperatorAuditPage.parse((await omar.call('GET', '/operator/audit-logs')).body);
    expect(items[0]).toMatchObject({
      action: 'organization.suspended',
      actor: { type: 'user', name: omar.email },
      target: { id: organization, name: 'Acme Clinic' },
      changes: { reason: { to: 'Spam was reported' } },
      address: '127.0.0.1',
    });
    expect(items).toContainEqual(expect.objectContaining({ action: 'super_admin.granted' }));
  });
});

describe('the list of organizations', () => {
  it('finds one by part of its name, by its owner and by its id, and takes nothing for a pattern', async () => {
    await dana.call('PATCH', '/organizations/current', { name: `100%_Zebra ${organization.slice(-6)}` });
    for (const search of [
      `ZEBRA ${organization.slice(-6)}`,
      dana.email.slice(0, 20),
      organization.toUpperCase(),
      '%_Z',
    ])
      expect((await found({ search })).items.map(({ id }) => id)).toContain(organization);
    expect((await found({ search: 'no such' })).items).toEqual([]);
    expect((await found({ search: '%Acme%' })).items).toEqual([]);
  });

  it('tells its owner, its members, its numbers, what was said in a day, and whether it is suspended', async () => {
    await talk();
    await aSession(admin, organization, { state: 'error', reason: 'banned' });
    await aSession(admin, organization, { deleted_at: new Date() });
    await api.hire({ organization }, 'agent');
    expect((await found({ search: organization })).items).toEqual([
      expect.objectContaining({
        name: 'Acme Clinic',
        owner_email: dana.email,
        member_count: 2,
        numbers_by_state: { connected: 1, connecting: 0, qr_pending: 0, disconnected: 0, error: 1 },
        messages_24h: 2,
        suspension: null,
      }),
    ]);
    expect((await found({ search: organization, suspended: 'true' })).items).toEqual([]);
    await suspend();
    expect((await found({ search: organization, suspended: 'true' })).items).toMatchObject([
      { suspension: { reason: 'Spam was reported' } },
    ]);
  });

  it('is read page by page, each organization once', async () => {
    for (let n = 0; n < 5; n += 1) await aTenant(admin, `Paged ${n}`);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: OperatorOrganizationPage = await found({
        search: 'Paged',
        limit: '2',
        ...(cursor ? { cursor } : {}),
      });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor;
    }
    expect(names).toEqual(['Paged 4', 'Paged 3', 'Paged 2', 'Paged 1', 'Paged 0']);
  });
});

describe('one organization', () => {
  it('is shown with its people, its numbers and its log, and without what was said', async () => {
    const { session } = await talk();
    const { status, body } = await omar.call('GET', at());
    expect(status).toBe(200);
    const detail = OperatorOrganizationDetail.parse(body);
    expect(detail).toMatchObject({
      members: [{ email: dana.email, name: 'Dana', role: 'owner' }],
      numbers: [{ id: session, state: 'connected', queued: 1, oldest_queued_at: expect.any(String) }],
    });
    expect(detail.activity.map(({ action }) => action)).toEqual(['organization.looked_at', 'organization.created']);
    expect(JSON.stringify(body)).not.toContain('We will be there');
  });

  it('is told of the look, once for a while', async () => {
    await omar.call('GET', at());
    await omar.call('GET', at());
    await omar.call('GET', at('/conversations'));
    expect(await toldOwner()).toEqual([['organization.looked_at', {}]]);
  });

  it('is not there by an id that is none', async () => {
    const nobody = '01890a5d-ac96-774b-bcce-b302099a8057';
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/conversations'],
      ['POST', '/suspend'],
      ['POST', '/unsuspend'],
      ['POST', `/conversations/${nobody}/messages`],
    ] as const) {
      const body = method === 'POST' ? { reason: 'A reason' } : undefined;
      const answer = await omar.call(method, `/operator/organizations/${nobody}${path}`, body);
      expect(answer.body).toMatchObject({ status: 404, code: 'organization_not_found' });
    }
  });
});

describe('what was said', () => {
  const look = (conversation: string, body: object) =>
    omar.call('POST', at(`/conversations/${conversation}/messages`), body);

  it('is shown for a reason only, which its owner reads', async () => {
    const { conversation } = await talk();
    for (const body of [{}, { reason: '  ' }, { reason: 'x' }])
      expect((await look(conversation, body)).body).toMatchObject({ status: 422, code: 'request_invalid' });
    expect(await toldOwner()).toEqual([]);

    const { items } = OperatorMessagePage.parse((await look(conversation, { reason: 'Ticket 4711' })).body);
    expect(items.map(({ text, type }) => [type, text])).toEqual([
      ['text', 'Beautiful! We will be there at nine.'],
      ['image', null],
    ]);
    expect(await toldOwner()).toEqual([['conversation.looked_at', { reason: { to: 'Ticket 4711' } }]]);
  });

  it('of another organization is not found by naming this one, and nobody is told of a look', async () => {
    const stranger = await aTenant(admin);
    expect((await look(stranger.conversation, { reason: 'Ticket 4711' })).body).toMatchObject({
      status: 404,
      code: 'conversation_not_found',
    });
    expect(await toldOwner()).toEqual([]);
  });

  it('is not shown when the look cannot be written down', async () => {
    const { conversation } = await talk();
    await admin.query(
      `alter table private.audit_logs add constraint closed check (action <> 'conversation.looked_at') not valid`,
    );
    try {
      const { status, body } = await look(conversation, { reason: 'Ticket 4711' });
      expect(status).toBe(500);
      expect(JSON.stringify(body)).not.toContain('nine');
    } finally {
      await admin.query('alter table private.audit_logs drop constraint closed');
    }
    const { rowCount } = await admin.query('select from private.operator_audit_logs where target_id = $1', [
      conversation,
    ]);
    expect(rowCount).toBe(0);
  });

  it('is found by its conversation, whose person is told from another and no more', async () => {
    const { conversation } = await talk();
    const { items } = OperatorConversationPage.parse((await omar.call('GET', at('/conversations'))).body);
    expect(items).toEqual([
      {
        id: ConversationId.parse(conversation),
        session_name: 'Front desk',
        phone_number_masked: expect.stringMatching(/^\+972…\d\d$/),
        is_group: false,
        last_message_at: expect.any(String),
      },
    ]);
  });
});

describe('a suspended organization', () => {
  it('refuses every change at every node, says whom to ask, and goes on when it is let', async () => {
    const key = await anApiKey(admin, organization, ['messages:send', 'read']);
    const program = { authorization: `Bearer ${key.token}` };
    const write = (url: string, headers?: Record<string, string>) => {
      dana.url = url;
      return dana.call('POST', '/api-keys', { name: 'Shop', scopes: ['read'] }, headers);
    };
    expect((await suspend()).status).toBe(204);
    for (const url of [other.url, api.url]) {
      expect((await write(url)).body).toMatchObject({
        status: 403,
        code: 'organization_suspended',
        reason: 'Spam was reported',
        contact: 'support@wasel.example',
        detail: expect.stringContaining('support@wasel.example'),
      });
      const sent = await dana.call('POST', '/messages/send', { type: 'text', to: '+972501234567', text: 'x' }, program);
      expect(sent.body).toMatchObject({ status: 403, code: 'organization_suspended' });
      expect((await dana.call('GET', '/sessions', undefined, program)).status).toBe(200);
      expect((await dana.call('GET', '/organizations/current')).body).toMatchObject({
        suspension: { reason: 'Spam was reported' },
      });
    }
    expect((await unsuspend()).status).toBe(204);
    expect((await write(api.url)).status).toBe(201);
    expect((await dana.call('GET', '/organizations/current')).body).toMatchObject({ suspension: null });
  });

  it('gives out what is in it to its owner', async () => {
    await suspend();
    expect((await dana.call('POST', '/organizations/current/exports')).status).toBe(201);
  });

  it('is still not to be seen or changed by a viewer, and may be left', async () => {
    await suspend();
    const viewer = await api.hire({ organization }, 'viewer');
    expect((await viewer.call('POST', '/sessions/create', {})).body).toMatchObject({ code: 'not_permitted' });
    expect((await viewer.call('DELETE', '/members/me')).status).toBe(204);
  });

  it('leaves the others alone', async () => {
    const neighbour = await api.signUpOwner('Noa', 'Neighbour');
    await suspend();
    expect((await neighbour.call('POST', '/api-keys', { name: 'Shop', scopes: ['read'] })).status).toBe(201);
  });

  it('tells its owner each time what changed, and nothing where nothing did', async () => {
    await unsuspend();
    await suspend('Spam was reported');
    await suspend('Spam was reported');
    await suspend('Unpaid since June');
    await unsuspend();
    await unsuspend();
    expect(await toldOwner()).toEqual([
      ['organization.suspended', { reason: { to: 'Spam was reported' } }],
      ['organization.suspended', { reason: { from: 'Spam was reported', to: 'Unpaid since June' } }],
      ['organization.unsuspended', { reason: { to: 'It was a mistake' } }],
    ]);
  });

  it('is suspended once by two who do it at the same moment', async () => {
    await Promise.all([suspend(), suspend(), suspend()]);
    expect(await toldOwner()).toHaveLength(1);
  });

  it('hears of it at every node without asking', async () => {
    const heard: string[] = [];
    const sockets: ReturnType<typeof connectLive>[] = [];
    for (const node of [api, other]) {
      const socket = connectLive(node, dana);
      socket.onAny((name: string) => heard.push(name));
      await readyCursor(socket);
      sockets.push(socket);
    }
    await suspend();
    await unsuspend();
    const names = [
      'organization.suspended',
      'organization.suspended',
      'organization.unsuspended',
      'organization.unsuspended',
    ];
    await until('both browsers to be told', async () => heard.filter((name) => names.includes(name)).length === 4);
    expect(heard.filter((name) => names.includes(name)).toSorted()).toEqual(names);
    for (const socket of sockets) socket.disconnect();
  });

  it('shows of what is queued why it waits', async () => {
    const { queued } = await talk();
    await suspend();
    expect((await dana.call('GET', `/messages/${queued}`)).body).toMatchObject({
      status: 'queued',
      waiting_for: 'organization_suspended',
      waiting_until: null,
    });
    await unsuspend();
    expect((await dana.call('GET', `/messages/${queued}`)).body).toMatchObject({ waiting_for: null });
  });
});

describe('the health of the installation', () => {
  it('counts what there is, and knows both nodes', async () => {
    const read = async () => OperatorHealth.parse((await omar.call('GET', '/operator/health')).body);
    const before = await read();
    const tenant = await aTenant(admin);
    await aSession(admin, organization, { state: 'error', reason: 'banned' });
    const after = await read();
    expect(after.nodes).toHaveLength(2);
    expect(after.organizations - before.organizations).toBe(1);
    expect(after.numbers_by_state.connected - before.numbers_by_state.connected).toBe(1);
    expect(after.numbers_by_state.error - before.numbers_by_state.error).toBe(1);
    expect(after.outbox.due - before.outbox.due).toBe(1);
    expect(after.inbox.rows - before.inbox.rows).toBe(2);
    expect(after.mails.waiting - before.mails.waiting).toBe(1);
    expect(after.database.size_bytes).toBeGreaterThan(1_000_000);
    expect(after.database.connections).toBeGreaterThan(2);
    expect(after.database.connections_max).toBeGreaterThan(after.database.connections);

    await omar.call('POST', `/operator/organizations/${tenant.organization}/suspend`, { reason: 'Unpaid' });
    const held = await read();
    expect(held.suspended - after.suspended).toBe(1);
    expect([held.outbox.due - after.outbox.due, held.outbox.held - after.outbox.held]).toEqual([-1, 1]);
  });
});
