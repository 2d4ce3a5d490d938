import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { OrganizationId, SessionId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { Facts } from '../../platform/facts/facts.ts';
import { anIncomingMessage, anOrganization, aSession, leaseOf } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aConfig } from '../../testing/settings.ts';
import type { AlertRaiser } from '../alerts/alert-raiser.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import { ContactsRepository } from '../contacts/contacts.repository.ts';
import { SessionKeysRepository } from '../sessions/session-keys.repository.ts';
import type { IncomingMessage, Lease } from '../sessions/session-traffic.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { SessionNotFound } from '../sessions/sessions.errors.ts';
import { InboundRepository } from './inbound.repository.ts';

let database: OpenDatabase;
let admin: pg.Client;
let db: TenantDb;
let keys: SessionKeysRepository;
let sessions: SessionsRepository;
let inbound: InboundRepository;
let organization: OrganizationId;
let session: SessionId;
let lease: Lease;

beforeAll(async () => {
  database = await openDatabase();
  ({ admin } = database);
  db = new TenantDb(database.pool('app_tenant', 2));
  keys = new SessionKeysRepository(new SystemDb(database.pool('app_system', 2)), new Sealer(aConfig()));
  sessions = new SessionsRepository(db, new Facts(), new AuditTrail(), {} as AlertRaiser); // a statement raises none
  inbound = new InboundRepository(db, new ContactsRepository(), new Facts());
});
afterAll(() => database.close());

beforeEach(async () => {
  organization = await anOrganization(admin);
  session = await aSession(admin, organization);
  lease = leaseOf({ organization, session });
  await admin.query('delete from session_days where session_id = $1', [session]);
});

const statement = (days: number) => db.asTenantSql(organization, (sql) => sessions.statement(sql, session, days));
const firstDays = async (days: number) => (await statement(days)).days.map((one) => ({ ...one, day: undefined }));
const figures = (over: object) => ({
  day: undefined,
  received: 0,
  stored: 0,
  waiting: 0,
  set_aside: 0,
  repeated: 0,
  reconnects: 0,
  ...over,
});

/** WhatsApp delivers it: its ratchet step and its inbox row are committed. */
async function deliver(over: Partial<IncomingMessage> = {}): Promise<IncomingMessage> {
  const message = anIncomingMessage(over);
  const inboxId = `of ${message.whatsappMessageId} ${Math.random()}`;
  const row = { id: inboxId, kind: 'message', inbound: !message.fromMe, plain: message.payload } as const;
  await keys.save(lease, { stored: [], removed: [], delivered: [row] });
  return { ...message, inboxId };
}

it('counts what was delivered before it is stored, and what was stored of it', async () => {
  const [first, second] = [await deliver(), await deliver()];
  expect(await firstDays(1)).toEqual([figures({ received: 2, waiting: 2 })]);
  await inbound.storeMessages(lease, [first]);
  expect(await firstDays(1)).toEqual([figures({ received: 2, stored: 1, waiting: 1 })]);
  await inbound.storeMessages(lease, [second]);
  expect(await firstDays(1)).toEqual([figures({ received: 2, stored: 2 })]);
});

it('counts a delivery once, however often it arrives and is handled', async () => {
  const message = await deliver();
  const row = { id: message.inboxId, kind: 'message', inbound: true, plain: message.payload } as const;
  await keys.save(lease, { stored: [], removed: [], delivered: [row] });
  await inbound.storeMessages(lease, [message]);
  await inbound.storeMessages(lease, [message]);
  await keys.save(lease, { stored: [], removed: [], delivered: [row] });
  expect(await firstDays(1)).toEqual([figures({ received: 1, stored: 1 })]);
});

it('says what was sent again under another ciphertext, although it was stored', async () => {
  const message = await deliver();
  await inbound.storeMessages(lease, [message]);
  const again = await deliver(message);
  await inbound.storeMessages(lease, [again]);
  expect(await firstDays(1)).toEqual([figures({ received: 2, stored: 1, repeated: 1 })]);
});

it('says what the database refuses, until it takes it after all', async () => {
  const message = await deliver();
  await keys.setAside(lease, [message.inboxId]);
  expect(await firstDays(1)).toEqual([figures({ received: 1, set_aside: 1 })]);
  await inbound.storeMessages(lease, [message]);
  expect(await firstDays(1)).toEqual([figures({ received: 1, stored: 1 })]);
});

it('keeps its figures when the inbox is emptied', async () => {
  await inbound.storeMessages(lease, [await deliver(), await deliver()]);
  await admin.query(`update private.session_inbox set stored_at = stored_at - interval '1 day' where session_id = $1`, [
    session,
  ]);
  await keys.purgeInbox([lease]);
  const { rows } = await admin.query('select from private.session_inbox where session_id = $1 and inbound', [session]);
  expect(rows).toEqual([]);
  expect(await firstDays(1)).toEqual([figures({ received: 2, stored: 2 })]);
});

it('leaves out what we wrote ourselves, what is of earlier days, and what concerns Baileys alone', async () => {
  const echo = await deliver({ fromMe: true });
  await inbound.storeMessages(lease, [echo, anIncomingMessage({ isHistory: true })]);
  const ours = { id: 'protocol', kind: 'message', inbound: false, plain: Buffer.from('x') } as const;
  await keys.save(lease, { stored: [], removed: [], delivered: [ours] });
  await keys.finishInbox(lease, ['protocol']);
  expect(await firstDays(1)).toEqual([figures({})]);
});

it("counts on the day of the delivery, in the organization's time zone, and shows the days without anything too", async () => {
  const [late, today] = [await deliver(), await deliver()];
  // The last minute of yesterday in Jerusalem, which is no midnight in UTC.
  const yesterday = `((now() at time zone 'Asia/Jerusalem')::date - interval '1 minute') at time zone 'Asia/Jerusalem'`;
  await admin.query(`update private.session_inbox set received_at = ${yesterday} where id = $1`, [late.inboxId]);
  expect(await firstDays(3)).toEqual([
    figures({ received: 1, waiting: 1 }),
    figures({ received: 1, waiting: 1 }),
    figures({}),
  ]);
  await inbound.storeMessages(lease, [today, late]);
  expect(await firstDays(3)).toEqual([
    figures({ received: 1, stored: 1 }),
    figures({ received: 1, stored: 1 }),
    figures({}),
  ]);
  const { time_zone, days } = await statement(3);
  expect(time_zone).toBe('Asia/Jerusalem');
  expect(days[0]?.day).toBe(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Jerusalem' }));
  expect(new Set(days.map(({ day }) => day)).size).toBe(3);
});

it('is of the own numbers only', async () => {
  const other = await anOrganization(admin);
  await expect(db.asTenantSql(other, (sql) => sessions.statement(sql, session, 1))).rejects.toBeInstanceOf(
    SessionNotFound,
  );
});
