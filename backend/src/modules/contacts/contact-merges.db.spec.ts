import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { dice } from '../../../../testing/dice.ts';
import { inOrder } from '../../../../testing/in-order.ts';
import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { anIncomingMessage, anOrganization, aSession, leaseOf } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { ConversationsRepository } from '../conversations/conversations.repository.ts';
import { InboundRepository } from '../messages/inbound.repository.ts';
import { newWhatsAppMessageId } from '../messages/message-id.ts';
import { MessagesRepository } from '../messages/messages.repository.ts';
import type { IncomingMessage, Lease, Peer } from '../sessions/session-traffic.ts';
import { mergeContacts, undoMerge } from './contact-merges.ts';
import { ContactsRepository } from './contacts.repository.ts';
import { afterDeadlocks, settlingPeople } from './settling-people.ts';

let database: OpenDatabase;
let admin: pg.Client;
let db: TenantDb;
let inbound: InboundRepository;
let messages: MessagesRepository;
let organization: OrganizationId;
let leases: Lease[];

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  db = new TenantDb(database.pool('app_tenant', 8));
  const contacts = new ContactsRepository();
  inbound = new InboundRepository(db, contacts, new Facts());
  messages = new MessagesRepository(contacts);
});
afterAll(() => database.close());

beforeEach(async () => {
  organization = await anOrganization(admin);
  leases = [];
  for (let n = 0; n < 2; n += 1) leases.push(leaseOf({ organization, session: await aSession(admin, organization) }));
});

const OMAR: Peer = { phone: '+972541230001', lid: null };
const LID: Peer = { phone: null, lid: '1234567' };
const BOTH: Peer = { phone: '+972541230001', lid: '1234567' };

const from = (peer: Peer, text: string, over: Partial<IncomingMessage> = {}) =>
  anIncomingMessage({ peer, text, ...over });
const leaseNo = (n: number): Lease => {
  const lease = leases[n];
  if (!lease) throw new Error(`no session ${n}`);
  return lease;
};
const receive = (batch: readonly IncomingMessage[], session = 0) => inbound.storeMessages(leaseNo(session), batch);
const asTenant = <T>(work: (sql: TenantSql) => Promise<T>) => afterDeadlocks(() => db.asTenantSql(organization, work));
const rowsOf = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> =>
  (await admin.query<Row>(sql, [organization])).rows;

const send = (phone: string, text: string, session = 0) =>
  settlingPeople(db, organization, async (sql) => {
    const place = await messages.conversationWith(sql, leaseNo(session).session, phone);
    const id = newId();
    await messages.accept(sql, organization, {
      id,
      session: leaseNo(session).session,
      place,
      whatsappMessageId: newWhatsAppMessageId(),
      sentBy: { type: 'system', id: null, name: 'system' },
      content: { type: 'text', text },
      origin: { trigger: 'api' },
    });
    return id;
  });

/** What is shown, by the number or address of the contact that is shown: the texts, what is unread, and what is the newest. */
const shown = () =>
  rowsOf<{ who: string; session: number; texts: string[]; unread: number; last: string | null }>(
    `select coalesce(c.phone_number, c.lid) as who, v.unread_count as unread, l.text as last,
            coalesce((select array_agg(m.text order by m.id) from messages m where m.conversation_id = v.id), '{}') as texts
       from conversations v join contacts c on c.id = v.contact_id left join messages l on l.id = v.last_message_id
      where v.organization_id = $1 and v.merged_into is null and c.merged_into is null order by 1, v.session_id`,
  );
const merges = () =>
  rowsOf<{ id: string; kept_id: string; merged_id: string }>(
    'select id, kept_id, merged_id from private.contact_merges where organization_id = $1 and undone_at is null order by merged_at, id',
  );
const undo = async (id: string | undefined) => asTenant((sql) => undoMerge(sql, organization, id ?? '', 'dana'));
const undoLast = async () => undo((await merges()).at(-1)?.id);
const idOf = async (peer: Peer) =>
  (
    await admin.query<{ id: string }>(
      'select id from contacts where organization_id = $1 and (phone_number = $2 or lid = $3)',
      [organization, peer.phone, peer.lid],
    )
  ).rows[0]?.id ?? '';
