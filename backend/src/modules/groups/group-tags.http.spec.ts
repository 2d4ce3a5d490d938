import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { aContact, aSession } from '../../testing/factories.ts';
import { groupFacts } from '../../testing/group-facts.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { ContactPage } from '../contacts/contacts.dto.ts';
import type { GroupParticipant } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { applySnapshots } from './group-snapshots.ts';
import type { GroupParticipantPage, ParticipantsTagged, TagParticipants } from './groups.dto.ts';

const SELF: Peer = { phone: '+972541230000', lid: '990000' };
const MANY = 1_024;

let app: TestApi;
let dana: TestPerson;
let organization: OrganizationId;
let session: SessionId;

beforeAll(async () => {
  app = await startApi();
  dana = await app.signUpOwner('Dana', 'Acme');
  organization = OrganizationId.parse(dana.organization);
  session = await aSession(app.database.admin, organization, { phone_number: SELF.phone });
});
afterAll(() => app.close());
afterEach(() => {
  jest.restoreAllMocks();
});

let groups = 0;
/** People are of one test. */
let crowd = 0;
beforeEach(() => {
  crowd += 1;
});
/** A group that our number is an admin of. @returns its jid */
async function groupOf(participants: GroupParticipant[]): Promise<string> {
  const jid = `12036304123400${(groups += 1)}@g.us`;
  await app.app.get(TenantDb).asTenantSql(organization, (sql) =>
    applySnapshots(
      sql,
      { session, self: SELF },
      {
        snapshots: [
          { jid, facts: groupFacts({ subject: 'Class' }), participants: [{ ...SELF, role: 'admin' }, ...participants] },
        ],
        at: new Date(),
        all: null,
      },
    ),
  );
  return jid;
}
const person = (n: number, over: Partial<GroupParticipant> = {}): GroupParticipant => ({
  phone: `+97254${String(crowd * 10_000 + n).padStart(7, '0')}`,
  lid: `80${crowd}00${n}`,
  role: 'member',
  ...over,
});
const people = (n: number): GroupParticipant[] => Array.from({ length: n }, (_, i) => person(i));
const tag = async (jid: string, asked: Partial<TagParticipants> & { tag: string }, by = dana) =>
  by.call<ParticipantsTagged & { code?: string }>('POST', `/groups/${jid}/participants/tag`, asked);
const tagged = async (name: string) => {
  const { rows } = await app.database.admin.query<{ phone_number: string | null; lid: string | null; id: string }>(
    `select c.id, c.phone_number, c.lid from contacts c join contact_tags x on x.contact_id = c.id join tags t on t.id = x.tag_id
      where t.name = $1 and t.organization_id = $2 order by c.phone_number, c.lid`,
    [name, organization],
  );
  return rows;
};

