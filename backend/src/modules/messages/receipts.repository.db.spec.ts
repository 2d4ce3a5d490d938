import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { dice } from '../../../../testing/dice.ts';
import type { Statement } from '../../platform/database/sql.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Facts } from '../../platform/facts/facts.ts';
import {
  aConversation,
  anIncomingMessage,
  aQueuedMessage,
  aSession,
  leaseOf,
  type QueuedMessage,
} from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { StaleLease } from '../sessions/sessions.errors.ts';
import type { IncomingReceipt, Lease, ReceiptStatus } from '../sessions/session-traffic.ts';
import { InboundRepository } from './inbound.repository.ts';
import { OutboxRepository } from './outbox.repository.ts';
import { ReceiptsRepository } from './receipts.repository.ts';

/** Knows how many statements went through it. */
class CountingDb extends SystemDb {
  statements = 0;

  override query<Row extends pg.QueryResultRow>(statement: string | Statement, values?: readonly unknown[]) {
    this.statements += 1;
    return super.query<Row>(statement, values);
  }
}

let database: OpenDatabase;
let admin: pg.Client;
let system: CountingDb;
let receipts: ReceiptsRepository;
let outbox: OutboxRepository;
let inbound: InboundRepository;
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  system = new CountingDb(database.pool('app_system', 2));
  receipts = new ReceiptsRepository(system);
  outbox = new OutboxRepository(system);
  const tenants = new TenantDb(database.pool('app_tenant', 2));
  inbound = new InboundRepository(tenants, new ContactsRepository(), new Facts());
});
afterAll(() => database.close());

beforeEach(async () => {
  [ours, theirs] = [await aTenant(admin, 'Ours'), await aTenant(admin, 'Theirs')];
});

const receiptOf = (whatsappMessageId: string, status: ReceiptStatus, at = new Date()): IncomingReceipt => ({
  inboxId: '',
  reader: null,
  whatsappMessageIds: [whatsappMessageId],
  status,
  at,
});

const rowOf = async (message: string) => {
  const { rows } = await admin.query<Record<string, unknown>>(
    `select status, sent_at, delivered_at, read_at, played_at, exists (select from private.outbox where message_id = id) as queued
       from messages where id = $1`,
    [message],
  );
  return rows[0];
};
/** The statuses that were told of a message, in order. */
const toldOf = async (message: string): Promise<unknown[]> => {
  const { rows } = await admin.query<{ status: string }>(
    `select payload ->> 'status' as status from private.facts where subject = $1 and type = 'message.status' order by xid, id`,
    [message],
  );
  return rows.map(({ status }) => status);
};
const parkedOf = async (whatsappMessageId: string) =>
  (
    await admin.query('select session_id, status from private.parked_receipts where whatsapp_message_id = $1', [
      whatsappMessageId,
    ])
  ).rows;
const untouched = {
  status: 'queued',
  sent_at: null,
  delivered_at: null,
  read_at: null,
  played_at: null,
  queued: true,
};

const arrived = {
  status: 'played',
  sent_at: expect.any(Date),
  delivered_at: expect.any(Date),
  read_at: expect.any(Date),
  played_at: expect.any(Date),
  queued: false,
};