const merge = async (a: Peer, b: Peer) => {
  const [idA, idB] = [await idOf(a), await idOf(b)];
  if (idA === '' || idB === '') return null; // nobody has heard of one of them
  return asTenant((sql) =>
    mergeContacts(sql, organization, { a: idA, b: idB, keep: idA }, { source: 'person', session: null, by: 'dana' }),
  );
};
const queued = () =>
  rowsOf<{ text: string; phone: string }>(
    `select m.text, c.phone_number as phone from private.outbox o join messages m on m.id = o.message_id
       join conversations v on v.id = o.conversation_id join contacts c on c.id = v.contact_id
      where o.organization_id = $1 order by o.sequence`,
  );

describe('two contacts that turn out to be one', () => {
  it('are one with all that was said, and two again with what was said since', async () => {
    await receive([from(OMAR, 'by number'), from(LID, 'by address 1'), from(LID, 'by address 2')]);
    await receive([from(BOTH, 'by both')]);
    const texts = ['by number', 'by address 1', 'by address 2', 'by both'];
    expect(await shown()).toMatchObject([{ who: OMAR.phone, unread: 4, last: 'by both', texts }]);
    await receive([from(LID, 'since, by address'), from(OMAR, 'since, by number')]);
    expect(await shown()).toMatchObject([{ unread: 6, last: 'since, by number' }]);
    expect(await undoLast()).not.toBeNull();
    const two = await shown();
    expect(two).toMatchObject([
      { who: OMAR.phone, unread: 3, last: 'since, by number', texts: ['by number', 'by both', 'since, by number'] },
      { who: LID.lid, unread: 3, last: 'since, by address' },
    ]);
    expect(two[1]?.texts).toEqual(['by address 1', 'by address 2', 'since, by address']);
  });

  it('are not merged again by what had them merged, but by a person', async () => {
    await receive([from(OMAR, 'one'), from(LID, 'two')]);
    await receive([from(BOTH, 'three')]);
    await undoLast();
    await receive([from(BOTH, 'four')]);
    await inbound.identify(leaseNo(1), [{ phone: '+972541230001', lid: '1234567' }]);
    expect(await merges()).toEqual([]);
    expect(await shown()).toMatchObject([
      { who: OMAR.phone, texts: ['one', 'three', 'four'], unread: 3 },
      { who: LID.lid, texts: ['two'], unread: 1 },
    ]);
    expect(await merge(OMAR, LID)).not.toBeNull();
    expect(await shown()).toMatchObject([{ texts: ['one', 'two', 'three', 'four'], unread: 4 }]);
  });

  it('leave what is queued with the address that it goes to', async () => {
    await send('+972541230001', 'to one');
    await send('+972541230002', 'to the other');
    await merge(OMAR, { phone: '+972541230002', lid: null });
    await send('+972541230002', 'to the other, merged');
    const to = [
      { text: 'to one', phone: '+972541230001' },
      { text: 'to the other', phone: '+972541230002' },
      { text: 'to the other, merged', phone: '+972541230002' },
    ];
    expect(await queued()).toEqual(to);
    expect(await shown()).toMatchObject([{ texts: to.map(({ text }) => text) }]);
    await undoLast();
    expect(await queued()).toEqual(to);
    expect(await shown()).toMatchObject([{ texts: ['to one'] }, { texts: ['to the other', 'to the other, merged'] }]);
  });

  it('are read together, and what is read is told to the address that it came from', async () => {
    await receive([from(OMAR, 'one'), from(LID, 'two')]);
    await receive([from(BOTH, 'three')]);
    const [conversation] = await rowsOf<{ id: string }>(
      'select id from conversations where organization_id = $1 and merged_into is not null',
    );
    await asTenant((sql) => new ConversationsRepository().markRead(sql, conversation?.id ?? ''));
    expect(await shown()).toMatchObject([{ unread: 0 }]);
    const told = await rowsOf<{ phone: string | null; lid: string | null; n: number }>(
      `select c.phone_number as phone, c.lid, count(*)::int as n from private.reads r join conversations v on v.id = r.conversation_id
         join contacts c on c.id = v.contact_id where r.organization_id = $1 group by 1, 2 order by 3`,
    );
    expect(told).toEqual([
      { phone: null, lid: LID.lid, n: 1 },
      { phone: OMAR.phone, lid: null, n: 2 },
    ]);
    await receive([from(LID, 'four')]);
    await undoLast();
    expect(await shown()).toMatchObject([{ unread: 0 }, { unread: 1 }]);
  });

  it('are one chat to WhatsApp when it says so itself, and two when a person does', async () => {
    const isNew = async (phone: string) => {
      const id = await send(phone, 'hello');
      return (
        await admin.query<{ new_chat: number }>('select new_chat from private.outbox where message_id = $1', [id])
      ).rows[0]?.new_chat;
    };
    const OTHER = '+972541230009';
    await isNew(OMAR.phone ?? '');
    await isNew(OTHER);
    await receive([from(LID, 'I wrote')]);
    await merge({ phone: OTHER, lid: null }, LID);
    expect(await isNew(OTHER)).toBe(2);
    await undoLast();
    await receive([from(BOTH, 'both')]);
    const waiting = await rowsOf<{ phone: string; new_chat: number }>(
      `select c.phone_number as phone, o.new_chat from private.outbox o join conversations v on v.id = o.conversation_id
         join contacts c on c.id = v.contact_id where o.organization_id = $1 order by o.sequence`,
    );
    expect(waiting.map(({ phone, new_chat: chat }) => [phone, chat])).toEqual([
      [OMAR.phone, 0],
      [OTHER, 2],
      [OTHER, 2],
    ]);
  });

  it('have one reaction to one message, which is gone from it with who reacted', async () => {
    await receive([from(OMAR, 'one', { whatsappMessageId: 'M1' }), from(LID, 'two')]);
    const thumb = {
      whatsappMessageId: 'R1',
      type: 'reaction',
      target: { whatsappMessageId: 'M1', direction: 'inbound' },
    };
    await receive([from(LID, '👍', thumb as Partial<IncomingMessage>)]);
    const reactions = async () =>
      (await rowsOf<{ emoji: string }>('select emoji from message_reactions where organization_id = $1')).map(
        ({ emoji }) => emoji,
      );
    expect(await reactions()).toEqual([]);
    await merge(OMAR, LID);
    expect(await reactions()).toEqual(['👍']);
    await undoLast();
    expect(await reactions()).toEqual([]);
  });

  it('show a message once that was delivered under both addresses', async () => {
    const message = from(OMAR, 'hello');
    await receive([message]);
    await receive([{ ...message, peer: LID }]);
    await receive([from(BOTH, 'both')]);
    expect(await shown()).toMatchObject([{ texts: ['hello', 'both'] }]);
    await receive([{ ...message, peer: BOTH }]);
    expect(await shown()).toMatchObject([{ texts: ['hello', 'both'] }]);
  });

  it('give name, tags, lists and their opt-out, and take them back', async () => {
    await receive([from(OMAR, 'one'), from(LID, 'two')]);
    const [a, b] = [await idOf(OMAR), await idOf(LID)];
    await admin.query(
      `update contacts set name = 'Omar', opted_out_at = now(), opt_out_source = 'person' where id = $1`,
      [b],
    );
    const tag = newId();
    await admin.query('insert into tags (organization_id, id, name) values ($1, $2, $3)', [organization, tag, 'VIP']);
    await admin.query('insert into contact_tags values ($1, $2, $3)', [organization, b, tag]);
    await merge(OMAR, LID);
    const look = async (id: string) =>
      (
        await admin.query(
          `select name, opted_out_at is not null as out, (select count(*)::int from contact_tags where contact_id = c.id) as tags from contacts c where id = $1`,
          [id],
        )
      ).rows[0] as unknown;
    expect(await look(a)).toEqual({ name: 'Omar', out: true, tags: 1 });
    await undoLast();
    expect(await look(a)).toEqual({ name: null, out: false, tags: 0 });
    expect(await look(b)).toEqual({ name: 'Omar', out: true, tags: 1 });
  });

  it('are both opted out when one of them did so while they were one', async () => {
    await receive([from(OMAR, 'one'), from(LID, 'two')]);
    await merge(OMAR, LID);
    await admin.query(
      `update contacts set opted_out_at = now() + interval '1 s', opt_out_source = 'person' where organization_id = $1 and merged_into is null`,
      [organization],
    );
    await undoLast();
    expect(await rowsOf('select from contacts where organization_id = $1 and opted_out_at is not null')).toHaveLength(
      2,
    );
  });

  it('leave no empty conversation where only one of them had one', async () => {
    await receive([from(OMAR, 'one')]);
    await receive([from(LID, 'elsewhere')], 1);
    await merge(OMAR, LID);
    expect(await shown()).toHaveLength(2);
    await undoLast();
    expect(inOrder((await shown()).map(({ texts }) => texts.join()))).toEqual(inOrder(['one', 'elsewhere']));
  });
});

