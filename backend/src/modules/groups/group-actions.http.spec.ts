import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { anApiKey, aSession } from '../../testing/factories.ts';
import { aGroup, aGroupAction } from '../../testing/group-factories.ts';
import { HastyClock } from '../../testing/hasty-clock.ts';
import { Clock } from '../../kernel/clock.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { GroupActionView } from './group-actions.dto.ts';
import type { GroupPage, GroupView } from './groups.dto.ts';

let app: TestApi;
let dana: TestPerson;
let rival: TestPerson;
let lease: { organization: OrganizationId; session: SessionId };

/** No node runs numbers here: what is asked for waits. */
beforeAll(async () => {
  app = await startApi({}, (testing) => testing.overrideProvider(Clock).useClass(HastyClock));
  dana = await app.signUpOwner('Dana');
  rival = await app.signUpOwner('Rival', 'Other');
  const organization = OrganizationId.parse(dana.organization);
  lease = { organization, session: await aSession(app.database.admin, organization, { name: 'Shop' }) };
});
afterAll(() => app.close());

const PEOPLE = { participants: [{ phone_number: '+972501234567' }] };
const group = (over = {}) => aGroup(app.database.admin, lease, over);
const post = (path: string, body: object = {}, by = dana, headers: Record<string, string> = {}) =>
  by.call<GroupActionView & { code: string }>(
    'POST',
    `/groups${path}`,
    { session_id: lease.session, ...body },
    headers,
  );
const actionsOf = async (jid: string) =>
  (await app.database.admin.query('select from private.group_actions where group_jid = $1', [jid])).rowCount;

describe('what is asked of a group', () => {
  it('is accepted, waits for its number, and can be looked at', async () => {
    const jid = await group();
    const { status, body } = await post(`/${jid}/subject`, { subject: 'Friends' });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      kind: 'subject',
      state: 'queued',
      group_jid: jid,
      result: null,
      requested_by: dana.email,
    });
    expect((await dana.call('GET', `/groups/actions/${body.id}`)).body).toEqual(body);
    const { body: log } = await dana.call<AuditPage>('GET', '/audit-logs?action=group.update_requested&limit=1');
    expect(log.items[0]).toMatchObject({
      target: { type: 'group' },
      changes: { name: { to: 'Neighbours' }, number: { to: 'Shop' }, subject: { to: 'Friends' } },
    });
  });

  it('is asked for once with one key', async () => {
    const jid = await group();
    const key = { 'idempotency-key': newId() };
    const [one, two] = [await post(`/${jid}/leave`, {}, dana, key), await post(`/${jid}/leave`, {}, dana, key)];
    expect(two.body.id).toBe(one.body.id);
    expect(await actionsOf(jid)).toBe(2); // one stands there from the beginning
    expect((await post(`/${jid}/subject`, { subject: 'x' }, dana, key)).body.code).toBe('idempotency_key_reused');
  });

  it('says why it failed, as the problem does', async () => {
    const failed = { state: 'failed', result: null, error_code: 'group_refused', whatsapp_code: 406 };
    const id = await aGroupAction(app.database.admin, lease, failed);
    const { body } = await dana.call<GroupActionView>('GET', `/groups/actions/${id}`);
    expect(body.error).toEqual({
      code: 'group_refused',
      title: 'WhatsApp does not do this',
      detail: expect.stringContaining('406'),
    });
  });

  it.each([
    ['subject', { subject: '' }],
    ['subject', { subject: 'x'.repeat(101) }],
    ['description', { description: 'x'.repeat(2_049) }],
    ['settings', { ephemeral_seconds: 60 }],
    ['add-participant', { participants: [] }],
    ['add-participant', { participants: [{}] }],
    ['promote', { participants: Array.from({ length: 101 }, (_, n) => ({ lid: `${1_000 + n}` })) }],
  ])('is refused as %s where it is not as described (case %#)', async (path, body) => {
    const jid = await group();
    expect((await post(`/${jid}/${path}`, body)).status).toBe(422);
    expect(await actionsOf(jid)).toBe(1);
  });
});

