import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { type Sandbox, startSandbox } from '@wasel/sandbox';
import { createTestDatabase, type TestDatabase } from '../../../../testing/database.ts';
import { until } from '../../../../testing/until.ts';
import { SandboxClient } from '../../../../testing/house/sandbox-client.ts';
import { ConfigModule } from '../../config/config.module.ts';
import { newId, OrganizationId, SessionId } from '../../kernel/ids.ts';
import { ClockModule } from '../../platform/clock.module.ts';
import { DatabaseModule } from '../../platform/database/database.module.ts';
import { SystemDb } from '../../platform/database/system-db.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { EncryptionModule } from '../../platform/encryption/encryption.module.ts';
import { FactsModule } from '../../platform/facts/facts.module.ts';
import { MailModule } from '../../platform/mail/mail.module.ts';
import { SignalsModule } from '../../platform/signals/signals.module.ts';
import { aConfig } from '../../testing/settings.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { systemIn } from '../auth/caller.ts';
import { EntitlementsModule } from '../entitlements/entitlements.module.ts';
import type {
  IncomingMessage,
  IncomingReceipt,
  Lease,
  OpenSession,
  ServerAck,
  SessionTraffic,
} from './session-traffic.ts';
import { SessionKeysRepository } from './session-keys.repository.ts';
import { SessionsModule } from './sessions.module.ts';
import { SessionsService } from './sessions.service.ts';
import type { GroupTraffic } from './session-groups.ts';
import { SessionsSupervisor } from './sessions.supervisor.ts';

/** Keeps what it is handed, and deletes nothing: the inbox shows what a crash would leave. */
class Recorder implements SessionTraffic {
  fileAnswered = () => Promise.resolve();
  readonly inbound: IncomingMessage[] = [];
  readonly statuses: IncomingReceipt[] = [];
  readonly acks: ServerAck[] = [];
  readonly payloads = new Map<string, Uint8Array>();
  session: OpenSession | undefined;
  opened(session: OpenSession) {
    this.session = session;
  }
  async messages(_: Lease, batch: readonly IncomingMessage[]) {
    this.inbound.push(...batch);
  }
  async receipts(_: Lease, batch: readonly IncomingReceipt[]) {
    this.statuses.push(...batch);
  }
  async acked(_: Lease, acks: readonly ServerAck[]) {
    this.acks.push(...acks);
  }
  async identified() {}
  async callRejected() {}
  async sentPayload(_: Lease, id: string) {
    return this.payloads.get(id) ?? null;
  }
}

let sandbox: Sandbox;
let database: TestDatabase;
/** Nobody keeps groups here. */
const NO_GROUPS: GroupTraffic = {
  groupsChanged: () => Promise.resolve(false),
  wanted: () => Promise.resolve({ all: false, jids: [], since: null }),
  groupsTold: () => Promise.resolve(),
  audience: () => Promise.resolve(null),
  groupGone: () => Promise.resolve(),
};

let app: TestingModule;
let phones: SandboxClient;
const traffic = new Recorder();
let organization: OrganizationId;

beforeAll(async () => {
  [sandbox, database] = await Promise.all([startSandbox(), createTestDatabase()]);
  phones = new SandboxClient(sandbox.url);
  const config = aConfig({ DATABASE_URL: database.url, WHATSAPP_SANDBOX_URL: sandbox.url });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.of(config),
      ClockModule,
      DatabaseModule,
      SignalsModule,
      FactsModule,
      MailModule,
      EncryptionModule,
      AuditModule,
      EntitlementsModule,
      SessionsModule,
    ],
  }).compile();
  app.get(SessionsSupervisor).setTraffic(traffic);
  app.get(SessionsSupervisor).setGroups(NO_GROUPS, { opened: () => undefined });
  app.enableShutdownHooks();
  await app.init();
  organization = OrganizationId.parse(newId());
  await app.get(TenantDb).asTenant(organization, (tx) =>
    tx.organization.create({
      data: { id: organization, name: 'a', country: 'IL', language: 'en', timeZone: 'Asia/Jerusalem' },
    }),
  );
});
afterAll(async () => {
  await app.close();
  await sandbox.close();
  await database.drop();
});

/** In whose name the numbers of these tests are asked for things. */
const us = () => systemIn(organization);

/** A number that is linked and connected, and the phone that it is on. */
async function linked(name: string) {
  const service = app.get(SessionsService);
  traffic.session = undefined;
  const { session, link } = await service.create(us(), { name });
  expect(link.qr).toMatch(/^https:\/\/wa.me/);
  const phone = await phones.createPhone({ name });
  await phones.call('POST', `/phones/${phone}/scan`, { qr: link.qr });
  await until('opened', () => traffic.session !== undefined);
  const inState = (state: string) =>
    until(`${name} to be ${state}`, async () => (await service.get(organization, session.id)).state === state);
  await inState('connected');
  return { id: session.id, phone, service, inState };
}

