import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { until } from '../../../../testing/until.ts';
import type { Config } from '../../config/config.ts';
import { anOrganization } from '../../testing/factories.ts';
import { openDatabase, type OpenDatabase } from '../../testing/open-database.ts';
import { aConfig, anEncryptionKey } from '../../testing/settings.ts';
import { SmtpDouble } from '../../testing/smtp-double.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { SystemDb } from '../database/system-db.ts';
import { TenantDb } from '../database/tenant-db.ts';
import { SealedRowsRotation } from '../encryption/sealed-rows.rotation.ts';
import { Sealer } from '../encryption/sealer.ts';
import { NodeId } from '../signals/node-id.ts';
import { Signals } from '../signals/signals.ts';
import { MailQueue, placeOf } from './mail-queue.ts';
import { MailWorker } from './mail-worker.ts';
import { type Mail, Mailer } from './mailer.ts';
import { SmtpTransport } from './smtp-transport.ts';

const KEYS = [anEncryptionKey('k1'), anEncryptionKey('k2')] as const;
const SECRET = 'https://wasel.example/join#the-secret';
/** Later than the sweep. */
const A_WHILE_MS = 11_000;

Logger.overrideLogger(false); // what servers refuse is told to nobody

let database: OpenDatabase;
let smtp: SmtpDouble;
let smtpUrl: string;
let clock: TestClock;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await openDatabase();
  smtp = new SmtpDouble();
  smtpUrl = await smtp.start();
  clock = new TestClock();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await smtp.stop();
  await database.close();
});

const config = (over: Record<string, string> = {}): Config =>
  aConfig({
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: KEYS[0],
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Wasel <wasel@example.com>',
    ...over,
  });

/** What one node has of it. */
async function aNode(over: Record<string, string> = {}) {
  const settings = config(over);
  const system = new SystemDb(database.pool('app_system', 2));
  const sealer = new Sealer(settings);
  const queue = new MailQueue(system, sealer);
  const signals = new Signals(settings, new NodeId());
  await signals.onModuleInit();
  closing.push(() => signals.onApplicationShutdown());
  const worker = new MailWorker(settings, clock, signals, queue, new SmtpTransport(settings));
  closing.push(() => worker.beforeApplicationShutdown());
  const rotation = new SealedRowsRotation(system, sealer, 'private.mails', placeOf);
  return { worker, queue, mailer: new Mailer(queue, signals), rotation };
}

const aMail = (over: Partial<Mail> = {}): Mail => ({
  kind: 'invitation',
  to: `${randomUUID()}@example.com`,
  expiresInMs: 3_600_000,
  letter: { language: 'he', subject: 'הזמנה', paragraphs: ['שלום'], action: { label: 'לפתיחה', url: SECRET } },
  ...over,
});

type Row = { state: string; attempts: number; error: string | null; sealed: Buffer | null; key_id: string };
const rows = async (): Promise<Row[]> =>
  (await database.admin.query<Row>('select state, attempts, error, sealed, key_id from private.mails order by id'))
    .rows;
const settled = (state: string) => until(`the mail to be ${state}`, async () => (await rows())[0]?.state === state);
/** Brings what waits for its next try to now: the database keeps its own time. */
const due = async () => {
  await database.admin.query('update private.mails set send_after = now()');
  clock.advance(A_WHILE_MS);
};