describe('is refused at once', () => {
  type Case = [what: string, over: object, path: string, body: object, status: number, code: string];
  it.each<Case>([
    ['settings, of a member', { role: 'member' }, 'settings', { locked: true }, 403, 'group_admin_required'],
    ['removing, of a member', { role: 'member' }, 'remove-participant', PEOPLE, 403, 'group_admin_required'],
    [
      'adding, of a member where admins add',
      { role: 'member' },
      'add-participant',
      PEOPLE,
      403,
      'group_admin_required',
    ],
    [
      'the timer, of a member of a locked group',
      { role: 'member', locked: true },
      'settings',
      { ephemeral_seconds: 0 },
      403,
      'group_admin_required',
    ],
    ['anything, of who is not in it', { role: null }, 'leave', {}, 409, 'not_in_group'],
    ['adding to a community', { kind: 'community' }, 'add-participant', PEOPLE, 409, 'group_is_community'],
  ])('%s', async (_, over, path, body, status, code) => {
    const jid = await group(over);
    expect((await post(`/${jid}/${path}`, body)).body).toMatchObject({ status, code });
    expect(await actionsOf(jid)).toBe(1);
    const { body: seen } = await dana.call<GroupView>('GET', `/groups/${jid}`);
    expect(Object.values(seen.numbers[0]?.cannot ?? {})).toContain(code);
  });

  it('what only its settings allow a member is not', async () => {
    const jid = await group({ role: 'member', member_add_mode: 'everyone' });
    expect((await post(`/${jid}/add-participant`, PEOPLE)).status).toBe(202);
    expect((await post(`/${jid}/settings`, { ephemeral_seconds: 0 })).status).toBe(202);
  });

  it('a group, a number, a file or an action that there is not', async () => {
    const jid = await group();
    const nowhere = '120363999999999999@g.us';
    expect((await post(`/${nowhere}/leave`)).body).toMatchObject({ status: 404, code: 'group_not_found' });
    expect((await post(`/${jid}/leave`, { session_id: newId() })).body.code).toBe('session_not_found');
    expect((await post(`/${jid}/picture`, { media_id: newId() })).body.code).toBe('media_not_found');
    expect((await dana.call('GET', `/groups/actions/${newId()}`)).body.code).toBe('group_action_not_found');
  });

  it('a number that is away, or was never linked', async () => {
    const { admin } = app.database;
    const away = await aSession(admin, lease.organization, { state: 'disconnected', reason: 'stopped' });
    const empty = await aSession(admin, lease.organization, { state: 'disconnected', phone_number: null });
    const make = (session: string) => post('', { session_id: session, subject: 'Club' });
    expect((await make(away)).body).toMatchObject({ status: 503, code: 'session_offline' });
    expect((await make(empty)).body).toMatchObject({ status: 409, code: 'session_not_linked' });
  });

  it('whoever is of another organization, may not, or has a key for something else', async () => {
    const jid = await group();
    const id = await aGroupAction(app.database.admin, lease);
    expect((await post(`/${jid}/leave`, {}, rival)).body.code).toBe('session_not_found');
    expect((await rival.call('GET', `/groups/actions/${id}`)).status).toBe(404);
    for (const role of ['agent', 'viewer'] as const)
      expect((await post(`/${jid}/leave`, {}, await app.hire(dana, role))).body.code).toBe('not_permitted');
    const withKey = async (scope: 'groups:manage' | 'read') => {
      const { token } = await anApiKey(app.database.admin, lease.organization, [scope]);
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ session_id: lease.session });
      return (await fetch(`${app.url}/api/groups/${jid}/leave`, { method: 'POST', headers, body })).status;
    };
    expect([await withKey('read'), await withKey('groups:manage')]).toEqual([403, 202]);
    expect(await actionsOf(jid)).toBe(2);
  });
});

it('communities are listed, and the groups of one', async () => {
  const community = await group({ kind: 'community', subject: 'Town' });
  const part = await group({ community_jid: community, subject: 'Market' });
  const jids = async (query: string) =>
    (await dana.call<GroupPage>('GET', `/groups?${query}`)).body.items.map(({ jid }) => jid);
  expect(await jids('kind=community')).toContain(community);
  expect(await jids('kind=community')).not.toContain(part);
  expect(await jids(`community_jid=${community}`)).toEqual([part]);
});