describe('several merges', () => {
  const THIRD: Peer = { phone: '+972541230003', lid: null };

  it('are undone in any order', async () => {
    await receive([from(OMAR, 'a'), from(LID, 'b'), from(THIRD, 'c')]);
    await merge(LID, OMAR);
    await merge(THIRD, LID);
    await receive([from(OMAR, 'a2'), from(LID, 'b2'), from(THIRD, 'c2')]);
    expect(await shown()).toMatchObject([{ who: THIRD.phone, unread: 6, last: 'c2' }]);
    const [first] = await merges();
    await undo(first?.id);
    expect(await shown()).toMatchObject([
      { who: OMAR.phone, texts: ['a', 'a2'], unread: 2, last: 'a2' },
      { who: THIRD.phone, texts: ['b', 'c', 'b2', 'c2'], unread: 4, last: 'c2' },
    ]);
    await undoLast();
    expect(await shown()).toMatchObject([
      { texts: ['a', 'a2'], unread: 2 },
      { who: THIRD.phone, texts: ['c', 'c2'], unread: 2, last: 'c2' },
      { who: LID.lid, texts: ['b', 'b2'], unread: 2, last: 'b2' },
    ]);
  });

  it('follow one who changes his number', async () => {
    await receive([from(BOTH, 'old number')]);
    await receive([from({ ...THIRD, lid: LID.lid }, 'new number')]);
    expect(await shown()).toMatchObject([{ who: THIRD.phone, texts: ['old number', 'new number'], unread: 2 }]);
  });
});

