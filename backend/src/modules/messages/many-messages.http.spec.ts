import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { OrganizationId, type SessionId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { AuditPage } from '../audit/audit.dto.ts';
import type { MessageStatus, SendAccepted } from './messages.dto.ts';

let api: TestApi;
let admin: pg.Client;
let dana: TestPerson;
let omar: TestPerson;
let session: SessionId;
let other: SessionId;

beforeAll(async () => {
  api = await startApi();
  ({ admin } = api.database);
});
afterAll(() => api.close());

beforeEach(async () => {
  [dana, omar] = [await api.signUpOwner('Dana', 'Acme'), await api.signUpOwner('Omar', 'Other')];
  const organization = OrganizationId.parse(dana.organization);
  session = await aSession(admin, organization, { is_default: true });
  other = await aSession(admin, organization);
  await aSession(admin, OrganizationId.parse(omar.organization), { is_default: true });
});

const send = async (over: object = {}, by = dana) =>
  (await by.call<SendAccepted>('POST', '/messages/send', { type: 'text', to: '+972501234567', text: 'Hello', ...over }))
    .body;
const statuses = async (...messages: SendAccepted[]) => {
  const { rows } = await admin.query<{ id: string; status: MessageStatus }>(
    'select id, status from messages where id = any ($1)',
    [messages.map(({ message_id: id }) => id)],
  );
  return messages.map(({ message_id }) => rows.find(({ id }) => id === message_id)?.status);
};
const inQueue = async (of: TestPerson) =>
  (await admin.query('select from private.outbox where organization_id = $1', [of.organization])).rowCount;
const failed = async (ago: string, over: object = {}) => {
  const message = await send(over);
  await admin.query('delete from private.outbox where message_id = $1', [message.message_id]);
  await admin.query(
    `update messages set status = 'failed', error_code = 'rejected_by_whatsapp', failed_at = now() - $2::interval where id = $1`,
    [message.message_id, ago],
  );
  return message;
};
const entries = async (action: string) =>
  (await dana.call<AuditPage>('GET', `/audit-logs?action=${action}`)).body.items;
const factsOf = async (message: SendAccepted) => {
  const { rows } = await admin.query<{ status: string }>(
    `select payload ->> 'status' as status from private.facts where subject = $1 and type = 'message.status' order by id`,
    [message.message_id],
  );
  return rows.map(({ status }) => status);
};
const cancelAll = (filter?: object) => dana.call<{ count: number }>('POST', '/messages/cancel-all', filter);
const retryAll = (filter?: object) => dana.call<{ count: number }>('POST', '/messages/retry-all', filter);
/** So many more, as a campaign queues them. */
const aCampaign = async (like: SendAccepted, count: number, status: MessageStatus) => {
  await admin.query(
    `with made as (
       insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, failed_at)
       select organization_id, gen_random_uuid(), session_id, conversation_id, direction, type, text, $3, 'CAMPAIGN' || n,
              case when $3 = 'failed' then now() - interval '1 min' end
         from messages cross join generate_series(1, $2) n where id = $1
       returning organization_id, id, session_id, conversation_id
     )
     insert into private.outbox (organization_id, message_id, session_id, conversation_id)
     select * from made where $3 <> 'failed'`,
    [like.message_id, count, status],
  );
};

describe('cancelling all', () => {
  it('takes back what waits, scheduled or not, of all numbers; and leaves what is claimed and what is of others', async () => {
    const waiting = [await send(), await send({ session_id: other }), await send({ to: '+972501234568' })];
    const later = await send({ scheduled_at: new Date(Date.now() + 3_600_000).toISOString() });
    const claimed = await send();
    await admin.query('update private.outbox set claimed_epoch = 3, claimed_at = now() where message_id = $1', [
      claimed.message_id,
    ]);
    await admin.query(`update messages set status = 'sending' where id = $1`, [claimed.message_id]);
    const theirs = await send({}, omar);
    expect(await cancelAll()).toMatchObject({ status: 200, body: { count: 4 } });
    expect(await statuses(...waiting, later, claimed, theirs)).toEqual([
      ...Array.from({ length: 4 }, () => 'cancelled'),
      'sending',
      'queued',
    ]);
    expect([await inQueue(dana), await inQueue(omar)]).toEqual([1, 1]);
    expect(await factsOf(later)).toEqual(['cancelled']);
    expect(await entries('messages.cancelled')).toMatchObject([
      { target: { type: 'organization', id: dana.organization }, changes: { count: { to: 4 } } },
    ]);
  });

  it('takes back those of one number or one chat', async () => {
    const [ours, elsewhere] = [await send(), await send({ session_id: other })];
    const chat = await send({ to: '+972501234568' });
    expect((await cancelAll({ conversation_id: chat.conversation_id })).body.count).toBe(1);
    expect((await cancelAll({ session_id: other })).body.count).toBe(1);
    expect(await statuses(ours, elsewhere, chat)).toEqual(['queued', 'cancelled', 'cancelled']);
    expect(await entries('messages.cancelled')).toMatchObject([
      { target: { type: 'session', id: other } },
      { target: { type: 'conversation', id: chat.conversation_id } },
    ]);
  });

  it('goes on until nothing is left, and says so once', async () => {
    await aCampaign(await send(), 2_100, 'queued');
    expect((await cancelAll({ session_id: session })).body.count).toBe(2_101);
    expect(await inQueue(dana)).toBe(0);
    expect(await entries('messages.cancelled')).toMatchObject([{ changes: { count: { to: 2_101 } } }]);
  });
});

describe('trying all again', () => {
  it('queues what failed under the ids that it had, and leaves the rest', async () => {
    const [first, second] = [await failed('2 hours'), await failed('1 hour', { session_id: other })];
    const queued = await send();
    expect(await retryAll()).toMatchObject({ status: 200, body: { count: 2 } });
    expect(await statuses(first, second, queued)).toEqual(['queued', 'queued', 'queued']);
    const { rows } = await admin.query('select whatsapp_message_id from messages where id = $1', [first.message_id]);
    expect(rows).toEqual([{ whatsapp_message_id: first.whatsapp_message_id }]);
    expect(await inQueue(dana)).toBe(3);
    expect(await factsOf(first)).toEqual(['queued']);
    expect(await entries('messages.retried')).toMatchObject([{ changes: { count: { to: 2 } } }]);
    expect((await retryAll()).body.count).toBe(0);
  });

  it('looks at one number, one chat, or what failed lately', async () => {
    const old = await failed('2 hours');
    const elsewhere = await failed('1 minute', { session_id: other });
    const chat = await failed('1 minute', { to: '+972501234568' });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect((await retryAll({ session_id: other })).body.count).toBe(1);
    expect((await retryAll({ conversation_id: chat.conversation_id })).body.count).toBe(1);
    expect((await retryAll({ since })).body.count).toBe(0);
    expect(await statuses(old, elsewhere, chat)).toEqual(['failed', 'queued', 'queued']);
  });

  it('leaves an edit alone that WhatsApp takes no more, and lets another keep its end', async () => {
    const [late, early] = [await failed('1 min'), await failed('1 min')];
    await admin.query(
      `update messages set type = 'edit', target_whatsapp_message_id = 'ONE', target_direction = 'outbound',
              expires_at = now() + case when id = $1 then interval '-1 min' else interval '5 min' end where id = any ($2)`,
      [late.message_id, [late.message_id, early.message_id]],
    );
    expect((await retryAll()).body.count).toBe(1);
    expect(await statuses(late, early)).toEqual(['failed', 'queued']);
    const { rows } = await admin.query<{ kept: boolean }>(
      `select o.expires_at = m.expires_at as kept from private.outbox o join messages m on m.id = o.message_id where m.id = $1`,
      [early.message_id],
    );
    expect(rows).toEqual([{ kept: true }]);
  });

  it('has a refused chat count as new again, and wait for its turn', async () => {
    const refused = await failed('1 minute');
    await retryAll();
    const { rows } = await admin.query('select new_chat from private.outbox where message_id = $1', [
      refused.message_id,
    ]);
    expect(rows).toEqual([{ new_chat: 2 }]);
  });

  it('goes on until nothing is left', async () => {
    await aCampaign(await send(), 1_500, 'failed');
    expect((await retryAll()).body.count).toBe(1_500);
    expect(await inQueue(dana)).toBe(1_501);
  });
});

it('is for those who may send', async () => {
  const viewer = await api.hire(dana, 'viewer');
  for (const path of ['/messages/cancel-all', '/messages/retry-all'])
    expect((await viewer.call('POST', path, {})).status).toBe(403);
});
