import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { SystemDb } from '../../platform/database/system-db.ts';
import { newId } from '../../kernel/ids.ts';
import { aQueuedMessage, leaseOf } from '../../testing/factories.ts';
import { until } from '../../../../testing/until.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aTenant, type Tenant } from '../../testing/tenant.ts';
import type { Lease } from '../sessions/session-traffic.ts';
import { OutboxTimesRepository } from './outbox-times.repository.ts';
import { OutboxRepository } from './outbox.repository.ts';

let database: OpenDatabase;
let admin: pg.Client;
let outbox: OutboxRepository;
let times: OutboxTimesRepository;
let ours: Tenant;
let lease: Lease;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  const system = new SystemDb(database.pool('app_system', 4));
  outbox = new OutboxRepository(system);
  times = new OutboxTimesRepository(system);
});
afterAll(() => database.close());
beforeEach(async () => {
  ours = await aTenant(admin);
  lease = leaseOf(ours);
  await admin.query('delete from private.outbox where session_id = $1', [ours.session]);
});

/** A message to somebody new that waits to leave. */
async function aNewChat(conversation?: string): Promise<{ id: string; conversation: string }> {
  const chat = conversation ?? newId();
  const of = [ours.organization, chat];
  if (!conversation) {
    const contact = newId();
    await admin.query('insert into contacts (organization_id, id, phone_number) values ($1, $2, $3)', [
      ours.organization,
      contact,
      `+1555${contact.slice(-7).replaceAll(/[a-f]/g, '1')}`,
    ]);
    await admin.query(
      'insert into conversations (organization_id, id, session_id, contact_id) values ($1, $2, $3, $4)',
      [...of, ours.session, contact],
    );
  }
  const { id } = await aQueuedMessage(admin, { ...ours, conversation: chat });
  await admin.query('update private.outbox set new_chat = 2 where message_id = $1', [id]);
  return { id, conversation: chat };
}

const claim = (limit: number, newChatsPerDay: number | null = null) =>
  outbox.claim(lease, 'due', { limit, newChatsPerDay });
const begunToday = async () => {
  const { rows } = await admin.query<{ n: number }>(
    `select new_chats as n from session_days d join organizations o on o.id = d.organization_id
      where session_id = $1 and day = (now() at time zone time_zone)::date`,
    [ours.session],
  );
  return rows[0]?.n ?? 0;
};
const ids = (claims: readonly { messageId: string }[]) => claims.map(({ messageId }) => messageId);

describe('the budget of new chats', () => {
  it('is not overrun by claims at the same moment', async () => {
    for (let n = 0; n < 6; n += 1) await aNewChat();
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(1, 2)));
    expect(claims.flat()).toHaveLength(2);
    expect(await begunToday()).toBe(2);
  });

  it('counts a chat once, and lets the rest of it follow', async () => {
    const first = await aNewChat();
    const second = await aNewChat(first.conversation);
    const other = await aNewChat();
    expect(ids(await claim(1, 1))).toEqual([first.id]);
    expect(ids(await claim(5, 1))).toEqual([second.id]);
    expect(await begunToday()).toBe(1);
    expect(ids(await claim(5, 2))).toEqual([other.id]);
  });

  it('lets follow what was being accepted while its chat was begun', async () => {
    const first = await aNewChat();
    const accepting = await database.logInAsAdmin();
    await accepting.query('begin');
    await accepting.query('select from conversations where id = $1 for key share', [first.conversation]);
    const { id: second } = await aQueuedMessage(accepting, { ...ours, conversation: first.conversation });
    await accepting.query('update private.outbox set new_chat = 2 where message_id = $1', [second]);
    const claiming = claim(1, 1);
    await until('the claim to wait', async () => {
      const { rows } = await admin.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    await accepting.query('commit');
    expect(ids(await claiming)).toEqual([first.id]);
    expect(ids(await claim(5, 1))).toEqual([second]);
  });

  it('takes back what was claimed and did not leave', async () => {
    await aNewChat();
    await outbox.release(lease, await claim(1, 1));
    expect(await begunToday()).toBe(0);
    expect(await claim(1, 1)).toHaveLength(1);
  });

  it('starts anew with every day', async () => {
    await aNewChat();
    await aNewChat();
    expect(await claim(5, 1)).toHaveLength(1);
    await admin.query('update session_days set day = day - 1 where session_id = $1 and new_chats > 0', [ours.session]);
    expect(await claim(5, 1)).toHaveLength(1);
    expect(await begunToday()).toBe(1);
  });

  it('holds up neither those that go on nor their order', async () => {
    const [stranger] = [await aNewChat(), await aNewChat()];
    const { id: urgent } = await aQueuedMessage(admin, ours);
    await admin.query('update private.outbox set priority = 1 where message_id = $1', [urgent]);
    const { id: usual } = await aQueuedMessage(admin, ours);
    expect(ids(await claim(5, 0))).toEqual([urgent, usual]);
    expect(ids(await claim(5, 1))).toEqual([stranger.id]);
  });
});