const PEOPLE: readonly Peer[] = Array.from({ length: 4 }, (_, n) => ({ phone: `+97254123100${n}`, lid: `99${n}` }));
/** How a message names somebody. */
const named = ({ phone, lid }: Peer, how: number): Peer =>
  [
    { phone, lid: null },
    { phone: null, lid },
    { phone, lid },
  ][how] ?? { phone, lid };

describe('whatever happens in whatever order', () => {
  /** Where each message has to lie by what is merged now, and what adds up. */
  async function judge(expected: ReadonlyMap<string, Peer>, inboundUnread: number): Promise<void> {
    const stored = await rowsOf<{ text: string; ok: boolean; home: string; phone: string | null; lid: string | null }>(
      `select m.text, h.phone_number as phone, h.lid, hv.contact_id as home,
              v.merged_into is null and v.contact_id = coalesce(h.merged_into, h.id) and coalesce(hv.merged_into, hv.id) = v.id as ok
         from messages m join conversations v on v.id = m.conversation_id
         join conversations hv on hv.id = coalesce(m.origin_conversation_id, m.conversation_id) join contacts h on h.id = hv.contact_id
        where m.organization_id = $1`,
    );
    expect(inOrder(stored.map(({ text }) => text))).toEqual(inOrder([...expected.keys()]));
    for (const { text, ok, phone, lid } of stored) {
      const peer = expected.get(text);
      const home = peer?.phone ? phone === peer.phone : lid === peer?.lid;
      expect({ text, ok, home }).toEqual({ text, ok: true, home: true });
    }
    const [sums] = await rowsOf<{ unread: number; wrong: number; hidden: number }>(
      `select coalesce(sum(unread_count) filter (where merged_into is null), 0)::int as unread,
              count(*) filter (where merged_into is null and last_message_id is distinct from
                (select m.id from messages m where m.conversation_id = v.id order by m.id desc limit 1))::int as wrong,
              count(*) filter (where merged_into is not null and exists (select from messages m where m.conversation_id = v.id))::int as hidden
         from conversations v where organization_id = $1`,
    );
    expect(sums).toEqual({ unread: inboundUnread, wrong: 0, hidden: 0 });
    const counts = await rowsOf<{ unread: number; inbound: number }>(
      `select v.unread_count as unread, (select count(*)::int from messages m where m.conversation_id = v.id and m.direction = 'inbound') as inbound
         from conversations v where v.organization_id = $1 and v.merged_into is null`,
    );
    expect(counts.filter(({ unread, inbound: n }) => unread !== n)).toEqual([]);
  }

  it.each([1, 2, 3, 4, 5, 6])(
    'nothing is lost or doubled, and all lies where it belongs (%d)',
    async (seed) => {
      const roll = dice(seed * 7_919);
      const expected = new Map<string, Peer>();
      let inboundCount = 0;
      for (let round = 0; round < 12; round += 1) {
        const work: Promise<unknown>[] = [];
        for (let n = 0; n < 5; n += 1) {
          const what = roll(10);
          const text = `${round}.${n}`;
          if (what < 6) {
            const batch = Array.from({ length: 1 + roll(3) }, (_, i) => {
              const peer = named(PEOPLE[roll(PEOPLE.length)] ?? OMAR, roll(3));
              expected.set(`${text}.${i}`, peer);
              return from(peer, `${text}.${i}`);
            });
            inboundCount += batch.length;
            const session = roll(2);
            work.push(receive(batch, session).then(() => receive(batch, session))); // what arrives twice is stored once
          } else if (what === 6) {
            const phone = PEOPLE[roll(PEOPLE.length)]?.phone ?? '';
            expected.set(text, { phone, lid: null });
            work.push(send(phone, text, roll(2)));
          } else if (what === 7) {
            const [a, b] = [PEOPLE[roll(PEOPLE.length)] ?? OMAR, PEOPLE[roll(PEOPLE.length)] ?? OMAR];
            const [howA, howB] = [roll(2), roll(2)];
            work.push(merge(named(a, howA), named(b, howB)));
          } else {
            const which = roll(1_000);
            work.push(merges().then((all) => (all.length > 0 ? undo(all[which % all.length]?.id) : null)));
          }
        }
        const failed = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected');
        expect(failed).toEqual([]);
        await judge(expected, inboundCount);
      }
      for (let all = await merges(); all.length > 0; all = await merges()) await undo(all[roll(all.length)]?.id);
      await judge(expected, inboundCount);
    },
    60_000,
  );
});

it('two numbers that learn who is who at the same time do not wait for each other in a circle', async () => {
  const crowd = Array.from({ length: 20 }, (_, n) => ({ phone: `+97254124${1_000 + n}`, lid: `88${n}` }));
  await receive(crowd.flatMap((one) => [from(named(one, 0), 'number'), from(named(one, 1), 'address')]));
  await receive(
    crowd.flatMap((one) => [from(named(one, 1), 'address')]),
    1,
  );
  await Promise.all([
    receive(crowd.map((one) => from(one, 'both'))),
    receive(
      crowd.toReversed().map((one) => from(one, 'both')),
      1,
    ),
    inbound.identify(leaseNo(0), crowd),
    inbound.identify(leaseNo(1), crowd.toReversed()),
  ]);
  expect(await merges()).toHaveLength(20);
  expect(await shown()).toHaveLength(40);
  expect((await shown()).every(({ texts, unread }) => texts.length === unread && texts.at(-1) === 'both')).toBe(true);
});
