import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { dice } from '../../../../testing/dice.ts';
import { inOrder } from '../../../../testing/in-order.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { NodeId } from '../../platform/signals/node-id.ts';
import { Signals } from '../../platform/signals/signals.ts';
import { aSession, anOrganization, leaseOf } from '../../testing/factories.ts';
import { groupFacts } from '../../testing/group-facts.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aConfig } from '../../testing/settings.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import type { GroupChange, GroupFacts, GroupParticipant, GroupRole, PeopleChange } from '../sessions/session-groups.ts';
import type { Lease, Peer } from '../sessions/session-traffic.ts';
import { GroupsTold } from './groups-told.service.ts';

let database: OpenDatabase;
let admin: pg.Client;
let told: GroupsTold;
let leases: Lease[];

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  const signals = new Signals(aConfig({ DATABASE_URL: database.url }), new NodeId());
  told = new GroupsTold(new TenantDb(database.pool('app_tenant', 4)), new Facts(), signals);
});
afterAll(() => database.close());
beforeEach(async () => {
  const organization = await anOrganization(admin);
  leases = [];
  for (let n = 0; n < 2; n += 1) leases.push(leaseOf({ organization, session: await aSession(admin, organization) }));
});

const JID = '120363041234567890@g.us';
const START = Date.parse('2026-11-01T09:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1_000);
const person = (n: number): Peer => ({ phone: `+97254123${1_000 + n}`, lid: `99${1_000 + n}` });
const [US, THEM] = [person(0), person(1)];
const as = (role: GroupRole, ...people: Peer[]): GroupParticipant[] => people.map((one) => ({ ...one, role }));
const leaseNo = (n: number): Lease => {
  const lease = leases[n];
  if (!lease) throw new Error(`no session ${n}`);
  return lease;
};
type Snapshot = {
  seconds: number;
  jid?: string;
  all?: boolean;
  facts?: Partial<GroupFacts>;
  from?: number;
  self?: Peer;
};
const tell = (
  participants: readonly GroupParticipant[],
  { seconds, jid = JID, all = false, facts = {}, from = 0, self = US }: Snapshot,
) =>
  told.groupsTold(leaseNo(from), self, {
    snapshots: [{ jid, facts: groupFacts(facts), participants }],
    at: at(seconds),
    all: all ? [jid] : null,
  });
const change = (what: GroupChange['what'], seconds: number, actor: Peer | null = THEM): GroupChange => ({
  inboxId: '',
  jid: JID,
  at: at(seconds),
  actor,
  what,
});
const happens = (type: PeopleChange, people: readonly Peer[], seconds: number) => change({ type, people }, seconds);
const hears = (changes: readonly GroupChange[], from = 0, self = US) =>
  told.groupsChanged(leaseNo(from), self, changes);

async function rowsOf<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await admin.query<Row>(sql, [leaseNo(0).organization])).rows;
}
/** Who is in the group, by his privacy address, in which role. */
const members = async () =>
  Object.fromEntries(
    (
      await rowsOf<{ who: string; role: string }>(
        `select coalesce(lid, phone_number) as who, role from group_participants where organization_id = $1 and role is not null order by 1`,
      )
    ).map(({ who, role }) => [who, role]),
  );
const group = async () =>
  (
    await rowsOf<{ subject: string; size: number; description: string | null }>(
      'select * from groups where organization_id = $1',
    )
  )[0];
const events = () =>
  rowsOf<{ type: PeopleChange; who: string; by: string | null; size: number; noticed: boolean; at: Date }>(
    `select type, coalesce(lid, phone_number) as who, actor_lid as by, size, noticed, at from group_events where organization_id = $1 order by at, id`,
  );
const ours = () =>
  rowsOf<{ role: string | null; stale: boolean }>(
    `select p.role, s.stale_at is not null as stale from group_sessions s left join group_participants p on p.id = s.participant_id where s.organization_id = $1`,
  );

