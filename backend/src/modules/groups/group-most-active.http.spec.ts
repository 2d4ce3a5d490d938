import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { firstIdAt, newId, OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { aContact, aSession, aWhatsAppId } from '../../testing/factories.ts';
import { groupFacts } from '../../testing/group-facts.ts';
import { insert, type Row } from '../../testing/insert.ts';
import { planOf } from '../../testing/plan-of.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { GroupParticipant } from '../sessions/session-groups.ts';
import type { Peer } from '../sessions/session-traffic.ts';
import { CHANGES } from '../messages/messages.dto.ts';
import { openConversations } from './group-chats.ts';
import { applySnapshots } from './group-snapshots.ts';
import type { GroupMostActive } from './groups.dto.ts';

const FRONT: Peer = { phone: '+972541230000', lid: '990000' };
const BACK: Peer = { phone: '+972541230001', lid: '990001' };
const NOA: Peer = { phone: '+972541231001', lid: '991001' };
const OMAR: Peer = { phone: null, lid: '991002' };
const JID = '120363041234567801@g.us';
const HOUR_MS = 3_600_000;

let app: TestApi;
let dana: TestPerson;
let organization: OrganizationId;
let db: TenantDb;
let front: SessionId;
let back: SessionId;
let group: string;
/** Of a number. */
const chats = new Map<string, string>();

beforeAll(async () => {
  app = await startApi();
  dana = await app.signUpOwner('Dana', 'Acme');
  organization = OrganizationId.parse(dana.organization);
  db = app.app.get(TenantDb);
  const { admin } = app.database;
  await admin.query(`update organizations set time_zone = 'Asia/Jerusalem' where id = $1`, [organization]);
  front = await aSession(admin, organization, { phone_number: FRONT.phone });
  back = await aSession(admin, organization, { phone_number: BACK.phone });
  await told(front, FRONT);
  await told(back, BACK);
  const { rows } = await admin.query<{ id: string }>('select id from groups where jid = $1', [JID]);
  group = rows[0]?.id ?? '';
  await db.asTenantSql(organization, async (sql) => {
    for (const session of [front, back])
      chats.set(session, (await openConversations(sql, session, [group])).get(group) ?? '');
  });
});
afterAll(() => app.close());

const EVERYBODY: GroupParticipant[] = [
  { ...FRONT, role: 'admin' },
  { ...BACK, role: 'member' },
  { ...NOA, role: 'superadmin' },
  { ...OMAR, role: 'member' },
];
const told = (session: SessionId, self: Peer, participants = EVERYBODY, jid = JID) =>
  db.asTenantSql(organization, (sql) =>
    applySnapshots(
      sql,
      { session, self },
      { snapshots: [{ jid, facts: groupFacts({ subject: 'Neighbours' }), participants }], at: new Date(), all: null },
    ),
  );
const participant = async ({ lid }: Peer) => {
  const { rows } = await app.database.admin.query<{ id: string }>(
    'select id from group_participants where group_id = $1 and lid = $2',
    [group, lid],
  );
  return rows[0]?.id ?? null;
};

/** As a number has it that somebody wrote, so long ago. */
async function has(session: SessionId, by: Peer | null, hoursAgo: number, over: Row = {}): Promise<void> {
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  await insert(app.database.admin, 'messages', {
    organization_id: organization,
    id: firstIdAt(at).slice(0, 14) + newId().slice(14),
    session_id: session,
    conversation_id: chats.get(session),
    direction: by ? 'inbound' : 'outbound',
    type: 'text',
    text: 'Who has a ladder?',
    status: by ? 'received' : 'sent',
    whatsapp_message_id: aWhatsAppId(),
    participant_id: by && (await participant(by)),
    sent_at: at,
    ...over,
  });
}
/** As both of our numbers have it. */
async function wrote(by: Peer, hoursAgo: number, over: Row = {}): Promise<void> {
  const whatsapp_message_id = aWhatsAppId();
  await has(front, by === FRONT ? null : by, hoursAgo, { whatsapp_message_id, ...over });
  await has(back, by === BACK ? null : by, hoursAgo, { whatsapp_message_id, ...over });
}
const mostActive = async (query = '', jid = JID) =>
  (await dana.call<GroupMostActive>('GET', `/groups/${jid}/most-active?${query}`)).body;
const figures = ({ items }: GroupMostActive) => items.map(({ lid, messages }) => [lid, messages]);

describe('the most active people of a group', () => {
  it('are nobody while nobody has written', async () => {
    expect(await mostActive()).toEqual({ messages: 0, people: 0, items: [] });
  });

  it('are told with how often they wrote, each message once however many of our numbers have it', async () => {
    const noa = await aContact(app.database.admin, organization, { phone_number: NOA.phone, name: 'Noa' });
    await wrote(NOA, 30);
    await wrote(NOA, 27);
    await wrote(NOA, 26);
    await wrote(OMAR, 26);
    await wrote(FRONT, 28);
    await wrote(FRONT, 29);
    const active = await mostActive();
    expect(active).toMatchObject({ messages: 6, people: 3 });
    expect(figures(active)).toEqual([
      [NOA.lid, 3],
      [FRONT.lid, 2],
      [OMAR.lid, 1],
    ]);
    expect(active.items).toMatchObject([
      { phone_number: NOA.phone, role: 'superadmin', contact: { id: noa.id, name: 'Noa' }, session_id: null },
      { phone_number: FRONT.phone, role: 'admin', contact: null, session_id: front },
      { phone_number: null, role: 'member', contact: null, session_id: null },
    ]);
    const ago = Date.now() - Date.parse(active.items[0]?.last_written_at ?? '');
    expect(Math.round(ago / HOUR_MS)).toBe(26);
  });

  it('are as many as asked for, and what all wrote is told still', async () => {
    expect(await mostActive('limit=1')).toMatchObject({ messages: 6, people: 3, items: [{ lid: NOA.lid }] });
    for (const query of ['limit=0', 'limit=101', 'days=0', 'days=367'])
      expect(await dana.call('GET', `/groups/${JID}/most-active?${query}`)).toMatchObject({ status: 422 });
  });

  it('are not those who react, vote, edit and delete, nor what has not left', async () => {
    for (const type of CHANGES) await wrote(OMAR, 2, { type, text: null });
    for (const status of ['queued', 'failed', 'cancelled']) await has(front, null, 2, { status, sent_at: null });
    expect(figures(await mostActive())).toEqual([
      [NOA.lid, 3],
      [FRONT.lid, 2],
      [OMAR.lid, 1],
    ]);
  });

  it('are of the days that are asked for, by the clock of the organization', async () => {
    const { rows } = await app.database.admin.query<{ hours: number }>(
      `select extract(epoch from now() - date_trunc('day', now(), 'Asia/Jerusalem'))::float / 3600 as hours`,
    );
    const today = rows[0]?.hours ?? 0;
    await wrote(OMAR, 40 * 24);
    await wrote(OMAR, 40 * 24);
    await wrote(OMAR, 40 * 24);
    await wrote(BACK, today - 1 / 60 / 60); // in the first second of today
    await wrote(NOA, today + 1 / 60 / 60); // in the last one of yesterday
    expect(figures(await mostActive('days=1'))).toEqual([[BACK.lid, 1]]);
    const lids = async (days: number) => figures(await mostActive(`days=${days}`));
    expect((await lids(30)).find(([lid]) => lid === OMAR.lid)).toEqual([OMAR.lid, 1]);
    expect((await lids(90)).find(([lid]) => lid === OMAR.lid)).toEqual([OMAR.lid, 4]);
  });

  it('count what was told late by when it was written', async () => {
    await has(front, OMAR, 100 * 24, { id: newId() });
    expect(figures(await mostActive('days=90'))).toContainEqual([OMAR.lid, 4]);
    expect(figures(await mostActive('days=120'))).toContainEqual([OMAR.lid, 5]);
  });

  it('are told also when they have left', async () => {
    const left = EVERYBODY.filter(({ lid }) => lid !== OMAR.lid);
    await told(front, FRONT, left);
    expect((await mostActive()).items).toContainEqual(expect.objectContaining({ lid: OMAR.lid, role: null }));
  });

  it("are of that group alone, and nobody else's business", async () => {
    const other = '120363041234567802@g.us';
    await told(front, FRONT, EVERYBODY, other);
    expect((await mostActive('', other)).items).toEqual([]);
    const omar = await app.signUpOwner('Omar', 'Other');
    expect(await omar.call('GET', `/groups/${JID}/most-active`)).toMatchObject({ status: 404 });
  });

  it('are counted in one statement that looks at the messages of these days alone, however many there are', async () => {
    const { admin } = app.database;
    await admin.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, status, whatsapp_message_id, participant_id, sent_at)
       select $1, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '70008' || lpad(i::text, 15, '0'))::uuid,
              $2, $3, 'inbound', 'text', 'received', 'OLD' || i, $4, at
         from generate_series(1, 20000) i, lateral (select now() - interval '200 days' - i * interval '1 minute' as at) t`,
      [organization, front, chats.get(front), await participant(NOA)],
    );
    await admin.query('analyze messages');
    const plan = await planOf({ db, organization, name: 'groups.most_active' }, () => mostActive());
    expect(plan).toMatch(/(Index|Bitmap Heap) Scan.* on messages/);
    expect(plan).not.toMatch(/Seq Scan on messages/);
    const read = [...plan.matchAll(/ on messages.*rows=([\d.]+) loops=(\d+)/g)];
    expect(read.reduce((sum, [, some, loops]) => sum + Number(some) * Number(loops), 0)).toBeLessThan(100);
  });
});