/** How many ratchets are kept with each device that this number knows. */
async function ratchets(id: string): Promise<number[]> {
  const { rows } = await app
    .get(SystemDb)
    .query<{ id: string }>(`select id from private.session_keys where session_id = $1 and type = 'session'`, [id]);
  const lease = { organization, session: SessionId.parse(id), epoch: 0n };
  const names = rows.map((row) => row.id);
  const records = await app.get(SessionKeysRepository).read(lease, 'session', names);
  return [...records.values()].map(
    (plain) => Object.keys((JSON.parse(plain.toString()) as Record<'_sessions', object>)['_sessions']).length,
  );
}

/** What the audit log has of a number: what was asked for, and the states that it came to. */
async function entriesOf(id: string): Promise<string[]> {
  const { rows } = await app.get(SystemDb).query<{ entry: string }>(
    `select coalesce(changes #>> '{state,to}', action) as entry from private.audit_logs
      where target_id = $1 and (changes ? 'state' or action <> 'session.status_changed') order by id`,
    [id],
  );
  return rows.map(({ entry }) => entry);
}

async function send(id: string, to: string): Promise<void> {
  const chat = { phone: `+${to}`, lid: null };
  const nothing = { content: null, file: null, replyTo: null, target: null, preview: null };
  const payload = await traffic.session!.encode({ type: 'text', text: id, ...nothing }, chat);
  traffic.payloads.set(id, payload);
  await traffic.session!.send({ whatsappMessageId: id, to: chat, payload });
  await until(`${id} to be delivered`, () =>
    traffic.statuses.find((one) => one.whatsappMessageIds.includes(id) && one.status === 'delivered'),
  );
}

describe('a number', () => {
  it('is linked by QR, chats, and is logged out', async () => {
    const { id, phone, service } = await linked('Shop');
    const customer = await phones.createPhone({ name: 'Customer' });
    await phones.send(customer, { to: phone, text: 'hello', id: '3A00000000000000000001' });
    const got = await until('inbound', () => traffic.inbound.find((m) => m.text === 'hello'));
    expect(got).toMatchObject({ fromMe: false, type: 'text', peer: { phone: `+${customer}` } });
    await send('3EB0AAAAAAAAAAAAAAAAAA', customer);
    expect(traffic.acks.find((ack) => ack.whatsappMessageId === '3EB0AAAAAAAAAAAAAAAAAA')).toBeDefined();
    await service.logOut(us(), id);
    await until('logged out', async () => (await service.get(organization, id)).reason === 'logged_out');
    expect(await entriesOf(id)).toEqual([
      'session.created',
      'connecting',
      'qr_pending',
      'connecting', // WhatsApp closes the connection once it is linked
      'connected',
      'session.logout_requested',
      'disconnected',
    ]);
    expect(await phones.stats()).toMatchObject({ unknownStanzas: {}, undecryptable: 0 });
  });

  it('keeps the ratchet that it has with a person over reconnects', async () => {
    const { id, service, inState } = await linked('Office');
    const customer = await phones.createPhone({ name: 'Noa' });
    await send('3EB0BBBBBBBBBBBBBBBBB1', customer);
    for (const message of ['3EB0BBBBBBBBBBBBBBBBB2', '3EB0BBBBBBBBBBBBBBBBB3']) {
      await service.disconnect(us(), id);
      await inState('disconnected');
      traffic.session = undefined;
      await service.connect(us(), id, {});
      await until('opened', () => traffic.session !== undefined);
      await send(message, customer);
    }
    const kept = await ratchets(id);
    expect(kept.length).toBeGreaterThanOrEqual(2); // the person's phone and our own
    expect(Math.max(...kept)).toBe(1);
  });

  it("leaves the phone's list of linked devices also when it is offline as it is logged out", async () => {
    const { id, phone, service, inState } = await linked('Van');
    await service.disconnect(us(), id);
    await inState('disconnected');
    const devices = async () =>
      (await phones.call<{ phone: string; devices: unknown[] }[]>('GET', '/phones')).find((one) => one.phone === phone)
        ?.devices;
    expect(await devices()).toHaveLength(1);
    await service.logOut(us(), id);
    await until('logged out', async () => (await service.get(organization, id)).reason === 'logged_out');
    expect(await devices()).toEqual([]);
  });
});
