import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import type { BaileysClient } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

const { ERROR, DELIVERY_ACK, READ } = proto.WebMessageInfo.Status;

describe('faults on command', () => {
  let harness: Harness;
  let maya: string;
  let contact: string;
  let device: BaileysClient;

  beforeAll(async () => {
    harness = await Harness.start();
    contact = await harness.phone();
    maya = await harness.phone();
    device = await harness.linked(maya);
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    await harness.control.clearFaults();
    if (!device.isOpen) await device.connect();
  });

  it.each([
    ['drop-socket', undefined, 428],
    ['stream-error', 515, 515],
    ['stream-error', 503, 503],
    ['replaced', undefined, 440],
  ] as const)('%s %s closes the connection with %s', async (kind, code, expected) => {
    const closed = device.closed();
    await harness.control.addFault({ target: maya, kind, ...(code && { code }) });
    expect(await closed).toBe(expected);
  });

  it('strikes only its target, and only once it is armed', async () => {
    const other = await harness.linked(await harness.phone());
    const closed = device.closed();
    const before = Date.now();
    await harness.control.addFault({ target: maya, kind: 'drop-socket', afterMs: 120 });
    expect(await closed).toBe(428);
    expect(Date.now() - before).toBeGreaterThanOrEqual(119);
    const id = await other.send(contact, { text: 'still here' });
    expect((await other.acked(id))['error']).toBeUndefined();
  });

  it.each([503, 500])('refuses the login with %s as often as it is told, then lets in', async (code) => {
    await device.disconnect();
    await harness.control.addFault({ target: maya, kind: 'refuse-login', code, count: 1 });
    await expect(device.connect()).rejects.toMatchObject({ code });
    await expect(device.connect()).resolves.toBe(device);
  });

  it('unlinks a device: 401 now, and at each login after it', async () => {
    const phone = await harness.phone();
    const unlucky = await harness.linked(phone);
    const closed = unlucky.closed();
    await harness.control.addFault({ target: phone, kind: 'unlinked' });
    expect(await closed).toBe(401);
    await expect(unlucky.connect()).rejects.toMatchObject({ code: 401 });
    expect((await harness.control.phone(phone)).devices).toEqual([]);
  });

  it('holds stanzas back', async () => {
    await harness.control.addFault({ target: maya, kind: 'delay', delayMs: 150 });
    const before = Date.now();
    await device.acked(await device.send(contact, { text: 'slow' }));
    expect(Date.now() - before).toBeGreaterThanOrEqual(149);
  });

  it('loses a receipt: the message is never delivered, the next one is', async () => {
    await harness.control.addFault({ target: maya, kind: 'lose-receipt', count: 1 });
    const lost = await device.send(contact, { text: 'one' });
    await harness.control.text(contact, 'one');
    const next = await device.send(contact, { text: 'two' });
    await device.status(next, DELIVERY_ACK);
    expect(await harness.control.status(maya, lost, 'sent')).toMatchObject({ deliveredAt: null });
    await harness.control.read(contact, maya);
    expect(await device.status(lost, READ)).toBe(READ);
  });

  it.each([429, 463, 479])('refuses a message with %s, and keeps it from the contact', async (code) => {
    await harness.control.addFault({ target: maya, kind: 'rate-limit', code, count: 1 });
    const refused = await device.send(contact, { text: `refused with ${code}` });
    expect((await device.acked(refused))['error']).toBe(String(code));
    expect(await device.status(refused, ERROR)).toBe(ERROR);
    await device.send(contact, { text: `taken after ${code}` });
    await harness.control.text(contact, `taken after ${code}`);
    const ids = (await harness.control.messages(contact, maya)).map((message) => message.id);
    expect(ids).not.toContain(refused);
  });

  it('says that the account is locked while messages are refused with 463', async () => {
    await harness.control.addFault({ target: maya, kind: 'rate-limit', code: 463 });
    expect(await device.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: true });
    await harness.control.clearFaults();
    expect(await device.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
  });

  it('lets no new chat begin while the account is locked, and tells its devices when that ends', async () => {
    const [stranger, hours] = [await harness.phone(), 3_600_000];
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + hours);
    const told = device.log.waitFor(
      'the lock',
      (event) => (event.type === 'connection.update' ? event.data.reachoutTimeLock : undefined),
      { since: device.log.events.length },
    );
    await harness.control.restrict(maya, { reachOutUntil: until.toISOString() });
    expect(await told).toMatchObject({ isActive: true, timeEnforcementEnds: until });
    expect(await device.socket.fetchAccountReachoutTimelock()).toMatchObject({ timeEnforcementEnds: until });
    const refused = await device.send(stranger, { text: 'hello stranger' });
    expect((await device.acked(refused))['error']).toBe('463');
    const known = await device.send(contact, { text: 'hello again' });
    expect((await device.acked(known))['error']).toBeUndefined();
    await harness.control.restrict(maya, { reachOutUntil: null });
    const taken = await device.send(stranger, { text: 'hello now' });
    expect((await device.acked(taken))['error']).toBeUndefined();
  });

  it('counts the chats that an account begins, warns, and refuses what goes beyond its quota', async () => {
    const strangers = [await harness.phone(), await harness.phone(), await harness.phone()] as const;
    const cycleEnds = new Date(Date.now() + 3_600_000).toISOString();
    await harness.control.restrict(maya, { newChats: { quota: 2, cycleEnds } });
    const errors: (string | undefined)[] = [];
    for (const stranger of [...strangers, strangers[0]]) {
      const id = await device.send(stranger, { text: 'hello' });
      errors.push((await device.acked(id))['error']);
    }
    expect(errors).toEqual([undefined, undefined, '463', undefined]);
    expect(await device.socket.fetchNewChatMessageCap()).toMatchObject({
      total_quota: 2,
      used_quota: 2,
      capping_status: 'CAPPED',
    });
    await harness.control.restrict(maya, { newChats: null });
    expect(await device.socket.fetchNewChatMessageCap()).toMatchObject({ total_quota: -1 });
  });

  it('goes silent: the connection stays open, and the client gives up on it by itself', async () => {
    await device.disconnect();
    device = await harness.client({ auth: device.auth, config: { keepAliveIntervalMs: 100 } }).connect();
    const closed = device.closed();
    await harness.control.addFault({ target: maya, kind: 'silent' });
    expect(await closed).toBe(408);
  });

  it('delivers a message twice; the phone that gets it twice shows it once', async () => {
    await harness.control.addFault({ target: maya, kind: 'duplicate', count: 1 });
    const sent = await harness.control.sendText(contact, maya, 'twice');
    await device.text('twice');
    const receipts = await harness.control.status(contact, sent.id, 'delivered');
    expect(receipts.id).toBe(sent.id);
    expect((await harness.control.messages(maya, contact)).filter((message) => message.text === 'twice')).toHaveLength(
      1,
    );
  });

  it('delivers out of order', async () => {
    await harness.control.addFault({ target: maya, kind: 'reorder', count: 1 });
    await harness.control.sendText(contact, maya, 'first');
    await harness.control.sendText(contact, maya, 'second');
    await Promise.all([device.text('first'), device.text('second')]);
    const order = device.log.events.flatMap((event) =>
      event.type === 'messages.upsert' ? event.data.messages.map((m) => m.message?.conversation) : [],
    );
    expect(order.filter((text) => text === 'first' || text === 'second')).toEqual(['second', 'first']);
  });

  it('runs out of QR codes', async () => {
    await harness.control.addFault({ target: '*', kind: 'expire-qr', count: 1 });
    await expect(harness.client().connect()).rejects.toMatchObject({ code: 408 });
  });

  it('fails uploads', async () => {
    await harness.control.addFault({ target: maya, kind: 'media-upload-error', count: 1 });
    const document = { document: Buffer.from('file'), mimetype: 'text/plain', fileName: 'a.txt' };
    await expect(device.send(contact, document)).rejects.toThrow('Media upload failed');
    const id = await device.send(contact, document);
    expect(
      await harness.control.media(
        contact,
        (await harness.control.message(contact, 'the file', (message) => message.id === id)).id,
      ),
    ).toEqual(Buffer.from('file'));
  });

  it('has lost a file: 410', async () => {
    const sent = await harness.control.sendMedia(contact, maya, { kind: 'image', base64: 'AAAA' });
    const received = await device.message('the image', (message) => message.key.id === sent.id);
    await harness.control.addFault({ target: '*', kind: 'media-gone', count: 1 });
    await expect(device.download(received)).rejects.toMatchObject({ output: { statusCode: 410 } });
  });

  it('strikes by chance', async () => {
    await harness.control.addFault({ target: maya, kind: 'rate-limit', code: 429, probability: 0 });
    expect((await device.acked(await device.send(contact, { text: 'lucky' })))['error']).toBeUndefined();
    await harness.control.addFault({ target: maya, kind: 'rate-limit', code: 429, probability: 1 });
    expect((await device.acked(await device.send(contact, { text: 'unlucky' })))['error']).toBe('429');
  });

  it('was asked nothing that it does not know', async () => {
    expect(await harness.control.stats()).toMatchObject({ unknownStanzas: {}, protocolViolations: 0 });
  });
});
