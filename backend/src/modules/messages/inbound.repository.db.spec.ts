import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { inOrder } from '../../../../testing/in-order.ts';
import { OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { TenantDb, type TenantSql } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { anIncomingMessage, anOrganization, aSession, leaseOf } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import type { IncomingMessage, Lease } from '../sessions/session-traffic.ts';
import { InboundRepository } from './inbound.repository.ts';

/** Knows how many statements its transactions made. */
class CountingDb extends TenantDb {
  statements = 0;

  override asTenantSql<T>(organization: OrganizationId, work: (sql: TenantSql) => Promise<T>): Promise<T> {
    return super.asTenantSql(organization, (sql) =>
      work({
        ...sql,
        query: (statement, values) => {
          this.statements += 1;
          return sql.query(statement, values);
        },
      }),
    );
  }
}

let database: OpenDatabase;
let admin: pg.Client;
let db: CountingDb;
let inbound: InboundRepository;
let organization: OrganizationId;
let session: SessionId;
let lease: Lease;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  db = new CountingDb(database.pool('app_tenant', 4));
  inbound = new InboundRepository(db, new ContactsRepository(), new Facts());
});
afterAll(() => database.close());

beforeEach(async () => {
  organization = await anOrganization(admin);
  session = await aSession(admin, organization);
  lease = leaseOf({ organization, session });
});

const OMAR = '+972541230001';
const NOA = '+972541230002';

const incoming = (from: string, text: string, over: Partial<IncomingMessage> = {}): IncomingMessage =>
  anIncomingMessage({ peer: { phone: from, lid: null }, text, ...over });
/** A message of each of so many people. */
const crowd = (people: number, first = 0): IncomingMessage[] =>
  Array.from({ length: people }, (_, n) => incoming(`+9725${41_000_000 + first + n}`, `message ${n}`));

const rowsOf = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> =>
  (await admin.query<Row>(sql, [organization])).rows;
const texts = async () =>
  (await rowsOf<{ text: string }>('select text from messages where organization_id = $1 order by id')).map(
    (row) => row.text,
  );
const conversations = () =>
  rowsOf(
    `select c.phone_number as phone, coalesce(c.lid, (select max(lid) from contacts where merged_into = c.id)) as lid, v.unread_count as unread, m.text as last
       from conversations v join contacts c on c.id = v.contact_id left join messages m on m.id = v.last_message_id
      where v.organization_id = $1 and v.merged_into is null order by c.phone_number`,
  );
const facts = () =>
  rowsOf<{ subject: string }>(
    `select subject, payload from private.facts where organization_id = $1 and type = 'message.created'`,
  );

describe('what WhatsApp delivers', () => {
  it('is a message in the conversation with its writer, told of, and done with in the inbox', async () => {
    const [waiting] = await rowsOf<{ id: string }>('select id from private.session_inbox where organization_id = $1');
    const sentAt = new Date('2026-03-01T09:00:00.123Z');
    const message = incoming(OMAR, 'Are you open?', { inboxId: String(waiting?.id), sentAt, pushName: 'Omar' });
    await inbound.storeMessages(lease, [message]);
    const [stored] = await rowsOf<Record<string, string>>('select * from messages where organization_id = $1');
    expect(stored).toMatchObject({
      session_id: session,
      direction: 'inbound',
      type: 'text',
      text: 'Are you open?',
      status: 'received',
      media_state: 'none',
      whatsapp_message_id: message.whatsappMessageId,
      sent_at: sentAt,
      payload: message.payload,
    });
    expect(await conversations()).toEqual([{ phone: OMAR, lid: null, unread: 1, last: 'Are you open?' }]);
    expect(await facts()).toEqual([
      {
        subject: stored?.id,
        payload: {
          message_id: stored?.id,
          conversation_id: stored?.conversation_id,
          session_id: session,
          direction: 'inbound',
        },
      },
    ]);
    expect(await rowsOf('select stored_at from private.session_inbox where organization_id = $1')).toEqual([
      { stored_at: expect.any(Date) },
    ]);
  });

  it('counts as unread when somebody waits for an answer, and its newest stands in the list', async () => {
    await inbound.storeMessages(lease, [
      incoming(OMAR, 'told by the phone when it was linked', { isHistory: true }),
      incoming(OMAR, 'one'),
      incoming(NOA, 'hello'),
      incoming(OMAR, 'two'),
      incoming(NOA, 'written on our phone', { fromMe: true }),
    ]);
    await inbound.storeMessages(lease, [incoming(OMAR, 'three')]);
    expect(await conversations()).toEqual([
      { phone: OMAR, lid: null, unread: 3, last: 'three' },
      { phone: NOA, lid: null, unread: 1, last: 'written on our phone' },
    ]);
  });

  it('keeps its order', async () => {
    const batch = crowd(40);
    await inbound.storeMessages(lease, batch);
    expect(await texts()).toEqual(batch.map(({ text }) => text));
  });
});

