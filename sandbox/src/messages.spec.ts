import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proto } from '@whiskeysockets/baileys';
import type { BaileysClient } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

const { ERROR, DELIVERY_ACK, READ, PLAYED } = proto.WebMessageInfo.Status;

/** Smallest PNG there is: one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe.each(['lid', 'pn'] as const)('messages (%s addressing)', (addressing) => {
  let harness: Harness;
  let maya: string;
  let omar: string;
  let contact: string;
  let mayaDevice: BaileysClient;
  let omarDevice: BaileysClient;

  beforeAll(async () => {
    harness = await Harness.start({ addressing });
    maya = await harness.phone({ name: 'Maya' });
    omar = await harness.phone({ name: 'Omar' });
    contact = await harness.phone({ name: 'A contact' });
    [mayaDevice, omarDevice] = await Promise.all([harness.linked(maya), harness.linked(omar)]);
  });
  afterAll(async () => {
    await harness.close();
  });

  it('carries a text between two linked devices, and to both phones, with all its receipts', async () => {
    const id = await mayaDevice.send(omar, { text: 'hello Omar' });
    const received = await omarDevice.text('hello Omar');
    expect(received).toMatchObject({ pushName: 'Maya', key: { fromMe: false, addressingMode: addressing } });
    expect(received.key.remoteJid).toMatch(addressing === 'lid' ? /@lid$/ : /@s\.whatsapp\.net$/);
    expect((await mayaDevice.acked(id))['error']).toBeUndefined();
    await mayaDevice.status(id, DELIVERY_ACK);
    await omarDevice.socket.readMessages([received.key]);
    await mayaDevice.status(id, READ);
    expect(await harness.control.status(maya, id, 'read')).toMatchObject({
      direction: 'out',
      text: 'hello Omar',
      with: omar,
    });
    expect(await harness.control.status(omar, id, 'read')).toMatchObject({
      direction: 'in',
      text: 'hello Omar',
      with: maya,
    });
  });

  it('answers under the address that it was written from', async () => {
    const received = await omarDevice.text('hello Omar');
    const id = await omarDevice.send(received.key.remoteJid ?? '', { text: 'hello Maya' });
    await mayaDevice.text('hello Maya');
    expect(await omarDevice.status(id, DELIVERY_ACK)).toBeGreaterThanOrEqual(DELIVERY_ACK);
  });

  it('carries texts between a linked device and a person who has only a phone', async () => {
    const sent = await harness.control.sendText(contact, maya, 'it is me');
    const received = await mayaDevice.text('it is me');
    expect(received.key.id).toBe(sent.id);
    await harness.control.status(contact, sent.id, 'delivered');
    const id = await mayaDevice.send(received.key.remoteJid ?? '', { text: 'nice to hear' });
    await harness.control.text(contact, 'nice to hear');
    await mayaDevice.status(id, DELIVERY_ACK);
    expect((await harness.control.read(contact, maya)).ids).toContain(id);
    await mayaDevice.status(id, READ);
  });

  it('shows the linked device what its own phone sends', async () => {
    await harness.control.sendText(maya, contact, 'typed on the phone');
    const copy = await mayaDevice.text('typed on the phone');
    expect(copy.key).toMatchObject({ fromMe: true });
  });

  it('carries an image from device to device and phone', async () => {
    const id = await mayaDevice.send(omar, { image: PIXEL, caption: 'a pixel', jpegThumbnail: '' });
    const received = await omarDevice.message(
      'the image',
      (message) => message.key.id === id && Boolean(message.message?.imageMessage),
    );
    expect(await omarDevice.download(received)).toEqual(PIXEL);
    const atPhone = await harness.control.message(omar, 'the image', (message) => message.id === id);
    expect(atPhone).toMatchObject({
      kind: 'image',
      text: 'a pixel',
      media: { mimetype: 'image/jpeg', bytes: PIXEL.length },
    });
    expect(await harness.control.media(omar, id)).toEqual(PIXEL);
  });

  it('carries a document of 3 MB both ways', async () => {
    const document = Buffer.alloc(3_000_000, 'wasel');
    const id = await mayaDevice.send(contact, { document, mimetype: 'application/pdf', fileName: 'offer.pdf' });
    const atPhone = await harness.control.message(contact, 'the document', (message) => message.id === id);
    expect(atPhone).toMatchObject({ kind: 'document', media: { fileName: 'offer.pdf', bytes: document.length } });
    expect((await harness.control.media(contact, id)).equals(document)).toBe(true);

    const media = {
      kind: 'document',
      base64: document.toString('base64'),
      fileName: 'back.pdf',
      mimetype: 'application/pdf',
    } as const;
    const back = await harness.control.sendMedia(contact, maya, media);
    const received = await mayaDevice.message('the document', (message) => message.key.id === back.id);
    expect((await mayaDevice.download(received)).equals(document)).toBe(true);
  });

  it.each(['image', 'video', 'audio', 'voice', 'sticker'] as const)(
    'delivers a %s from a phone, and its receipts',
    async (kind) => {
      const sent = await harness.control.sendMedia(contact, maya, { kind, base64: PIXEL.toString('base64') });
      const received = await mayaDevice.message(kind, (message) => message.key.id === sent.id);
      expect(await mayaDevice.download(received)).toEqual(PIXEL);
      await harness.control.status(contact, sent.id, 'delivered');
    },
  );

  it('reports a voice message as played', async () => {
    const id = await mayaDevice.send(contact, {
      audio: PIXEL,
      ptt: true,
      mimetype: 'audio/ogg; codecs=opus',
      seconds: 1,
    });
    await harness.control.message(
      contact,
      'the voice message',
      (message) => message.id === id && message.kind === 'voice',
    );
    await harness.control.read(contact, maya, true);
    expect(await mayaDevice.status(id, PLAYED)).toBe(PLAYED);
  });

  it('carries reactions, edits and deletions', async () => {
    const id = await mayaDevice.send(contact, { text: 'frist' });
    await harness.control.text(contact, 'frist');
    const key = { id, fromMe: true, remoteJid: `${contact}@s.whatsapp.net` };
    await mayaDevice.send(contact, { text: 'first', edit: key });
    expect(await harness.control.text(contact, 'first')).toMatchObject({ id });
    const reaction = await mayaDevice.send(contact, { react: { text: '👍', key } });
    expect(await harness.control.message(contact, 'the reaction', (message) => message.id === reaction)).toMatchObject({
      kind: 'reaction',
      text: '👍',
      targetId: id,
    });
    await mayaDevice.send(contact, { delete: key });
    await harness.control.message(
      contact,
      'the deletion',
      (message) => message.id === id && message.deletedAt !== null,
    );
  });

  it('shows who is there and who is typing', async () => {
    await omarDevice.socket.presenceSubscribe(`${maya}@s.whatsapp.net`);
    expect(await presence(omarDevice, 'available')).toBe(true);
    await mayaDevice.socket.sendPresenceUpdate('composing', `${omar}@s.whatsapp.net`);
    expect(await presence(omarDevice, 'composing')).toBe(true);
    await harness.control.typing(contact, maya, 'recording');
    expect(await presence(mayaDevice, 'recording')).toBe(true);
    await mayaDevice.socket.sendPresenceUpdate('composing', `${contact}@s.whatsapp.net`);
    const typing = await harness.control.events.waitFor('typing', (event) =>
      event.type === 'typing' && event.phone === contact ? event : undefined,
    );
    expect(typing).toMatchObject({ from: maya, state: 'composing' });
  });

  it('knows who is on WhatsApp, and refuses a message to who is not', async () => {
    const known = await mayaDevice.socket.onWhatsApp(omar, '12025550999');
    expect(known).toMatchObject([{ exists: true }]);
    const id = await mayaDevice.send('12025550999', { text: 'is there anybody?' });
    expect((await mayaDevice.acked(id))['error']).toBe('404');
    await mayaDevice.status(id, ERROR);
  });

  it('acknowledges a message to one who blocked the sender, and delivers nothing', async () => {
    await harness.control.block(contact, maya);
    const id = await mayaDevice.send(contact, { text: 'can you hear me?' });
    expect((await mayaDevice.acked(id))['error']).toBeUndefined();
    await harness.control.block(contact, maya, false);
    await mayaDevice.send(contact, { text: 'and now?' });
    await harness.control.text(contact, 'and now?');
    expect((await harness.control.messages(contact, maya)).map((message) => message.text)).not.toContain(
      'can you hear me?',
    );
  });

  it('answers by itself when it is told to', async () => {
    const echo = await harness.phone({ name: 'Echo', autoReply: 'You wrote: {text}', autoRead: true });
    const id = await mayaDevice.send(echo, { text: 'ping' });
    await mayaDevice.text('You wrote: ping');
    expect(await mayaDevice.status(id, READ)).toBe(READ);
  });
  it('was asked nothing that it does not know, and decrypted everything once', async () => {
    const clean = { unknownStanzas: {}, undecryptable: 0, duplicates: 0, protocolViolations: 0 };
    expect(await harness.control.stats()).toMatchObject(clean);
  });
});

function presence(client: BaileysClient, state: string): Promise<true> {
  return client.log.waitFor(`presence ${state}`, (event) => {
    if (event.type !== 'presence.update') return undefined;
    return Object.values(event.data.presences).some((one) => one.lastKnownPresence === state) || undefined;
  });
}
