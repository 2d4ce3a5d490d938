import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../../../testing/house/api-client.ts';
import { until } from '../../../../testing/until.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import type { TestNode, TestPerson } from '../../testing/start-api.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { SuperAdminGrants } from './super-admin-grants.ts';

/** Slow enough to be stopped half-way. */
const GAP_MS = 150;

let wire: Wire;
let other: TestNode;
let omar: TestPerson;
let number: WireNumber;
/** Of another organization, at the same pace: while it sends, the suspended one could have. */
let neighbour: ApiClient;
let neighboursSession: string;

beforeAll(async () => {
  wire = await Wire.start({ settings: { OUTBOX_MIN_GAP_MS: String(GAP_MS) } });
  number = await wire.link();
  other = await wire.app.anotherNode();
  omar = await wire.app.signUp('Omar');
  await new SuperAdminGrants(wire.app.app.get(SystemDb)).grant(omar.email);
  omar.url = other.url;
  neighbour = await new ApiClient(wire.app.url).register('Neighbour');
  const phone = await wire.phones.createPhone({ name: 'Neighbour' });
  const { id, qr } = await neighbour.createWithQr('Neighbour');
  await wire.phones.call('POST', `/phones/${phone}/scan`, { qr });
  await until('the neighbour', async () => (await neighbour.session(id)).state === 'connected', { timeoutMs: 90_000 });
  neighboursSession = id;
}, 120_000);
afterAll(() => wire.close());

const decide = async (what: 'suspend' | 'unsuspend') => {
  const path = `/operator/organizations/${wire.api.organization}/${what}`;
  expect((await omar.call('POST', path, { reason: 'Spam was reported' })).status).toBe(204);
};
const query = <R extends object>(sql: string, values: unknown[] = []) =>
  wire.app.database.admin.query<R>(sql, values).then(({ rows }) => rows);
const databaseTime = async () => (await query<{ now: Date }>('select clock_timestamp() as now'))[0]?.now ?? new Date(0);
const queued = (prefix: string) =>
  wire.api
    .messages(number.session)
    .then((all) => all.filter(({ text, status }) => text?.startsWith(prefix) && status === 'queued'));

async function sendMany(customer: string, prefix: string, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, n) => `${prefix} ${n}`);
  for (const text of texts) await wire.api.send(number.session, `+${customer}`, text);
  return texts;
}

/** Sends as many messages as the suspended one could have, and sees them arrive. */
async function neighbourSends(count: number, prefix: string): Promise<void> {
  const customer = await wire.phones.createPhone();
  for (let n = 0; n < count; n += 1) await neighbour.send(neighboursSession, `+${customer}`, `${prefix} ${n}`);
  await neighbour.waitForText(neighboursSession, `${prefix} ${count - 1}`, ['delivered']);
}

/** How many messages WhatsApp took between two moments. */
const takenBetween = async (from: Date, to: Date) =>
  (
    await query<{ n: number }>(
      `select count(*)::int as n from private.facts where organization_id = $1 and type = 'message.status'
         and payload ->> 'status' = 'sent' and time > $2 and time < $3`,
      [wire.api.organization, from, to],
    )
  )[0]?.n;

const arriveOnce = async (customer: string, texts: readonly string[]) => {
  await until('all to arrive', async () => (await wire.textsOnPhone(customer, number)).length >= texts.length, {
    timeoutMs: 60_000,
  });
  expect(await wire.textsOnPhone(customer, number)).toEqual(texts);
};

describe('an organization that is suspended while it sends', () => {
  it('stops within a second, keeps the rest and what comes in, and goes on where it stopped, each once', async () => {
    const customer = await wire.phones.createPhone();
    const texts = await sendMany(customer, 'suspended', 50);
    await until('the first to arrive', async () => (await wire.textsOnPhone(customer, number)).length > 2);
    await decide('suspend');
    const suspended = await databaseTime();

    await neighbourSends(10, 'meanwhile');
    await wire.phones.send(customer, { to: number.phone, text: 'Are you there?' });
    await wire.api.waitForText(number.session, 'Are you there?', ['received']);
    const held = await queued('suspended');
    expect(held.length).toBeGreaterThan(5);
    expect(new Set(held.map(({ waiting_for: reason }) => reason))).toEqual(new Set(['organization_suspended']));
    expect(held.length + (await wire.textsOnPhone(customer, number)).length).toBe(50);
    await expect(
      wire.api.call('POST', '/messages/send', {
        type: 'text',
        session_id: number.session,
        to: `+${customer}`,
        text: 'x',
      }),
    ).rejects.toThrow('organization_suspended');
    expect((await wire.api.session(number.session)).state).toBe('connected');

    const letGo = await databaseTime();
    expect(await takenBetween(new Date(suspended.getTime() + 1_000), letGo)).toBe(0);
    expect(letGo.getTime() - suspended.getTime()).toBeGreaterThan(1_000 + GAP_MS);
    await decide('unsuspend');
    await arriveOnce(customer, texts);
  }, 90_000);

  it('stops and goes on though no signal tells the node', async () => {
    const customer = await wire.phones.createPhone();
    const texts = await sendMany(customer, 'unsignalled', 50);
    await until('the first to arrive', async () => (await wire.textsOnPhone(customer, number)).length > 2);
    const { organization } = wire.api;
    await query(`insert into private.organization_suspensions values ($1, 'By hand')`, [organization]);
    const suspended = await databaseTime();
    await neighbourSends(10, 'unsignalled');
    expect((await queued('unsignalled')).length).toBeGreaterThan(5);
    const letGo = await databaseTime();
    expect(await takenBetween(new Date(suspended.getTime() + 1_000), letGo)).toBe(0);
    await query('delete from private.organization_suspensions where organization_id = $1', [organization]);
    await arriveOnce(customer, texts);
  }, 90_000);

  it('loses and doubles nothing when its line breaks meanwhile and what was sent is in doubt', async () => {
    const customer = await wire.phones.createPhone();
    const texts = await sendMany(customer, 'broken', 15);
    await until('the first to arrive', async () => (await wire.textsOnPhone(customer, number)).length > 1);
    await decide('suspend');
    await until('nothing to be on its way', async () =>
      (await wire.api.messages(number.session)).every(({ status }) => status !== 'sending'),
    );
    // As after a crash between a send and its answer: the message has a claim of an epoch that is over.
    const [first] = (await queued('broken')).toReversed();
    await query('update private.outbox set claimed_epoch = 0 where message_id = $1', [first?.id]);
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    await until('the line to have been lost', async () => {
      const [row] = await query<{ n: number }>(
        `select count(*)::int as n from private.facts where type = 'session.status' and subject = $1 and time > now() - interval '1 minute'`,
        [number.session],
      );
      return (row?.n ?? 0) > 1;
    });
    await wire.connected(number.session);
    await wire.phones.send(customer, { to: number.phone, text: 'Back again?' });
    await wire.api.waitForText(number.session, 'Back again?', ['received']);
    const arrived = (await wire.textsOnPhone(customer, number)).length;
    await neighbourSends(5, 'after the break');
    expect(await wire.textsOnPhone(customer, number)).toHaveLength(arrived);
    await decide('unsuspend');
    await arriveOnce(customer, texts);
  }, 120_000);
});