/** How many statements the transaction was that left the entry. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const byClient = new Map<unknown, string[]>();
  const found: number[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the client that was meant
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [given] = args;
    const text = typeof given === 'string' ? given : String((given as { text?: string }).text);
    if (text.startsWith('begin')) byClient.set(this, []);
    const statements = byClient.get(this);
    statements?.push(text);
    if (text === 'commit' && statements?.some((one) => one.includes('into contact_tags')))
      found.push(statements.length);
    return query.apply(this, args);
  });
  await work();
  jest.restoreAllMocks();
  expect(found).toHaveLength(1);
  return found[0] ?? 0;
}

describe('the people of a group', () => {
  it('become contacts with a tag, whoever shows no number too, and our own number does not', async () => {
    const jid = await groupOf([person(1), person(2, { phone: null }), person(3, { lid: null })]);
    expect(await tag(jid, { tag: 'Parents' })).toMatchObject({
      status: 200,
      body: { tag: { name: 'Parents' }, people: 3, created: 3, tagged: 3 },
    });
    const contacts = await tagged('Parents');
    expect(contacts.map(({ phone_number: phone, lid }) => [phone, lid])).toEqual([
      [person(1).phone, person(1).lid],
      [person(3).phone, null],
      [null, person(2).lid],
    ]);
    const { body } = await dana.call<ContactPage>('GET', `/contacts?search=${SELF.phone?.slice(1)}`);
    expect(body.items).toEqual([]);
  });

  it('are who they were when it is done again, by any spelling of the tag', async () => {
    const jid = await groupOf(people(3));
    await tag(jid, { tag: 'Twice' });
    const { body } = await tag(jid, { tag: 'TWICE' });
    expect(body).toMatchObject({ tag: { name: 'Twice' }, people: 3, created: 0, tagged: 0 });
    expect(await tagged('Twice')).toHaveLength(3);
  });

  it('can be admins alone, or those that are named, as far as they are in it', async () => {
    const jid = await groupOf([person(1, { role: 'admin' }), person(2, { role: 'superadmin' }), person(3), person(4)]);
    expect((await tag(jid, { tag: 'Leads', admins: true })).body).toMatchObject({ people: 2, tagged: 2 });
    const { items } = (await dana.call<GroupParticipantPage>('GET', `/groups/${jid}/participants?role=member`)).body;
    const other = (
      await dana.call<GroupParticipantPage>('GET', `/groups/${await groupOf(people(1))}/participants?role=member`)
    ).body.items[0];
    const participants = [items[0], other].flatMap((one) => (one ? [one.id] : []));
    expect((await tag(jid, { tag: 'Some', participants })).body).toMatchObject({ people: 1, tagged: 1 });
    expect(await tagged('Some')).toMatchObject([{ lid: items[0]?.lid }]);
  });

  it('keep their names and opt-outs; of merged contacts the one that is shown gets the tag', async () => {
    const jid = await groupOf([person(1), person(2)]);
    const { admin } = app.database;
    const kept = await aContact(admin, organization, { phone_number: '+972521110000', name: 'Noa' });
    await aContact(admin, organization, { phone_number: person(1).phone, merged_into: kept.id });
    const out = await aContact(admin, organization, {
      phone_number: person(2).phone,
      name: 'Omar',
      opted_out_at: new Date(),
      opt_out_source: 'person',
    });
    expect((await tag(jid, { tag: 'Known' })).body).toMatchObject({ people: 2, created: 0, tagged: 2 });
    const { body } = await dana.call<ContactPage>('GET', '/contacts?search=o');
    const names = body.items.filter(({ tags }) => tags.some(({ name }) => name === 'Known'));
    expect(names.map(({ id }) => id).toSorted()).toEqual([kept.id, out.id].toSorted());
    expect(names.find(({ id }) => id === out.id)).toMatchObject({ name: 'Omar', opted_out_at: expect.any(String) });
  });

  it('that two contacts turn out to be one of are one, and counted as who was known', async () => {
    const { admin } = app.database;
    const jid = await groupOf([person(1), person(2)]);
    const one = await aContact(admin, organization, { phone_number: person(1).phone, name: 'By number' });
    await aContact(admin, organization, { phone_number: null, lid: person(1).lid });
    expect((await tag(jid, { tag: 'United' })).body).toMatchObject({ people: 2, created: 1, tagged: 2 });
    expect((await tagged('United')).map(({ id }) => id)).toContain(one.id);
    const { rows } = await admin.query('select merged_into from contacts where lid = $1', [person(1).lid]);
    expect(rows).toEqual([{ merged_into: one.id }]);
  });

  it('are a thousand in as many statements as ten', async () => {
    const [few, many] = [await groupOf(people(10)), await groupOf(people(MANY - 1))];
    const ofFew = await statementsOf(() => tag(few, { tag: 'Few' }));
    expect(await statementsOf(() => tag(many, { tag: 'Many' }))).toBe(ofFew);
    expect(await tagged('Many')).toHaveLength(MANY - 1);
  });

  it('are told of, and the audit log knows who did it', async () => {
    const jid = await groupOf(people(2));
    const { admin } = app.database;
    await tag(jid, { tag: 'Told' });
    const told = (await tagged('Told')).map(({ id }) => id);
    const { rows } = await admin.query<{ told: string }>(
      `select type || ' ' || subject as told from private.facts where subject = any ($1)`,
      [told],
    );
    expect(rows.map((row) => row.told).toSorted()).toEqual(
      told.flatMap((id) => [`contact.created ${id}`, `contact.updated ${id}`]).toSorted(),
    );
    const { body } = await dana.call<AuditPage>('GET', '/audit-logs?action=group.tagged');
    expect(body.items[0]).toMatchObject({
      target: { type: 'group' },
      changes: { name: { to: 'Class' }, tags: { to: ['Told'] }, people: { to: 2 }, created: { to: 2 } },
    });
  });
});

it("is refused where it is nobody else's business, or says too little", async () => {
  const jid = await groupOf(people(2));
  const omar = await app.signUpOwner('Omar', 'Other');
  expect(await tag(jid, { tag: 'Theirs' }, omar)).toMatchObject({ status: 404, body: { code: 'group_not_found' } });
  const { rows } = await app.database.admin.query(`select from tags where name = 'Theirs'`);
  expect(rows).toEqual([]);
  expect(await tag(jid, { tag: '  ' })).toMatchObject({ status: 422 });
  expect((await tag(jid, { tag: 'Nobody', participants: [newId() as never] })).body).toMatchObject({ people: 0 });
  const viewer = await app.hire({ organization }, 'viewer');
  expect(await tag(jid, { tag: 'Seen' }, viewer)).toMatchObject({ status: 403 });
});
