import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import type { BaileysClient } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

const { ERROR } = proto.WebMessageInfo.Status;

describe.each(['lid', 'pn'] as const)('messages in groups (%s addressing)', (addressing) => {
  let harness: Harness;
  let maya: string;
  let omar: string;
  let contact: string;
  let other: string;
  let mayaDevice: BaileysClient;
  let omarDevice: BaileysClient;
  let group: string;

  beforeAll(async () => {
    harness = await Harness.start({ addressing });
    maya = await harness.phone({ name: 'Maya' });
    omar = await harness.phone({ name: 'Omar' });
    contact = await harness.phone({ name: 'A contact' });
    other = await harness.phone({ name: 'Another contact' });
    [mayaDevice, omarDevice] = await Promise.all([harness.linked(maya), harness.linked(omar)]);
  });
  beforeEach(async () => {
    group = await aGroup(maya, omar, contact);
  });
  afterAll(() => harness.close());

  async function aGroup(owner: string, ...participants: string[]): Promise<string> {
    const { id, results } = await harness.control.createGroup({ owner, subject: 'A group', participants });
    expect(results.map(({ code }) => code)).toEqual(participants.map(() => 200));
    return id;
  }

  const jid = async (phone: string) =>
    addressing === 'lid' ? `${(await harness.control.phone(phone)).lid}@lid` : `${phone}@s.whatsapp.net`;

  /** What a reader has confirmed, once he has. */
  async function receipts(client: BaileysClient, id: string, name: 'receiptTimestamp' | 'readTimestamp', who: string) {
    const userJid = await jid(who);
    return client.log.waitFor(`${name} of ${id} by ${who}`, (event) => {
      // Baileys may merge a receipt into its own buffered upsert of the message.
      const found =
        event.type === 'message-receipt.update'
          ? event.data.filter(({ key }) => key.id === id).map(({ receipt }) => receipt)
          : event.type === 'messages.upsert'
            ? event.data.messages.filter(({ key }) => key.id === id).flatMap((message) => message.userReceipt ?? [])
            : [];
      return found.find((receipt) => receipt.userJid === userJid && receipt[name]);
    });
  }

  it('go from a device to the devices and phones of all, with a receipt of each', async () => {
    const id = await mayaDevice.send(group, { text: 'hello all' });
    expect((await mayaDevice.acked(id))['error']).toBeUndefined();
    const received = await omarDevice.text('hello all');
    expect(received.key).toMatchObject({
      id,
      remoteJid: group,
      participant: await jid(maya),
      fromMe: false,
      addressingMode: addressing,
    });
    expect(received.pushName).toBe('Maya');
    for (const phone of [omar, contact])
      expect(await harness.control.text(phone, 'hello all')).toMatchObject({
        with: group,
        from: maya,
        direction: 'in',
      });
    expect(await harness.control.text(maya, 'hello all')).toMatchObject({ with: group, from: maya, direction: 'out' });
    await Promise.all([
      receipts(mayaDevice, id, 'receiptTimestamp', omar),
      receipts(mayaDevice, id, 'receiptTimestamp', contact),
    ]);
    expect(await harness.control.status(maya, id, 'delivered')).toMatchObject({ deliveredAt: expect.any(String) });

    await omarDevice.socket.readMessages([received.key]);
    await receipts(mayaDevice, id, 'readTimestamp', omar);
    // Read on one device is read on the phone.
    await harness.control.message(omar, 'the message read', (message) => message.id === id && message.readAt !== null);
    const half = await harness.control.message(
      maya,
      'half read',
      (one) => one.id === id && one.receipts.some((r) => r.readAt),
    );
    expect(half).toMatchObject({ status: 'delivered' });
    expect((await harness.control.read(contact, group)).ids).toEqual([id]);
    await receipts(mayaDevice, id, 'readTimestamp', contact);
    expect(await harness.control.status(maya, id, 'read')).toMatchObject({
      receipts: expect.arrayContaining([
        { phone: omar, deliveredAt: expect.any(String), readAt: expect.any(String), playedAt: null },
        { phone: contact, deliveredAt: expect.any(String), readAt: expect.any(String), playedAt: null },
      ]),
    });
  });

  it('go from a phone to the devices and phones of all, with a receipt of each', async () => {
    const sent = await harness.control.sendText(contact, group, 'from the phone');
    expect(sent).toMatchObject({ with: group, status: 'sent' });
    for (const device of [mayaDevice, omarDevice])
      expect((await device.text('from the phone')).key).toMatchObject({
        remoteJid: group,
        participant: await jid(contact),
      });
    await harness.control.text(maya, 'from the phone');
    const delivered = await harness.control.status(contact, sent.id, 'delivered');
    expect(delivered.receipts.map(({ phone }) => phone).toSorted()).toEqual([maya, omar].toSorted());
    const second = await harness.control.sendText(contact, group, 'once more');
    expect((await mayaDevice.text('once more')).key.id).toBe(second.id);
    expect((await harness.control.chats(maya)).find((chat) => chat.with === group)).toMatchObject({
      name: 'A group',
      unread: 2,
    });
  });

  it("reach one's own other devices, whichever of them wrote", async () => {
    const second = await harness.linked(maya);
    const id = await mayaDevice.send(group, { text: 'from the first' });
    expect((await second.text('from the first')).key).toMatchObject({
      id,
      remoteJid: group,
      participant: await jid(maya),
    });
    await second.send(group, { text: 'from the second' });
    await Promise.all([mayaDevice.text('from the second'), omarDevice.text('from the second')]);
    await harness.control.sendText(maya, group, 'from my phone');
    await Promise.all([mayaDevice.text('from my phone'), second.text('from my phone')]);
    await second.socket.logout();
  });

  it('give the sender key to each device once, to who comes later too, and change it when somebody goes', async () => {
    const keysIn = async (text: string) => {
      const since = omarDevice.log.events.length;
      const { id } = await harness.control.sendText(contact, group, text);
      await omarDevice.text(text, since);
      const stanza = omarDevice.log.events.find((event) => event.type === 'stanza' && event.data['id'] === id);
      return stanza?.type === 'stanza' ? stanza.encs : [];
    };
    expect(await keysIn('first')).toEqual(
      ['pkmsg', 'skmsg'].map((type) => expect.stringMatching(type === 'skmsg' ? type : /msg/)),
    );
    expect(await keysIn('second')).toEqual(['skmsg']);
    const before = senderKeys(omarDevice);
    await harness.control.changeParticipants(group, maya, 'add', [other]);
    expect(await keysIn('third')).toEqual(['skmsg']);
    expect(await harness.control.text(other, 'third')).toMatchObject({ with: group, from: contact });
    expect((await harness.control.messages(other, group)).map(({ text }) => text)).toEqual(['third']);
    expect(senderKeys(omarDevice)).toEqual(before);
    await harness.control.leaveGroup(group, other);
    expect(await keysIn('fourth')).toHaveLength(2);
    expect(senderKeys(omarDevice)).not.toEqual(before);
    await harness.control.text(omar, 'fourth');
    expect((await harness.control.messages(other, group)).map(({ text }) => text)).toEqual(['third']);
  });

  /** Ids of the keys that a device has of others for the group. */
  const senderKeys = (client: BaileysClient) =>
    [...client.auth.rows]
      .filter(([name]) => name.startsWith(`sender-key/${group}`))
      .flatMap(([, row]) => {
        const { data } = JSON.parse(row) as { data: string };
        return [
          ...Buffer.from(data, 'base64')
            .toString()
            .matchAll(/"senderKeyId":(\d+)/g),
        ].map(([, id]) => Number(id));
      })
      .toSorted((a, b) => a - b);

  const lose = (client: BaileysClient, prefix: string) => {
    for (const key of client.auth.rows.keys()) if (key.startsWith(prefix)) client.auth.rows.delete(key);
  };

  it('are asked for again by a device that lost the key, of a phone', async () => {
    await harness.control.sendText(contact, group, 'with the key');
    await omarDevice.text('with the key');
    lose(omarDevice, 'sender-key/');
    await omarDevice.disconnect();
    await omarDevice.connect();
    const sent = await harness.control.sendText(contact, group, 'without the key');
    expect((await omarDevice.text('without the key')).key).toMatchObject({
      id: sent.id,
      participant: await jid(contact),
    });
    expect(timesReceived(omarDevice, sent.id)).toBe(2);
    await harness.control.status(contact, sent.id, 'delivered');
    // With what was sent again came the key for the next ones.
    const next = await harness.control.sendText(contact, group, 'with the key again');
    await omarDevice.text('with the key again');
    expect(timesReceived(omarDevice, next.id)).toBe(1);
  });

  /** How often a message came off the wire: twice when it had to be asked for again. */
  const timesReceived = (client: BaileysClient, id: string) =>
    client.log.events.filter((event) => event.type === 'stanza' && event.data['id'] === id).length;

  it('are asked for again by a device that lost the key, of a device', async () => {
    await mayaDevice.send(group, { text: 'with a key' });
    await omarDevice.text('with a key');
    lose(omarDevice, 'sender-key/');
    await omarDevice.disconnect();
    await omarDevice.connect();
    const id = await mayaDevice.send(group, { text: 'without a key' });
    expect((await omarDevice.text('without a key')).key).toMatchObject({ id, participant: await jid(maya) });
  });

  it('are asked for again by a phone that does not have the key', async () => {
    await mayaDevice.send(group, { text: 'before' });
    await harness.control.text(contact, 'before');
    const { undecryptable } = await harness.control.stats();
    // The device believes that everybody has its new key.
    lose(mayaDevice, `sender-key/${group}`);
    await mayaDevice.disconnect();
    await mayaDevice.connect();
    const id = await mayaDevice.send(group, { text: 'in a new key' });
    expect(await harness.control.text(contact, 'in a new key')).toMatchObject({ id, from: maya });
    expect((await harness.control.stats()).undecryptable).toBeGreaterThan(undecryptable);
  });

  it('wait for devices and phones that are away', async () => {
    await omarDevice.disconnect();
    await harness.control.offline(contact);
    await mayaDevice.send(group, { text: 'away 1' });
    const id = await mayaDevice.send(group, { text: 'away 2' });
    await mayaDevice.acked(id);
    await harness.control.sendText(maya, group, 'away 3');
    const since = omarDevice.log.events.length;
    await omarDevice.connect();
    await omarDevice.text('away 3', since);
    const received = omarDevice.log.events
      .slice(since)
      .flatMap((event) => (event.type === 'messages.upsert' ? event.data.messages : []))
      .flatMap(({ message }) => message?.conversation ?? message?.extendedTextMessage?.text ?? []);
    // What a phone could not read, Baileys sends to everybody again: it may still be on its way here.
    expect(received.filter((text) => text.startsWith('away'))).toEqual(['away 1', 'away 2', 'away 3']);
    expect(await harness.control.messages(contact, group)).toEqual([]);
    await harness.control.online(contact);
    await harness.control.text(contact, 'away 3');
    await harness.control.status(maya, id, 'delivered');
  });

  it('are refused to who is not in the group, and to members where only admins write', async () => {
    await harness.control.changeGroup(group, 'settings', { by: maya, announcement: true });
    const refused = await omarDevice.send(group, { text: 'may I?' });
    expect((await omarDevice.acked(refused))['error']).toBe('403');
    await omarDevice.status(refused, ERROR);
    expect(await harness.control.sendText(contact, group, 'may I?')).toMatchObject({ status: 'failed', error: '403' });
    await mayaDevice.send(group, { text: 'I may' });
    await omarDevice.text('I may');
    await harness.control.changeGroup(group, 'settings', { by: maya, announcement: false });
    await harness.control.leaveGroup(group, omar);
    expect(await harness.control.sendText(omar, group, 'and now?')).toMatchObject({ status: 'failed', error: '403' });
    expect(await harness.control.sendText(contact, group, 'to those who stayed')).toMatchObject({ status: 'sent' });
    await harness.control.text(maya, 'to those who stayed');
    expect((await harness.control.messages(omar, group)).map(({ text }) => text)).not.toContain('to those who stayed');
  });

  it('are answered, reacted to, edited, deleted and name people', async () => {
    const id = await mayaDevice.send(group, { text: 'frist' });
    await harness.control.text(contact, 'frist');
    const reply = await harness.control.send(contact, group, { text: 'a reply', replyTo: id, mentions: [omar] });
    const answered = await mayaDevice.text('a reply');
    expect(answered.message?.extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: id,
      participant: await jid(maya),
      mentionedJid: [await jid(omar)],
    });
    await harness.control.send(contact, group, { reaction: { id, emoji: '👍' } });
    const reaction = await mayaDevice.log.waitFor('the reaction', (event) =>
      event.type === 'messages.reaction' ? event.data.find(({ key }) => key.id === id) : undefined,
    );
    expect(reaction).toMatchObject({ key: { remoteJid: group, fromMe: true }, reaction: { text: '👍' } });
    const shown = await harness.control.message(
      contact,
      'the reaction',
      (one) => one.id === id && one.reactions.length > 0,
    );
    expect(shown.reactions).toEqual([{ from: contact, emoji: '👍' }]);

    const key = { id, fromMe: true, remoteJid: group, participant: await jid(maya) };
    await mayaDevice.send(group, { text: 'corrected', edit: key });
    expect(await harness.control.text(contact, 'corrected')).toMatchObject({ id });
    await mayaDevice.send(group, { delete: key });
    const isDeleted = (one: { id: string; deletedAt: string | null }) => one.deletedAt !== null;
    await harness.control.message(contact, 'the deletion', (one) => one.id === id && isDeleted(one));
    // An admin deletes what another has written; others may say so as they like.
    await harness.control.send(omar, group, { delete: { id: reply.id } });
    await harness.control.send(maya, group, { delete: { id: reply.id } });
    await harness.control.message(contact, 'the deletion', (one) => one.id === reply.id && isDeleted(one));
    await harness.control.send(contact, group, { edit: { id: 'NONE', text: 'nothing' } });
  });

  it('are polls, on which each can vote', async () => {
    const poll = await harness.control.send(contact, group, { poll: { name: 'Tea?', options: ['Yes', 'No'] } });
    await mayaDevice.message('the poll', (message) => message.key.id === poll.id);
    for (const [voter, choice] of [
      [maya, 'Yes'],
      [omar, 'No'],
    ] as const) {
      await harness.control.text(voter, 'Tea?');
      await harness.control.send(voter, group, { vote: { id: poll.id, options: [choice] } });
    }
    const voted = await harness.control.message(
      contact,
      'both votes',
      ({ id, votes }) => id === poll.id && votes.length === 2,
    );
    expect(voted.votes).toEqual(
      expect.arrayContaining([
        { from: maya, options: ['Yes'] },
        { from: omar, options: ['No'] },
      ]),
    );
  });

  it('carry files, and tell who is typing', async () => {
    const document = Buffer.alloc(100_000, 'wasel');
    const id = await mayaDevice.send(group, { document, mimetype: 'application/pdf', fileName: 'offer.pdf' });
    await harness.control.message(contact, 'the document', (message) => message.id === id);
    expect(await harness.control.media(contact, id)).toEqual(document);
    const picture = await harness.control.sendMedia(contact, group, { kind: 'image', base64: 'AAAA' });
    const received = await mayaDevice.message('the image', (message) => message.key.id === picture.id);
    expect(await mayaDevice.download(received)).toEqual(Buffer.from('AAAA', 'base64'));
    await harness.control.typing(contact, group);
    const participant = await jid(contact);
    const presence = await mayaDevice.log.waitFor('typing', (event) =>
      event.type === 'presence.update' && event.data.id === group ? event.data.presences[participant] : undefined,
    );
    expect(presence).toMatchObject({ lastKnownPresence: 'composing' });
  });

  it('come with the history to a device that is linked later', async () => {
    await harness.control.sendText(contact, group, 'from before');
    await harness.control.text(omar, 'from before');
    const second = await harness.linked(omar);
    const history = await second.log.waitFor('history', (event) =>
      event.type === 'messaging-history.set' && event.data.messages.length > 0 ? event.data : undefined,
    );
    expect(history.chats.find((chat) => chat.id === group)).toMatchObject({ name: 'A group' });
    expect(history.messages.find((message) => message.message?.conversation === 'from before')?.key).toMatchObject({
      remoteJid: group,
      participant: await jid(contact),
      fromMe: false,
    });
    await second.socket.logout();
  });

  it('were all understood', async () => {
    expect(await harness.control.stats()).toMatchObject({ unknownStanzas: {}, protocolViolations: 0 });
  });
});
