import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Harness } from './testing/harness.ts';

describe('state on disk', () => {
  let stateDir: string;
  let harness: Harness;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
    harness = await Harness.start({ stateDir });
  });
  afterEach(async () => {
    await harness.close();
    await rm(stateDir, { recursive: true });
  });

  it('keeps trust, pairings, chats, queues, files and ratchets over a restart', async () => {
    const [maya, contact] = [await harness.phone({ name: 'Maya' }), await harness.phone({ name: 'A contact' })];
    const { auth, ...device } = await linkedAndChatting(maya, contact);
    const image = await harness.control.sendMedia(contact, maya, { kind: 'image', base64: 'AAAA', caption: 'a file' });
    await harness.control.status(contact, image.id, 'delivered');
    await device.disconnect();
    await harness.control.sendText(contact, maya, 'while you were away');
    const before = { trust: await harness.control.trust(), chats: await harness.control.messages(maya) };
    await harness.close();

    harness = await Harness.start({ stateDir });
    const after = await harness.control.trust();
    expect({ root: after.rootPublicKey, ca: after.mediaCa }).toEqual({
      root: before.trust.rootPublicKey,
      ca: before.trust.mediaCa,
    });
    expect((await harness.control.messages(maya)).slice(0, before.chats.length)).toEqual(before.chats);
    expect(await harness.control.media(maya, image.id)).toEqual(Buffer.from('AAAA', 'base64'));
    const back = await harness.client({ auth }).connect();
    await back.text('while you were away');
    await back.send(contact, { text: 'I am back' });
    expect(await harness.control.text(contact, 'I am back')).toMatchObject({ direction: 'in', with: maya });
    expect(await harness.control.stats()).toMatchObject({ undecryptable: 0, duplicates: 0 });
  });

  it('lets in a device that was given its identity, though the sandbox died before it could confirm', async () => {
    const phone = await harness.phone();
    const client = harness.client();
    await harness.control.addFault({ target: '*', kind: 'delay', delayMs: 200 });
    const linking = client.connect((qr) => void harness.control.scan(phone, qr).catch(() => undefined));
    const identified = client.log.waitFor('the identity', (event) =>
      event.type === 'creds.update' && event.data.account ? true : undefined,
    );
    await Promise.race([identified, linking.catch(() => undefined)]);
    await harness.close();
    await linking.catch(() => undefined);
    harness = await Harness.start({ stateDir });
    await expect(harness.client({ auth: client.auth }).connect()).resolves.toBeDefined();
    expect((await harness.control.phone(phone)).devices).toMatchObject([{ id: 1, connected: true }]);
  });

  async function linkedAndChatting(phone: string, contact: string) {
    const device = await harness.linked(phone);
    await device.send(contact, { text: 'hello' });
    await harness.control.text(contact, 'hello');
    await harness.control.sendText(contact, phone, 'hello yourself');
    await device.text('hello yourself');
    return { auth: device.auth, disconnect: () => device.disconnect() };
  }
});
