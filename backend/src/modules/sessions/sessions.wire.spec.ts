import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { type Sandbox, startSandbox } from '@wasel/sandbox';
import { createTestDatabase, type TestDatabase } from '../../../../testing/database.ts';
import { until } from '../../../../testing/until.ts';
import { SandboxClient } from '../../../../testing/house/sandbox-client.ts';
import { loadConfig } from '../../config/config.ts';
import { ConfigModule } from '../../config/config.module.ts';
import { newId, OrganizationId } from '../../kernel/ids.ts';
import { ClockModule } from '../../platform/clock.module.ts';
import { DatabaseModule } from '../../platform/database/database.module.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { EncryptionModule } from '../../platform/encryption/encryption.module.ts';
import { FactsModule } from '../../platform/facts/facts.module.ts';
import { SignalsModule } from '../../platform/signals/signals.module.ts';
import { EntitlementsModule } from '../entitlements/entitlements.module.ts';
import type {
  IncomingMessage,
  IncomingReceipt,
  Lease,
  OpenSession,
  ServerAck,
  SessionTraffic,
} from './session-traffic.ts';
import { SessionsModule } from './sessions.module.ts';
import { SessionsService } from './sessions.service.ts';
import { SessionsSupervisor } from './sessions.supervisor.ts';

/** Keeps what it is handed, and deletes nothing: the inbox shows what a crash would leave. */
class Recorder implements SessionTraffic {
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
  async sentPayload(_: Lease, id: string) {
    return this.payloads.get(id) ?? null;
  }
}

let sandbox: Sandbox;
let database: TestDatabase;
let app: TestingModule;
let phones: SandboxClient;
const traffic = new Recorder();
let organization: OrganizationId;

beforeAll(async () => {
  [sandbox, database] = await Promise.all([startSandbox(), createTestDatabase()]);
  phones = new SandboxClient(sandbox.url);
  const config = loadConfig({
    DATABASE_URL: database.url,
    WHATSAPP_SANDBOX_URL: sandbox.url,
    AUTH_SECRET: 'x'.repeat(32),
    ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
  });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.of(config),
      ClockModule,
      DatabaseModule,
      SignalsModule,
      FactsModule,
      EncryptionModule,
      EntitlementsModule,
      SessionsModule,
    ],
  }).compile();
  app.get(SessionsSupervisor).setTraffic(traffic);
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

describe('a number', () => {
  it('is linked by QR, chats, and is logged out', async () => {
    const service = app.get(SessionsService);
    const { session, link } = await service.create(organization, { name: 'Shop' });
    expect(link.qr).toMatch(/^https:\/\/wa.me/);
    const phone = await phones.createPhone({ name: 'Shop' });
    const customer = await phones.createPhone({ name: 'Customer' });
    await phones.call('POST', `/phones/${phone}/scan`, { qr: link.qr });
    await until('connected', async () => (await service.get(organization, session.id)).state === 'connected');
    await until('opened', () => traffic.session !== undefined);
    await phones.send(customer, { to: phone, text: 'hello', id: '3A00000000000000000001' });
    const got = await until('inbound', () => traffic.inbound.find((m) => m.text === 'hello'));
    expect(got).toMatchObject({ fromMe: false, type: 'text', peer: { phone: `+${customer}` } });
    const payload = await traffic.session!.encode({ type: 'text', text: 'hi there' });
    traffic.payloads.set('3EB0AAAAAAAAAAAAAAAAAA', payload);
    await traffic.session!.send({
      whatsappMessageId: '3EB0AAAAAAAAAAAAAAAAAA',
      peer: { phone: `+${customer}`, lid: null },
      payload,
    });
    await until('ack', () => traffic.acks.find((a) => a.whatsappMessageId === '3EB0AAAAAAAAAAAAAAAAAA'));
    await until('delivered', () =>
      traffic.statuses.find((s) => s.whatsappMessageIds.includes('3EB0AAAAAAAAAAAAAAAAAA') && s.status === 'delivered'),
    );
    await service.logOut(organization, session.id);
    await until('logged out', async () => (await service.get(organization, session.id)).reason === 'logged_out');
    expect(await phones.stats()).toMatchObject({ unknownStanzas: {}, undecryptable: 0 });
  });
});
