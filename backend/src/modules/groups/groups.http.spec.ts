import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { aContact, aSession } from '../../testing/factories.ts';
import { groupFacts } from '../../testing/group-facts.ts';
import { planOf } from '../../testing/plan-of.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { GroupFacts, GroupParticipant } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { applySnapshots } from './group-snapshots.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { GroupEventPage, GroupGrowth, GroupPage, GroupParticipantPage, GroupView } from './groups.dto.ts';

const SELF: Peer = { phone: '+972541230000', lid: '990000' };

let app: TestApi;
let dana: TestPerson;
let organization: OrganizationId;
let session: SessionId;
let db: TenantDb;

beforeAll(async () => {
  app = await startApi();
  dana = await app.signUpOwner('Dana', 'Acme');
  organization = OrganizationId.parse(dana.organization);
  session = await aSession(app.database.admin, organization, { phone_number: SELF.phone });
  db = app.app.get(TenantDb);
  await told('1', { subject: 'Dance class', announcement: true }, [
    { ...SELF, role: 'admin' },
    { phone: '+972541231001', lid: '991001', role: 'superadmin' },
    ...Array.from({ length: 5 }, (_, n) => ({ phone: `+97254200000${n}`, lid: `80${n}`, role: 'member' as const })),
    { phone: null, lid: '777', role: 'member' },
  ]);
  await told('2', { subject: 'algebra', description: 'On Mondays' }, [{ ...SELF, role: 'member' }]);
  await told('3', { subject: 'Zoo' }, [{ phone: '+972541231001', lid: null, role: 'member' }]);
});
afterAll(() => app.close());

const jidOf = (n: string) => `12036304123456780${n}@g.us`;
const told = (
  n: string,
  facts: Partial<GroupFacts>,
  participants: GroupParticipant[],
  whose = { session, self: SELF },
) =>
  db.asTenantSql(organization, (sql) =>
    applySnapshots(sql, whose, {
      snapshots: [{ jid: jidOf(n), facts: groupFacts(facts), participants }],
      at: new Date(),
      all: null,
    }),
  );
const people4 = (n: number): GroupParticipant[] =>
  Array.from({ length: n }, (_, i) => ({ phone: null, lid: `4${i}`, role: 'member' }));
const list = async (query = '') => (await dana.call<GroupPage>('GET', `/groups?${query}`)).body;
const subjects = async (query = '') => (await list(query)).items.map(({ subject }) => subject);
const people = async (query = '', jid = jidOf('1')) =>
  (await dana.call<GroupParticipantPage>('GET', `/groups/${jid}/participants?${query}`)).body;

describe('groups', () => {
  it('are listed by subject, page by page, with what our number is in them', async () => {
    expect(await subjects()).toEqual(['algebra', 'Dance class', 'Zoo']);
    const first = await list('limit=2');
    expect(first.items.map(({ subject }) => subject)).toEqual(['algebra', 'Dance class']);
    expect(await subjects(`limit=2&cursor=${first.next_cursor}`)).toEqual(['Zoo']);
    expect(first.items[1]).toMatchObject({
      jid: jidOf('1'),
      size: 8,
      announcement: true,
      numbers: [{ session_id: session, role: 'admin' }],
    });
  });

  it('are found by a part of the subject, by number, and by what it may do there', async () => {
    expect(await subjects('search=CLASS')).toEqual(['Dance class']);
    expect(await subjects('search=%25')).toEqual([]);
    expect(await subjects(`session_id=${session}`)).toEqual(['algebra', 'Dance class']);
    expect(await subjects('admin=true')).toEqual(['Dance class']);
    expect(await subjects(`session_id=${newId()}`)).toEqual([]);
  });

  it('are listed by size too, page by page', async () => {
    expect(await subjects('sort=size')).toEqual(['Dance class', 'algebra', 'Zoo']);
    const first = await list('sort=size&limit=2');
    expect(await subjects(`sort=size&limit=2&cursor=${first.next_cursor}`)).toEqual(['Zoo']);
    expect(await dana.call('GET', `/groups?cursor=${first.next_cursor}`)).toMatchObject({ status: 422 });
  });

  it('are narrowed to those where ours is no admin, to a kind, a community, and single ones', async () => {
    await told('6', { subject: 'School', kind: 'community' }, [{ ...SELF, role: 'admin' }]);
    await told('7', { subject: 'Year one', communityJid: jidOf('6') }, [{ ...SELF, role: 'member' }]);
    const of = async (query: string) => (await list(query)).items;
    expect(await subjects('admin=false')).toEqual(['algebra', 'Year one']);
    expect(await subjects('kind=community')).toEqual(['School']);
    expect(await of(`community_jid=${jidOf('6')}`)).toMatchObject([
      { subject: 'Year one', community_jid: jidOf('6'), community_subject: 'School' },
    ]);
    const ids = (await of('search=a')).map(({ id }) => id);
    expect(await subjects(`ids=${ids.join(',')},${newId()}`)).toEqual(['algebra', 'Dance class', 'Year one']);
    await app.database.admin.query(
      'delete from group_sessions g using groups o where o.id = g.group_id and o.jid = any ($1)',
      [['6', '7'].map(jidOf)],
    );
    await app.database.admin.query('delete from groups where jid = any ($1)', [['6', '7'].map(jidOf)]);
  });

  it('are shown one by one; one that nobody is in is not there', async () => {
    const { body } = await dana.call<GroupView>('GET', `/groups/${jidOf('2')}`);
    expect(body).toMatchObject({ description: 'On Mondays' });
    const missing = await dana.call('GET', `/groups/${jidOf('9')}`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'group_not_found' } });
    expect(await dana.call('GET', '/groups/neighbours')).toMatchObject({ status: 422 });
  });

  it("of another organization are nobody's business", async () => {
    const omar = await app.signUpOwner('Omar', 'Other');
    expect((await omar.call<GroupPage>('GET', '/groups')).body.items).toEqual([]);
    expect(await omar.call('GET', `/groups/${jidOf('1')}/participants`)).toMatchObject({ status: 404 });
  });
});

