import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import type { BaileysClient } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

const { DELIVERY_ACK } = proto.WebMessageInfo.Status;

describe.each(['lid', 'pn'] as const)('life of a linked device (%s addressing)', (addressing) => {
  let harness: Harness;
  let contact: string;
  let phone: string;
  let device: BaileysClient;
  beforeAll(async () => {
    harness = await Harness.start({ addressing });
    contact = await harness.phone();
    phone = await harness.phone();
    device = await harness.linked(phone);
  });
  afterAll(() => harness.close());

  it('logs in again with what it was given, and routes by the edge it was told', async () => {
    await device.disconnect();
    await device.connect();
    expect(device.auth.creds.routingInfo?.toString()).toBe('sandbox');
    expect((await harness.control.phone(phone)).devices).toMatchObject([{ id: 1, connected: true }]);
  });

  it('replaces a connection of the same device: 440', async () => {
    const closed = device.closed();
    device = await harness.client({ auth: device.auth }).connect();
    expect(await closed).toBe(440);
    expect((await device.acked(await device.send(contact, { text: 'here now' })))['error']).toBeUndefined();
  });

  it('keeps what comes while the device is away, in order, and hands it over once', async () => {
    await device.disconnect();
    const texts = ['away 1', 'away 2', 'away 3'];
    for (const text of texts) await harness.control.sendText(contact, phone, text);
    const since = device.log.events.length;
    await device.connect();
    for (const text of texts) await device.text(text, since);
    const received = device.log.events
      .slice(since)
      .flatMap((event) => (event.type === 'messages.upsert' ? event.data.messages : []));
    expect(received.map((message) => message.message?.conversation).filter(Boolean)).toEqual(texts);

    await harness.control.sendText(contact, phone, 'after');
    await device.text('after');
    await device.disconnect();
    const later = device.log.events.length;
    await device.connect();
    await harness.control.sendText(contact, phone, 'last');
    await device.text('last', later);
    const again = device.log.events
      .slice(later)
      .flatMap((event) => (event.type === 'messages.upsert' ? event.data.messages : []));
    expect(again.map((message) => message.message?.conversation)).toEqual(['last']);
  });

  it('leaves one grey tick while the phone is offline, and a second when it comes back', async () => {
    const away = await harness.phone();
    await harness.control.offline(away);
    const id = await device.send(away, { text: 'are you there?' });
    await device.acked(id);
    expect(await harness.control.messages(away)).toEqual([]);
    await harness.control.online(away);
    expect(await device.status(id, DELIVERY_ACK)).toBe(DELIVERY_ACK);
    expect((await harness.control.messages(away)).map((message) => message.text)).toEqual(['are you there?']);
  });

  it('recovers a message for a device that lost its Signal sessions', async () => {
    await harness.control.sendText(contact, phone, 'before');
    await device.text('before');
    for (const key of device.auth.rows.keys()) if (key.startsWith('session/')) device.auth.rows.delete(key);
    await device.disconnect();
    await device.connect();
    const sent = await harness.control.sendText(contact, phone, 'can you read this?');
    await device.text('can you read this?');
    expect(await harness.control.status(contact, sent.id, 'delivered')).toMatchObject({ text: 'can you read this?' });
  });

  it('recovers a message for a phone that cannot decrypt it', async () => {
    await device.status(await device.send(contact, { text: 'an early one' }), DELIVERY_ACK);
    await device.status(await device.send(contact, { text: 'another' }), DELIVERY_ACK);
    // The device falls back to an older state of its ratchet, as after a crash: the next counter is a used one.
    const before = new Map(device.auth.rows);
    await device.send(contact, { text: 'a later one' });
    await harness.control.text(contact, 'a later one');
    for (const [key, value] of before) device.auth.rows.set(key, value);
    await device.send(contact, { text: 'with a used counter' });
    expect(await harness.control.text(contact, 'with a used counter')).toMatchObject({ direction: 'in' });
    expect((await harness.control.stats()).undecryptable).toBeGreaterThan(0);
  });

  it('drops a message that it has already, counts it, and confirms it still', async () => {
    const id = await device.send(contact, { text: 'sent twice' });
    await device.status(id, DELIVERY_ACK);
    const before = (await harness.control.stats()).duplicates;
    await device.send(contact, { text: 'sent twice' }, id);
    await device.send(contact, { text: 'the next' });
    await harness.control.text(contact, 'the next');
    expect((await harness.control.stats()).duplicates).toBeGreaterThan(before);
    const shown = (await harness.control.messages(contact)).filter((message) => message.id === id);
    expect(shown).toHaveLength(1);
  });

  it('asks for pre-keys when few are left', async () => {
    const before = device.auth.creds.nextPreKeyId;
    const jid = `${phone}:1@s.whatsapp.net`;
    const ask = {
      tag: 'key',
      attrs: {},
      content: Array.from({ length: 100 }, () => ({ tag: 'user', attrs: { jid } })),
    };
    for (let taken = 0; taken < 810; taken += 100) {
      await device.socket.query({
        tag: 'iq',
        attrs: { xmlns: 'encrypt', type: 'get', to: '@s.whatsapp.net' },
        content: [ask],
      });
    }
    const uploaded = await device.log.waitFor('more pre-keys', (event) =>
      event.type === 'creds.update' && (event.data.nextPreKeyId ?? 0) > before ? event.data.nextPreKeyId : undefined,
    );
    expect(uploaded).toBeGreaterThan(before);
  });

  it('forgets a device that logs out', async () => {
    const leaving = await harness.phone();
    const leaver = await harness.linked(leaving);
    await leaver.socket.logout();
    await harness.control.events.waitFor('the unlinking', (event) =>
      event.type === 'pairing' && event.phone === leaving && event.state === 'unlinked' ? true : undefined,
    );
    expect((await harness.control.phone(leaving)).devices).toEqual([]);
    await expect(leaver.connect()).rejects.toMatchObject({ code: 401 });
  });

  it('gives a new device the chats of the phone, and all devices what each sends', async () => {
    await harness.control.sendText(contact, phone, 'from before');
    await harness.control.text(phone, 'from before');
    const second = await harness.linked(phone);
    const history = await second.log.waitFor('history', (event) =>
      event.type === 'messaging-history.set' && event.data.messages.length > 0 ? event.data : undefined,
    );
    expect(history.messages.map((message) => message.message?.conversation)).toContain('from before');
    await device.send(contact, { text: 'from the first' });
    expect((await second.text('from the first')).key.fromMe).toBe(true);
    await harness.control.sendText(contact, phone, 'to all of you');
    await Promise.all([device.text('to all of you'), second.text('to all of you')]);
  });

  it('tells a device the new name on the phone', async () => {
    await harness.control.changePhone(phone, { name: 'New' });
    const told = await device.log.waitFor('the new name', (event) =>
      event.type === 'creds.update' && event.data.me?.name === 'New' ? true : undefined,
    );
    expect(told).toBe(true);
  });

  it('learns the name that a device sets', async () => {
    const changed = harness.control.events.waitFor(
      'the change',
      (event) => (event.type === 'phone' && event.phone === phone ? true : undefined),
      {
        since: harness.control.events.events.length,
      },
    );
    await device.socket.updateProfileName('Newer');
    await changed;
    expect((await harness.control.phone(phone)).name).toBe('Newer');
  });

  it('was asked nothing that it does not know', async () => {
    expect(await harness.control.stats()).toMatchObject({ unknownStanzas: {}, protocolViolations: 0 });
  });
});