describe('a group', () => {
  it('is what WhatsApp says of it, and who was in it when we heard of it has not just come', async () => {
    await tell([...as('superadmin', US), ...as('member', THEM)], {
      seconds: 0,
      facts: { description: 'Of the house' },
    });
    expect(await group()).toMatchObject({ subject: 'Neighbours', description: 'Of the house', size: 2 });
    expect(await members()).toEqual({ [US.lid ?? '']: 'superadmin', [THEM.lid ?? '']: 'member' });
    expect(await events()).toEqual([]);
    expect(await ours()).toEqual([{ role: 'superadmin', stale: false }]);
    expect(
      await rowsOf("select from private.facts where organization_id = $1 and type = 'group.updated'"),
    ).toHaveLength(1);
  });

  it('changes as it is told, each change once, whoever of our numbers hears it', async () => {
    await tell(as('admin', US, THEM), { seconds: 0 });
    const news = [
      happens('added', [person(2), person(3)], 10),
      happens('promoted', [person(2)], 11),
      happens('removed', [person(3)], 12),
      change({ type: 'changed', facts: { subject: 'Friends', announcement: true } }, 13),
    ];
    await hears(news);
    await hears(news);
    await hears(news, 1, THEM);
    expect(await members()).toMatchObject({ [person(2).lid ?? '']: 'admin' });
    expect(await group()).toMatchObject({ subject: 'Friends', size: 3, announcement: true });
    expect((await events()).map(({ type, who, size }) => [type, who, size])).toEqual([
      ['added', person(2).lid, 4],
      ['added', person(3).lid, 4],
      ['promoted', person(2).lid, 4],
      ['removed', person(3).lid, 3],
    ]);
    expect((await events()).every(({ by, noticed }) => by === THEM.lid && !noticed)).toBe(true);
  });

  it('is not what it was before because a number hears late', async () => {
    await tell(as('admin', US, THEM), { seconds: 0 });
    await hears([happens('added', [person(2)], 10), happens('left', [person(2)], 20)]);
    await hears([happens('promoted', [person(2)], 15)], 1, THEM);
    expect(await members()).not.toHaveProperty([person(2).lid ?? '']);
    await tell(as('admin', US, THEM), { seconds: 30, facts: { subject: 'Now' } });
    await hears([change({ type: 'changed', facts: { subject: 'Then' } }, 25)]);
    expect(await group()).toMatchObject({ subject: 'Now', size: 2 });
  });

  it('has lost and won people while nobody of us was there', async () => {
    await tell(as('admin', US, THEM, person(2)), { seconds: 0 });
    await tell(as('admin', US, person(2), person(3)), { seconds: 100 });
    expect((await events()).map(({ type, who, noticed, by }) => [type, who, noticed, by])).toEqual(
      expect.arrayContaining([
        ['left', THEM.lid, true, null],
        ['joined', person(3).lid, true, null],
      ]),
    );
    expect(await events()).toHaveLength(2);
    expect(await group()).toMatchObject({ size: 3 });
  });

  it('has one event of what was seen first and is told later, by whoever it was', async () => {
    await tell(as('admin', US, THEM), { seconds: 0 });
    await tell(as('admin', US, person(2)), { seconds: 100 });
    await hears([happens('removed', [THEM], 50), happens('added', [person(2)], 101)], 1, person(4));
    expect((await events()).map(({ type, who, noticed, by }) => [type, who, noticed, by])).toEqual([
      ['removed', THEM.lid, false, THEM.lid],
      ['added', person(2).lid, false, THEM.lid],
    ]);
    await hears([happens('removed', [person(2)], 110), happens('added', [person(2)], 120)], 1, person(4));
    expect(await events()).toHaveLength(4);
    expect(await members()).toHaveProperty([person(2).lid ?? '']);
  });

  it('that a number is in no more is left, and stays known', async () => {
    await tell(as('member', US, THEM), { seconds: 0 });
    const other = '120363049999999999@g.us';
    await tell(as('member', US), { seconds: 50, jid: other, all: true });
    expect(inOrder((await ours()).map(({ role }) => role))).toEqual(['', 'member']);
    expect(await members()).toMatchObject({ [THEM.lid ?? '']: 'member' });
  });

  it('of which only a change was heard is asked for', async () => {
    await hears([happens('added', [person(2)], 10)]);
    expect(await ours()).toEqual([{ role: null, stale: true }]);
    await tell(as('member', US, THEM, person(2)), { seconds: 20 });
    expect(await ours()).toEqual([{ role: 'member', stale: false }]);
    await hears([change({ type: 'unclear' }, 30)]);
    await hears([happens('added', [person(4)], 31)]);
    expect(await ours()).toEqual([{ role: 'member', stale: true }]);
  });

  it('is asked for until what is told is newer than what left something open, by whichever number', async () => {
    await tell(as('member', US, THEM), { seconds: 10 });
    await tell(as('member', US, THEM), { seconds: 10, from: 1, self: THEM });
    await hears([change({ type: 'unclear' }, 10)]);
    await hears([change({ type: 'unclear' }, 10)], 1, THEM);
    await tell(as('member', US, THEM), { seconds: 9 });
    const asked = () => told.wanted(leaseNo(0), US);
    expect(await ours()).toEqual([1, 2].map(() => ({ role: 'member', stale: true })));
    expect(await asked()).toMatchObject({ jids: [expect.any(String)], since: expect.any(Date) });
    await tell(as('member', US, THEM), { seconds: 10, from: 1, self: THEM });
    expect(await ours()).toEqual([1, 2].map(() => ({ role: 'member', stale: false })));
    expect(await asked()).toMatchObject({ jids: [], since: null });
  });

  it('knows one person under both addresses', async () => {
    const [byNumber, byAddress] = [
      { ...person(5), lid: null },
      { ...person(5), phone: null },
    ];
    await tell(as('member', US, byNumber), { seconds: 0 });
    await hears([happens('promoted', [person(5)], 5)]);
    await hears([happens('demoted', [byAddress], 6)]);
    await tell(as('member', US, person(5)), { seconds: 10 });
    expect(await group()).toMatchObject({ size: 2 });
    expect(Object.keys(await members())).toEqual(inOrder([US.lid ?? '', person(5).lid ?? '']));
  });

  it('knows its own number still when that turns out to be two', async () => {
    const [byNumber, byAddress] = [
      { ...US, lid: null },
      { ...US, phone: null },
    ];
    await tell(as('member', byNumber, THEM), { seconds: 0, self: byNumber });
    await hears([happens('promoted', [byAddress], 5)], 0, byNumber);
    await tell(as('admin', US, THEM), { seconds: 10 });
    expect(await ours()).toEqual([{ role: 'admin', stale: false }]);
    expect(await group()).toMatchObject({ size: 2 });
  });

  it('is told by nobody who has lost the number', async () => {
    const stale = leaseOf(leaseNo(0), 1n);
    await expect(told.groupsChanged(stale, US, [happens('added', [THEM], 1)])).rejects.toBeInstanceOf(StaleLease);
    expect(await group()).toBeUndefined();
  });
});

