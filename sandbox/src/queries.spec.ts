import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BaileysClient } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

describe('what a device asks of the server', () => {
  let harness: Harness;
  let phone: string;
  let contact: string;
  let device: BaileysClient;
  beforeAll(async () => {
    harness = await Harness.start();
    [phone, contact] = [await harness.phone(), await harness.phone()];
    device = await harness.linked(phone);
  });
  afterAll(() => harness.close());

  const jid = () => `${contact}@s.whatsapp.net`;

  it('settings: privacy, about, blocklist, disappearing messages', async () => {
    await device.socket.updateLastSeenPrivacy('contacts');
    expect(await device.socket.fetchPrivacySettings(true)).toMatchObject({ last: 'contacts', readreceipts: 'all' });
    await device.socket.updateProfileStatus('busy');
    expect(await device.socket.fetchStatus(`${phone}@s.whatsapp.net`)).toMatchObject([{ status: { status: 'busy' } }]);
    await device.socket.updateDefaultDisappearingMode(0);
    await device.socket.updateBlockStatus(jid(), 'block');
    expect(await device.socket.fetchBlocklist()).toEqual([jid()]);
    expect((await harness.control.phone(phone)).blocked).toEqual([contact]);
    await device.socket.updateBlockStatus(jid(), 'unblock');
    expect(await device.socket.fetchBlocklist()).toEqual([]);
  });

  it('people: addresses, pictures, businesses, bots', async () => {
    const { lid } = await harness.control.phone(contact);
    expect(await device.socket.signalRepository.lidMapping.getLIDForPN(jid())).toBe(`${lid}@lid`);
    await expect(device.socket.profilePictureUrl(jid())).rejects.toThrow('item-not-found');
    expect(await device.socket.getBusinessProfile(jid())).toBeUndefined();
    expect(await device.socket.getBotListV2()).toEqual([]);
  });

  it('groups: none for who is in none', async () => {
    expect(await device.socket.groupFetchAllParticipating()).toEqual({});
  });

  it('chats: an archived chat is archived on all devices of the account', async () => {
    const second = await harness.linked(phone);
    await harness.control.sendText(contact, phone, 'archive me');
    const last = await device.text('archive me');
    await device.socket.chatModify({ archive: true, lastMessages: [last] }, last.key.remoteJid ?? '');
    const archived = await second.log.waitFor('the archive', (event) =>
      event.type === 'chats.update' ? event.data.find((chat) => chat.archived) : undefined,
    );
    expect(archived.id).toBe(last.key.remoteJid);
  });

  it('keys: the signed pre-key rotates, a forged one costs the connection', async () => {
    await device.socket.rotateSignedPreKey();
    const id = await device.send(contact, { text: 'after the rotation' });
    expect((await device.acked(id))['error']).toBeUndefined();
    const closed = device.closed();
    const forged = {
      tag: 'skey',
      attrs: {},
      content: [
        { tag: 'id', attrs: {}, content: Buffer.alloc(3, 1) },
        { tag: 'value', attrs: {}, content: Buffer.alloc(32, 1) },
        { tag: 'signature', attrs: {}, content: Buffer.alloc(64, 1) },
      ],
    };
    await device.socket.sendNode({
      tag: 'iq',
      attrs: { id: 'forged', to: '@s.whatsapp.net', type: 'set', xmlns: 'encrypt' },
      content: [{ tag: 'rotate', attrs: {}, content: [forged] }],
    });
    expect(await closed).toBe(428);
    await device.connect();
  });

  it('knows all of it; what it does not know it refuses, and counts by kind', async () => {
    expect((await harness.control.stats()).unknownStanzas).toEqual({});
    const question = {
      tag: 'iq',
      attrs: { type: 'get', xmlns: 'w:weather', to: '@s.whatsapp.net' },
      content: [{ tag: 'forecast', attrs: {} }],
    };
    await expect(device.socket.query(question)).rejects.toThrow('feature-not-implemented');
    expect((await harness.control.stats()).unknownStanzas).toEqual({ 'iq w:weather get forecast': 1 });
  });
});