describe('a chat that is established', () => {
  const establish = (conversation: string) =>
    admin.query('update conversations set established = true where id = $1', [conversation]);

  it('waits for no budget any more', async () => {
    const { id, conversation } = await aNewChat();
    expect(await claim(5, 0)).toEqual([]);
    await establish(conversation);
    expect(ids(await claim(5, 0))).toEqual([id]);
  });

  it('is not overtaken by what was accepted later', async () => {
    const { conversation } = await aNewChat();
    await aQueuedMessage(admin, { ...ours, conversation });
    expect(await claim(5, 0)).toEqual([]);
    await establish(conversation);
    expect(await claim(5, 0)).toHaveLength(2);
  });
});

describe('what waits until it is day for its person', () => {
  it('holds up its own chat alone, and gives its place in the budget back', async () => {
    const { conversation } = await aNewChat();
    const [asleep] = await claim(1, 1);
    if (!asleep) throw new Error('nothing was claimed');
    await outbox.letSleep(lease, asleep, new Date(Date.now() + 3_600_000));
    expect(await begunToday()).toBe(0);
    const { id: later } = await aQueuedMessage(admin, { ...ours, conversation });
    const { id: elsewhere } = await aQueuedMessage(admin, ours);
    expect(ids(await claim(5, 1))).toEqual([elsewhere]);
    await admin.query(`update private.outbox set send_after = now() - interval '1 s' where message_id = $1`, [
      asleep.messageId,
    ]);
    await times.come(10);
    expect(ids(await claim(5, 1))).toEqual([asleep.messageId]);
    expect(ids(await claim(5, 1))).toEqual([later]);
  });
});

it('what was claimed with one that is tried again follows it, whatever became of the connection', async () => {
  const [first, second, third, fourth] = [
    await aQueuedMessage(admin, ours),
    await aQueuedMessage(admin, ours),
    await aQueuedMessage(admin, ours),
    await aQueuedMessage(admin, ours),
  ];
  const inDoubt = () => outbox.claim(lease, 'in doubt', { limit: 5 });
  expect(ids(await claim(3))).toEqual([first.id, second.id, third.id]);
  await outbox.sent(lease, [{ whatsappMessageId: first.whatsappMessageId, at: new Date() }]);
  await outbox.countAttempt(lease, second.whatsappMessageId);
  await outbox.postpone(lease, second.whatsappMessageId, { code: 'send_failed', delayMs: 60_000 });
  await outbox.doubt(lease);

  expect([...(await inDoubt()), ...(await claim(5))]).toEqual([]);
  expect((await outbox.sweep([lease])).get(ours.session)).toEqual({ inDoubt: true });
  await admin.query(`update private.outbox set send_after = now() - interval '1 s' where message_id = $1`, [second.id]);
  await times.come(10);
  expect(await inDoubt()).toEqual([]);
  expect(ids(await claim(5))).toEqual([second.id]);
  expect(ids(await inDoubt())).toEqual([third.id]);
  expect(ids(await claim(5))).toEqual([fourth.id]);
});

it('what waits for its file keeps its place in its chat and all of its tries', async () => {
  const [first, second] = [await aQueuedMessage(admin, ours), await aQueuedMessage(admin, ours)];
  const come = async () => {
    await admin.query(`update private.outbox set send_after = now() - interval '1 s' where message_id = $1`, [
      first.id,
    ]);
    await times.come(10);
  };
  const triesLeft = async () => {
    const tries = await outbox.countAttempt(lease, first.whatsappMessageId);
    return tries && tries.max - tries.attempts;
  };
  await admin.query('update private.outbox set max_attempts = 2 where message_id = $1', [first.id]);
  for (let n = 0; n < 2; n += 1) {
    expect(ids(await claim(1))).toEqual([first.id]);
    await outbox.awaitFile(lease, first.whatsappMessageId, 60_000);
    expect(await claim(5)).toEqual([]);
    await come();
  }
  expect(ids(await claim(1))).toEqual([first.id]);
  expect([await triesLeft(), await triesLeft()]).toEqual([1, 0]);
  expect(ids(await claim(5))).toEqual([second.id]);
});

it('keeps when the last messages left, as many as asked for', async () => {
  for (let n = 0; n < 4; n += 1) {
    await aQueuedMessage(admin, ours);
    await outbox.claim(lease, 'due', { limit: 1, keepSends: 3 });
  }
  const agoMs = await outbox.lastSends(lease);
  expect(agoMs).toHaveLength(3);
  expect(Math.max(...agoMs)).toBeLessThan(60_000);
  expect(await outbox.lastSends(leaseOf(ours, 1n))).toEqual([]);
});