it.each([1, 2, 3, 4])('two numbers that hear the same at the same time agree with WhatsApp (%d)', async (seed) => {
  const roll = dice(seed);
  const there = new Map<number, GroupRole>([
    [0, 'admin'],
    [1, 'admin'],
  ]);
  await tell(as('admin', US, THEM), { seconds: 0 });
  await tell(as('admin', US, THEM), { seconds: 0, from: 1, self: THEM });
  const all: GroupChange[] = [];
  for (let second = 1; second <= 40; second += 1) {
    const n = 2 + roll(6);
    const role = there.get(n);
    const what = role === undefined ? 'added' : (['left', 'removed', 'promoted', 'demoted'] as const)[roll(4)];
    if (!what) continue;
    all.push(happens(what, [person(n)], second));
    if (what === 'left' || what === 'removed') there.delete(n);
    else there.set(n, what === 'promoted' ? 'admin' : 'member');
  }
  const inBatches = async (from: number, self: Peer) => {
    for (let next = 0; next < all.length;) {
      const size = 1 + roll(7);
      await hears(all.slice(next, next + size), from, self);
      next += size;
    }
  };
  await Promise.all([inBatches(0, US), inBatches(1, THEM)]);
  expect(await members()).toEqual(Object.fromEntries([...there].map(([n, role]) => [person(n).lid, role])));
  expect(await group()).toMatchObject({ size: there.size });
  expect(await events()).toHaveLength(all.length);
});