it('of a number that was deleted and linked again has it once, and as the new one', async () => {
  const phone = '+972541239000';
  const self: Peer = { phone, lid: '999000' };
  const facts = { subject: 'Twice' };
  const everybody: GroupParticipant[] = [
    { ...self, role: 'admin' },
    { phone: null, lid: '555', role: 'member' },
  ];
  const { admin } = app.database;
  const first = await aSession(admin, organization, { phone_number: phone });
  await told('5', facts, everybody, { session: first, self });
  expect((await list('admin=true')).items.map(({ subject }) => subject)).toContain('Twice');
  await admin.query('update sessions set deleted_at = now() where id = $1', [first]);
  expect((await list('admin=true')).items.map(({ subject }) => subject)).not.toContain('Twice');
  const second = await aSession(admin, organization, { phone_number: phone });
  await told('5', facts, everybody, { session: second, self });
  expect((await people('', jidOf('5'))).items.map(({ lid, session_id: id }) => [lid, id])).toEqual([
    [self.lid, second],
    ['555', null],
  ]);
  const { body } = await dana.call<GroupView>('GET', `/groups/${jidOf('5')}`);
  expect(body.numbers).toEqual([{ session_id: second, role: 'admin', cannot: {} }]);
});

describe('the people of a group', () => {
  it('are listed with admins first, our numbers and our contacts named', async () => {
    const known = await aContact(app.database.admin, organization, { phone_number: '+972542000003', name: 'Noa' });
    const { items } = await people();
    expect(items.map(({ role }) => role).slice(0, 3)).toEqual(['superadmin', 'admin', 'member']);
    expect(items).toHaveLength(8);
    expect(items.find(({ phone_number: phone }) => phone === SELF.phone)).toMatchObject({ session_id: session });
    expect(items.find(({ phone_number: phone }) => phone === '+972542000003')).toMatchObject({
      contact: { id: known.id, name: 'Noa' },
      session_id: null,
    });
    expect(items.find(({ lid }) => lid === '777')).toMatchObject({ phone_number: null, contact: null });
  });

  it('are read page by page, each once', async () => {
    const seen: (string | null)[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: GroupParticipantPage = await people(`limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items.map(({ lid }) => lid));
      cursor = page.next_cursor;
    }
    expect(new Set(seen).size).toBe(8);
    expect(seen).toHaveLength(8);
  });

  it('are found by name, number, privacy address and role', async () => {
    const lids = async (query: string) => (await people(query)).items.map(({ lid }) => lid);
    expect(await lids('search=noa')).toEqual(['803']);
    expect(await lids('search=054-200-0002')).toEqual(['802']);
    expect(await lids('search=777')).toEqual(['777']);
    expect(await lids('role=admin')).toEqual([SELF.lid]);
    expect(await lids('admin=true')).toEqual(['991001', SELF.lid]);
  });

  it('are taken out as CSV, which the audit log knows', async () => {
    const response = await dana.request('GET', `/groups/${jidOf('1')}/participants/export`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    const [head, ...lines] = (await response.text()).trim().split('\r\n');
    expect(head).toBe('phone_number,name,role,joined_at,privacy_address');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe("'+972541231001,,superadmin,,991001");
    expect(lines).toContain("'+972542000003,Noa,member,,803");
    expect(lines).toContain(',,member,,777');
    const { body } = await dana.call<AuditPage>('GET', '/audit-logs?action=group.exported');
    expect(body.items).toMatchObject([{ target: { type: 'group' }, changes: { name: { to: 'Dance class' } } }]);
    expect((await dana.request('GET', `/groups/${jidOf('9')}/participants/export`)).status).toBe(404);
  });
});

it('growth counts back from how many there are, by the days of the organization', async () => {
  const { admin } = app.database;
  await told('4', { subject: 'Growing' }, [{ ...SELF, role: 'member' }, ...people4(2)]);
  const { body: group } = await dana.call<GroupView>('GET', `/groups/${jidOf('4')}`);
  await admin.query(`update groups set created_at = now() - interval '5 days' where id = $1`, [group.id]);
  const happened = (daysAgo: number, type: string, n: number) =>
    admin.query(
      `insert into group_events (organization_id, group_id, id, type, at, lid, size, key)
       select $1, $2, gen_random_uuid(), $3, now() - $4 * interval '1 day', 'x' || i, 0, decode(md5($3 || $4 || i), 'hex') from generate_series(1, $5) i`,
      [organization, group.id, type, daysAgo, n],
    );
  await happened(3, 'added', 4);
  await happened(2, 'removed', 1);
  await happened(2, 'promoted', 2);
  await happened(0, 'left', 2);
  const { body } = await dana.call<GroupGrowth>('GET', `/groups/${jidOf('4')}/growth?days=7`);
  expect(body.items.map(({ joined, left, size }) => [joined, left, size])).toEqual([
    [0, 0, null],
    [0, 0, 2],
    [0, 0, 2],
    [4, 0, 6],
    [0, 1, 5],
    [0, 0, 5],
    [0, 2, 3],
  ]);
  const events: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/groups/${jidOf('4')}/events?limit=4${cursor ? `&cursor=${cursor}` : ''}`;
    const page: GroupEventPage = (await dana.call<GroupEventPage>('GET', path)).body;
    events.push(...page.items.map(({ type }) => type));
    cursor = page.next_cursor;
  }
  expect(events).toHaveLength(9);
  expect([events[0], events.at(-1)]).toEqual(['left', 'added']);
});

it('what happened names whom of our contacts it is about, and who of them did it', async () => {
  const { admin } = app.database;
  const { body: group } = await dana.call<GroupView>('GET', `/groups/${jidOf('2')}`);
  const rina = await aContact(admin, organization, { phone_number: '+972542009001', name: 'Rina' });
  const old = await aContact(admin, organization, { phone_number: '+972542009002', merged_into: rina.id });
  await admin.query(
    `insert into group_events (organization_id, group_id, id, type, at, phone_number, actor_phone_number, size, key)
     values ($1, $2, gen_random_uuid(), 'added', now(), '+972542009003', $3, 2, '\\x01')`,
    [organization, group.id, old.phone_number],
  );
  const { body } = await dana.call<GroupEventPage>('GET', `/groups/${jidOf('2')}/events`);
  expect(body.items[0]).toMatchObject({ contact: null, actor: { contact: { id: rina.id, name: 'Rina' } } });
});

it.each(['subject', 'size'])('a page by %s is read from an index, however many groups there are', async (sort) => {
  const { admin } = app.database;
  const rina = await app.signUpOwner('Rina', `Large by ${sort}`);
  await admin.query(
    `insert into groups (organization_id, id, jid, subject, size, told_at)
     select $1, gen_random_uuid(), '12036304' || i || '@g.us', 'Group ' || i, i % 997, now() from generate_series(1, 3000) i`,
    [rina.organization],
  );
  await admin.query('analyze groups');
  const of = { db, organization: OrganizationId.parse(rina.organization), name: `groups.list_by_${sort}` };
  const page = (cursor = '') => rina.call<GroupPage>('GET', `/groups?sort=${sort}&limit=20${cursor}`);
  const { body: first } = await page();
  for (const cursor of ['', `&cursor=${first.next_cursor}`]) {
    const plan = await planOf(of, () => page(cursor));
    expect(plan).toMatch(new RegExp(`Index Scan using groups_by_${sort} on groups g`));
    expect(plan).not.toMatch(/Sort Key/);
  }
});