describe('a mail', () => {
  it('leaves when it was taken, once, to one address, with both parts; nothing of it is kept then', async () => {
    const { worker, mailer } = await aNode();
    worker.onApplicationBootstrap();
    await mailer.send(aMail({ to: 'dana@example.com' }));
    await settled('sent');
    expect(smtp.received).toHaveLength(1);
    const [{ to, raw } = { to: [], raw: '' }] = smtp.received;
    expect(to).toEqual(['dana@example.com']);
    expect(raw).toMatch(/^From: Wasel <wasel@example.com>/m);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/m);
    expect(raw).toMatch(/^Content-Type: text\/html; charset=utf-8/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated/m);
    expect((await rows())[0]).toMatchObject({ attempts: 1, error: null, sealed: null });
  });

  it('is written with what makes it true, or not at all', async () => {
    const { mailer } = await aNode();
    const db = new TenantDb(database.pool('app_tenant', 1));
    const organization = await anOrganization(database.admin);
    const fails = db.asTenant(organization, async (tx) => {
      await mailer.add(tx, organization, aMail());
      throw new Error('rolled back');
    });
    await expect(fails).rejects.toThrow('rolled back');
    expect(await rows()).toEqual([]);
    await db.asTenant(organization, (tx) => mailer.add(tx, organization, aMail()));
    const text = JSON.stringify((await database.admin.query('select m::text from private.mails m')).rows);
    expect(text).not.toContain(Buffer.from('the-secret').toString('hex'));
    expect(await rows()).toHaveLength(1);
  });

  it('is tried again when the server has no time for it', async () => {
    const { worker, mailer } = await aNode();
    smtp.mood = 'refuse-for-now';
    worker.onApplicationBootstrap();
    await mailer.send(aMail());
    await until('a first try', async () => (await rows())[0]?.error === 'EENVELOPE 451');
    expect((await rows())[0]).toMatchObject({ state: 'waiting', attempts: 1 });
    smtp.mood = 'accept';
    await due();
    await settled('sent');
    expect(smtp.received).toHaveLength(1);
  });

  it('is given up at once when the server refuses its address for good, and holds no other up', async () => {
    const { worker, mailer } = await aNode();
    smtp.mood = 'refuse-recipient';
    worker.onApplicationBootstrap();
    await mailer.send(aMail());
    await settled('failed');
    expect((await rows())[0]).toMatchObject({ attempts: 1, error: 'EENVELOPE 550', sealed: null });
    smtp.mood = 'accept';
    await mailer.send(aMail());
    await until('the other to be sent', async () => (await rows())[1]?.state === 'sent');
  });

  it('is not held by a server that says nothing more', async () => {
    const { worker, mailer } = await aNode();
    smtp.mood = 'hang';
    worker.onApplicationBootstrap();
    await mailer.send(aMail());
    await until('the server to be asked', () => smtp.attempts === 1);
    clock.advance(61_000);
    await until('patience to end', async () => (await rows())[0]?.error === 'took too long');
    smtp.mood = 'accept';
    await due();
    await settled('sent');
    expect(smtp.received).toHaveLength(1);
  });

  it('leaves by another node when the one that took it died, under the same id', async () => {
    const first = await aNode();
    smtp.mood = 'accept-and-drop';
    first.worker.onApplicationBootstrap();
    await first.mailer.send(aMail());
    await until('the server to have it', () => smtp.received.length === 1);
    const second = await aNode();
    smtp.mood = 'accept';
    second.worker.onApplicationBootstrap();
    await due(); // its claim has run out
    await settled('sent');
    const ids = smtp.received.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is sent by one of two nodes', async () => {
    const nodes = [await aNode(), await aNode()];
    for (const { worker } of nodes) worker.onApplicationBootstrap();
    await Promise.all(nodes.flatMap(({ mailer }) => Array.from({ length: 10 }, () => mailer.send(aMail()))));
    await until('all to be sent', async () => (await rows()).every(({ state }) => state === 'sent'));
    expect(smtp.received).toHaveLength(20);
  });

  it('is given up when it is of no use any more', async () => {
    const { worker, mailer } = await aNode();
    smtp.mood = 'refuse-for-now';
    worker.onApplicationBootstrap();
    await mailer.send(aMail());
    await until('a first try', async () => (await rows())[0]?.error !== null);
    await database.admin.query(`update private.mails set expires_at = now() - interval '1 s'`);
    await due();
    await settled('failed');
    expect((await rows())[0]).toMatchObject({ attempts: 1, sealed: null, error: 'EENVELOPE 451' });
  });

  it('is not written for the sixth time within an hour', async () => {
    const { mailer } = await aNode();
    const mail = aMail({ kind: 'password_reset' });
    for (let n = 0; n < 7; n += 1) await mailer.send(mail);
    expect(await rows()).toHaveLength(5);
    await mailer.send({ ...mail, kind: 'password_changed' });
    expect(await rows()).toHaveLength(6);
  });

  it('opens with the new key alone after a rotation', async () => {
    const old = await aNode();
    await old.queue.add({ ...aMail(), letter: { subject: 's', text: SECRET, html: '' } });
    const both = await aNode({ ENCRYPTION_KEYS: `${KEYS[1]},${KEYS[0]}` });
    expect([await both.rotation.left(), await both.rotation.renew(10), await both.rotation.left()]).toEqual([1, 1, 0]);
    const { queue } = await aNode({ ENCRYPTION_KEYS: KEYS[1] });
    expect(await queue.kept(10)).toMatchObject([{ letter: { text: SECRET } }]);
    expect(await old.queue.kept(10)).toEqual([]);
  });
});