describe('what WhatsApp delivers again', () => {
  it('is stored once, and counts once', async () => {
    const batch = [incoming(OMAR, 'one'), incoming(NOA, 'hello'), incoming(OMAR, 'two')];
    await inbound.storeMessages(lease, batch);
    await inbound.storeMessages(lease, batch);
    await inbound.storeMessages(lease, [...batch, ...batch, incoming(OMAR, 'three')]);
    expect(await texts()).toEqual(['one', 'hello', 'two', 'three']);
    expect(await facts()).toHaveLength(4);
    expect(await conversations()).toEqual([
      { phone: OMAR, lid: null, unread: 3, last: 'three' },
      { phone: NOA, lid: null, unread: 1, last: 'hello' },
    ]);
  });

  it('is stored once by transactions that run at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const batch = crowd(20, round * 20);
      await Promise.all(Array.from({ length: 4 }, () => inbound.storeMessages(lease, batch)));
    }
    expect(await texts()).toHaveLength(100);
    expect(await facts()).toHaveLength(100);
    expect(new Set((await conversations()).map(({ unread }) => unread as number))).toEqual(new Set([1]));
  });
});

describe('several numbers of one organization', () => {
  it('hear of the same people at the same time, in any order, and none waits for another in a circle', async () => {
    const leases = [lease];
    for (let n = 1; n < 4; n += 1) leases.push({ ...lease, session: await aSession(admin, organization) });
    for (let round = 0; round < 12; round += 1) {
      const batch = crowd(100, Math.floor(round / 2) * 100); // strangers, and then the same people
      const outcomes = await Promise.allSettled(
        leases.map((one, n) => {
          const told = batch.map((message) => ({ ...message, pushName: `name ${round} ${n}` }));
          return inbound.storeMessages(one, n % 2 === 0 ? told : told.toReversed());
        }),
      );
      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    }
    expect(await conversations()).toHaveLength(4 * 600);
    expect(await rowsOf('select from contacts where organization_id = $1')).toHaveLength(600);
  });
});

it('makes as many statements for a hundred messages as for one', async () => {
  const costOf = async (batch: readonly IncomingMessage[]) => {
    db.statements = 0;
    await inbound.storeMessages(lease, batch);
    return db.statements;
  };
  const [one, hundred] = [await costOf(crowd(1)), await costOf(crowd(100, 1))];
  expect(hundred).toBe(one);
  expect(one).toBeLessThan(15);
  expect(await costOf(crowd(100, 1))).toBe(await costOf(crowd(1))); // people who are known
});

it('stores nothing for a node that has lost the number, and tells it so', async () => {
  const [waiting] = await rowsOf<{ id: string }>('select id from private.session_inbox where organization_id = $1');
  const batch = [incoming(OMAR, 'late', { inboxId: String(waiting?.id) })];
  await expect(inbound.storeMessages({ ...lease, epoch: 2n }, batch)).rejects.toBeInstanceOf(StaleLease);
  expect(await texts()).toEqual([]);
  expect(await conversations()).toEqual([]);
  expect(await rowsOf('select from contacts where organization_id = $1')).toEqual([]);
  expect(await facts()).toEqual([]);
  expect(await rowsOf('select stored_at from private.session_inbox where organization_id = $1')).toEqual([
    { stored_at: null },
  ]);
  await inbound.storeMessages(lease, batch);
  expect(await texts()).toEqual(['late']);
});

describe('somebody known by a number and by a privacy address', () => {
  const byAddress = { peer: { phone: null, lid: '1234567' } };

  it('is one person with one conversation from the message that says so', async () => {
    await inbound.storeMessages(lease, [incoming(OMAR, 'by number'), incoming('', 'by address', byAddress)]);
    expect(await conversations()).toHaveLength(2);
    await inbound.storeMessages(lease, [incoming(OMAR, 'by both', { peer: { phone: OMAR, lid: '1234567' } })]);
    expect(await conversations()).toEqual([{ phone: OMAR, lid: '1234567', unread: 3, last: 'by both' }]);
    expect(inOrder(await texts())).toEqual(inOrder(['by number', 'by address', 'by both']));
  });

  it('is one person once WhatsApp has told which belong together, and the newest message stands in the list', async () => {
    await inbound.storeMessages(lease, [incoming(OMAR, 'by number')]);
    await inbound.storeMessages(lease, [incoming('', 'by address', byAddress)]);
    await inbound.identify(lease, [{ phone: OMAR, lid: '1234567' }]);
    expect(await conversations()).toEqual([{ phone: OMAR, lid: '1234567', unread: 2, last: 'by address' }]);
    const newest = 'select last_message_at as at from conversations where organization_id = $1 and merged_into is null';
    const stored = `select created_at as at from messages where organization_id = $1 and text = 'by address'`;
    expect(await rowsOf(newest)).toEqual(await rowsOf(stored));
  });
});
