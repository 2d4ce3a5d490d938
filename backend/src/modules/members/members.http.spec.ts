import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../kernel/ids.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { Role } from '../auth/permissions.ts';
import type { MemberView } from './members.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;

beforeAll(async () => {
  api = await startApi();
  omar = await api.signUpOwner('Omar', 'Other');
});
beforeEach(async () => {
  dana = await api.signUpOwner('Dana', 'Acme');
});
afterAll(() => api.close());

const join = (role: Role) => api.hire(dana, role);
const change = async (by: TestPerson, whom: TestPerson, role: string) =>
  by.call<MemberView & { code?: string }>('PATCH', `/members/${await whom.id()}`, { role });
const remove = async (by: TestPerson, whom: TestPerson) => by.call('DELETE', `/members/${await whom.id()}`);
const rolesOf = async (by: TestPerson) =>
  (await by.call<{ items: MemberView[] }>('GET', '/members')).body.items.map(({ role }) => role).toSorted();

describe('the members of an organization', () => {
  it('see each other, and nobody of another', async () => {
    const viewer = await join('viewer');
    const { body } = await viewer.call<{ items: MemberView[] }>('GET', '/members');
    expect(body.items).toEqual([
      { id: await dana.id(), email: dana.email, name: 'Dana', role: 'owner', joined_at: expect.any(String) },
      { id: await viewer.id(), email: viewer.email, name: 'the viewer', role: 'viewer', joined_at: expect.any(String) },
    ]);
    expect(await rolesOf(omar)).toEqual(['owner']);
  });

  it('are changed and removed by owners and admins only', async () => {
    const victim = await join('viewer');
    for (const role of ['agent', 'viewer'] as const) {
      const member = await join(role);
      for (const answer of [await change(member, victim, 'agent'), await remove(member, victim)])
        expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted', action: 'members:manage' } });
    }
    const admin = await join('admin');
    expect(await change(admin, victim, 'agent')).toMatchObject({ status: 200, body: { role: 'agent' } });
    expect((await remove(admin, victim)).status).toBe(204);
  });

  it('that are owners are made and unmade by owners only', async () => {
    const admin = await join('admin');
    for (const answer of [
      await change(admin, admin, 'owner'),
      await change(admin, dana, 'admin'),
      await remove(admin, dana),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted', action: 'owners:manage' } });
    expect(await change(dana, admin, 'owner')).toMatchObject({ status: 200, body: { role: 'owner' } });
    expect(await change(admin, dana, 'agent')).toMatchObject({ status: 200, body: { role: 'agent' } });
    expect(await rolesOf(dana)).toEqual(['agent', 'owner']);
  });

  it('of another organization are not there', async () => {
    for (const answer of [await change(dana, omar, 'viewer'), await remove(dana, omar)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'member_not_found' } });
    expect(await rolesOf(omar)).toEqual(['owner']);
    dana.organization = omar.organization;
    expect(await remove(dana, omar)).toMatchObject({ status: 404, body: { code: 'organization_not_found' } });
  });

  it.each([
    ['a role that there is not', { role: 'king' }, '#/role'],
    ['no role', {}, '#/role'],
  ])('are not changed to %s', async (_, body, pointer) => {
    expect(await dana.call('PATCH', `/members/${await dana.id()}`, body)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    });
  });

  it('are named by their ids', async () => {
    expect(await dana.call('PATCH', '/members/dana', { role: 'admin' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/id' }] },
    });
    expect((await dana.call('DELETE', `/members/${newId()}`)).status).toBe(404);
  });
});

describe('a role', () => {
  it('counts from the next request on', async () => {
    const agent = await join('agent');
    expect((await agent.call('POST', '/sessions/create', { name: '' })).status).toBe(403);
    await change(dana, agent, 'admin');
    expect((await agent.call('POST', '/sessions/create', { name: '' })).status).toBe(422);
    await remove(dana, agent);
    expect(await agent.call('GET', '/sessions')).toMatchObject({
      status: 404,
      body: { code: 'organization_not_found' },
    });
  });

  it('that somebody has already is given without a word in the audit log', async () => {
    const agent = await join('agent');
    expect((await change(dana, agent, 'agent')).status).toBe(200);
    const { body } = await dana.call<{ items: unknown[] }>('GET', '/audit-logs?action=member.role_changed');
    expect(body.items).toEqual([]);
  });
});

describe('whoever leaves', () => {
  it('may, whatever he is, and the log has what he was', async () => {
    for (const role of ['admin', 'agent', 'viewer'] as const) {
      const member = await join(role);
      expect((await member.call('DELETE', '/members/me')).status).toBe(204);
      expect((await member.call('DELETE', '/members/me')).status).toBe(404);
      const { body } = await dana.call<{ items: object[] }>('GET', '/audit-logs?action=member.left&limit=1');
      expect(body.items[0]).toMatchObject({
        actor: { name: member.email },
        changes: { email: { from: member.email }, role: { from: role } },
      });
    }
    expect(await rolesOf(dana)).toEqual(['owner']);
  });

  it('is not the last owner, who is not demoted or removed either', async () => {
    await join('admin');
    for (const answer of [
      await dana.call('DELETE', '/members/me'),
      await change(dana, dana, 'admin'),
      await remove(dana, dana),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'last_owner' } });
    expect(await rolesOf(dana)).toEqual(['admin', 'owner']);
  });
});

describe('two owners at the same moment', () => {
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);
  /** Five rounds, each with the two owners of a new organization. */
  async function fiveTimes(act: (one: TestPerson, other: TestPerson) => Promise<{ status: number }[]>) {
    const outcomes = new Set<string>();
    for (let n = 0; n < 5; n += 1) {
      dana = await api.signUpOwner('Dana', 'Acme');
      const partner = await join('owner');
      await Promise.all([dana.id(), partner.id()]);
      outcomes.add(JSON.stringify(statuses(await act(dana, partner))));
      const owners = await api.database.admin.query(
        `select from memberships where organization_id = $1 and role = 'owner'`,
        [dana.organization],
      );
      expect(owners.rowCount).toBe(1);
    }
    return [...outcomes];
  }

  it('who demote each other: one does, and the other is no owner any more', async () => {
    expect(
      await fiveTimes((one, other) => Promise.all([change(one, other, 'admin'), change(other, one, 'admin')])),
    ).toEqual(['[200,403]']);
  });

  it('who both leave: one does, and the other is the last', async () => {
    const leave = (person: TestPerson) => person.call('DELETE', '/members/me');
    expect(await fiveTimes((one, other) => Promise.all([leave(one), leave(other)]))).toEqual(['[204,409]']);
  });

  it('who remove each other: one does, and the other is not found to belong here', async () => {
    expect(await fiveTimes((one, other) => Promise.all([remove(one, other), remove(other, one)]))).toEqual([
      '[204,404]',
    ]);
  });
});