describe('what becomes of one message', () => {
  type Step = 'sent' | ReceiptStatus;
  const RISING: readonly Step[] = ['sent', 'delivered', 'read', 'played'];

  /** Everything that is said of a message, each twice, in an order and in calls of the seed's choice. */
  function callsOf(seed: number): Step[][] {
    const roll = dice(seed);
    const order = [...RISING, ...RISING].map((step) => ({ step, at: roll(2 ** 31) })).toSorted((a, b) => a.at - b.at);
    const calls: Step[][] = [];
    for (const { step } of order) {
      const call = calls.at(-1);
      const together = call !== undefined && (call[0] === 'sent') === (step === 'sent') && roll(2) === 0;
      if (together) call.push(step);
      else calls.push([step]);
    }
    return calls;
  }

  /** What is to be told: each call that brings the message further, once. */
  function expectedOf(calls: readonly Step[][]): Step[] {
    let rank = -1;
    return calls.flatMap((call) => {
      const reached = Math.max(...call.map((step) => RISING.indexOf(step)));
      if (reached <= rank) return [];
      rank = reached;
      return RISING.slice(rank, rank + 1);
    });
  }

  async function say(lease: Lease, whatsappMessageId: string, call: readonly Step[]): Promise<void> {
    const said = call.flatMap((step) => (step === 'sent' ? [] : [receiptOf(whatsappMessageId, step)]));
    if (said.length > 0) await receipts.store(lease, said);
    else
      await outbox.sent(
        lease,
        call.map(() => ({ whatsappMessageId, at: new Date() })),
      );
  }

  it('is the same in whatever order and company it is said, and each step is told once', async () => {
    const messages: (QueuedMessage & { calls: Step[][] })[] = [];
    for (let seed = 0; seed < 150; seed += 1)
      messages.push({ ...(await aQueuedMessage(admin, ours)), calls: callsOf(seed) });
    await Promise.all(
      messages.map(async ({ whatsappMessageId, calls }) => {
        for (const call of calls) await say(leaseOf(ours), whatsappMessageId, call);
      }),
    );
    for (const { id, calls } of messages) {
      const outcome = { calls, told: await toldOf(id), ...(await rowOf(id)) };
      expect(outcome).toEqual({ calls, told: expectedOf(calls), ...arrived });
    }
  });

  it('keeps the time of the first receipt of each kind', async () => {
    const { id, whatsappMessageId } = await aQueuedMessage(admin, ours);
    const [first, later] = [new Date('2026-03-01T09:00:00Z'), new Date('2026-03-01T10:00:00Z')];
    await receipts.store(leaseOf(ours), [
      receiptOf(whatsappMessageId, 'delivered', later),
      receiptOf(whatsappMessageId, 'delivered', first),
    ]);
    await receipts.store(leaseOf(ours), [receiptOf(whatsappMessageId, 'read', later)]);
    await receipts.store(leaseOf(ours), [receiptOf(whatsappMessageId, 'read', new Date('2026-03-01T11:00:00Z'))]);
    expect(await rowOf(id)).toMatchObject({ delivered_at: first, read_at: later, played_at: null });
  });

  it.each(['sent', 'delivered'] as const)(
    'is that it was %s, when it had been given up and got through',
    async (step) => {
      const { id, whatsappMessageId } = await aQueuedMessage(admin, ours);
      await outbox.fail(leaseOf(ours), whatsappMessageId, 'expired');
      expect(await rowOf(id)).toMatchObject({ status: 'failed', queued: false });
      await say(leaseOf(ours), whatsappMessageId, [step]);
      const { rows } = await admin.query('select status, error_code, failed_at from messages where id = $1', [id]);
      expect(rows).toEqual([{ status: step, error_code: null, failed_at: null }]);
      expect(await toldOf(id)).toEqual(['failed', step]);
    },
  );
});

it('changes nothing for a node that has lost the number, and tells it so', async () => {
  const { id, whatsappMessageId } = await aQueuedMessage(admin, ours);
  const unknown = `3EB0${randomBytes(9).toString('hex')}`;
  const inbox = async () =>
    (await admin.query('select id from private.session_inbox where session_id = $1', [ours.session])).rows;
  const [kept] = await inbox();
  const said = { ...receiptOf(whatsappMessageId, 'read'), inboxId: String(kept.id) };
  const stale = receipts.store(leaseOf(ours, 2n), [said, receiptOf(unknown, 'read')]);
  await expect(stale).rejects.toBeInstanceOf(StaleLease);
  expect(await rowOf(id)).toEqual(untouched);
  expect(await toldOf(id)).toEqual([]);
  expect(await parkedOf(unknown)).toEqual([]);
  expect(await inbox()).toEqual([kept]);
  await receipts.store(leaseOf(ours), [said]); // the owner's is heard, and then no longer kept
  expect(await rowOf(id)).toMatchObject({ status: 'read', queued: false });
  expect(await inbox()).toEqual([]);
});

it('keeps what is said of a message that is not known yet, until its echo comes', async () => {
  const whatsappMessageId = `3A${randomBytes(9).toString('hex')}`;
  await receipts.store(leaseOf(ours), [receiptOf(whatsappMessageId, 'delivered')]);
  await receipts.store(leaseOf(ours), [
    receiptOf(whatsappMessageId, 'read'),
    receiptOf(whatsappMessageId, 'delivered'),
  ]);
  expect(await parkedOf(whatsappMessageId)).toHaveLength(2);
  await inbound.storeMessages(leaseOf(ours), [
    anIncomingMessage({ whatsappMessageId, fromMe: true, text: 'Written on the phone' }),
  ]);
  const { rows } = await admin.query<{ id: string }>('select id from messages where whatsapp_message_id = $1', [
    whatsappMessageId,
  ]);
  const id = String(rows[0]?.id);
  expect(await rowOf(id)).toMatchObject({
    status: 'read',
    delivered_at: expect.any(Date),
    read_at: expect.any(Date),
    played_at: null,
  });
  expect(await toldOf(id)).toEqual(['read']);
  expect(await parkedOf(whatsappMessageId)).toEqual([]);
});

describe('receipts of several numbers that are written together', () => {
  it('touch only the messages of their own number, whatever the ids are', async () => {
    const shared = `3EB0${randomBytes(9).toString('hex')}`;
    const session = await aSession(admin, ours.organization);
    const { conversation } = await aConversation(admin, { ...ours, session });
    const third = { ...ours, session, conversation };
    const [mine, other, yours] = [
      await aQueuedMessage(admin, ours, shared),
      await aQueuedMessage(admin, third, shared),
      await aQueuedMessage(admin, theirs, shared),
    ];
    system.statements = 0;
    await Promise.all([
      receipts.store(leaseOf(ours), [receiptOf(shared, 'delivered')]),
      receipts.store(leaseOf(third), []),
      receipts.store(leaseOf(theirs), [receiptOf(shared, 'read')]),
    ]);
    expect(system.statements).toBe(1);
    expect(await rowOf(mine.id)).toMatchObject({ status: 'delivered', read_at: null, queued: false });
    expect(await rowOf(other.id)).toEqual(untouched);
    expect(await rowOf(yours.id)).toMatchObject({ status: 'read', queued: false });
    expect(await parkedOf(shared)).toEqual([]);
  });

  it('park under the number that they came to', async () => {
    const { whatsappMessageId } = await aQueuedMessage(admin, ours);
    await Promise.all([
      receipts.store(leaseOf(ours), [receiptOf(whatsappMessageId, 'delivered')]),
      receipts.store(leaseOf(theirs), [receiptOf(whatsappMessageId, 'read')]),
    ]);
    expect(await parkedOf(whatsappMessageId)).toEqual([{ session_id: theirs.session, status: 'read' }]);
  });

  it('fail alone, when one of the numbers is no longer this node’s', async () => {
    const [mine, yours] = [await aQueuedMessage(admin, ours), await aQueuedMessage(admin, theirs)];
    system.statements = 0;
    const outcomes = await Promise.allSettled([
      receipts.store(leaseOf(ours, 2n), [receiptOf(mine.whatsappMessageId, 'read')]),
      receipts.store(leaseOf(theirs), [receiptOf(yours.whatsappMessageId, 'read')]),
    ]);
    expect(system.statements).toBe(1);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: expect.any(StaleLease) },
      { status: 'fulfilled', value: undefined },
    ]);
    expect(await rowOf(mine.id)).toEqual(untouched);
    expect(await rowOf(yours.id)).toMatchObject({ status: 'read', queued: false });
  });
});
