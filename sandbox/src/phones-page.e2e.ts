import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import QRCode from 'qrcode';
import { launchBrowser } from '../../testing/browser.ts';
import { type BaileysClient, textOf } from './testing/baileys-client.ts';
import { Harness } from './testing/harness.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
/** Where to keep pictures of the page, if anybody wants to look. */
const PICTURES = process.env['SANDBOX_PICTURES'];

describe('the page of phones', () => {
  let harness: Harness;
  let browser: Browser;
  let page: Page;
  let device: BaileysClient;
  const complaints: string[] = [];

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [
      fileURLToPath(import.meta.resolve('typescript/lib/tsc.js')),
      '-p',
      `${PACKAGE}/tsconfig.build.json`,
    ]);
    [harness, browser] = await Promise.all([Harness.start(), launchBrowser()]);
    page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 860 } });
    page.setDefaultTimeout(8000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await harness.close();
  });

  const picture = (name: string) => (PICTURES ? page.screenshot({ path: `${PICTURES}/${name}.png` }) : undefined);

  it('receives a newcomer with an empty desk, and lets him create a phone', async () => {
    await page.goto(harness.sandbox.url);
    await page.getByText('No phones yet').first().waitFor();
    await picture('empty');
    await page.getByRole('main').getByRole('button', { name: 'Create a phone' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Maya');
    await page.getByLabel('Phone number').fill('+1 202 555 0101');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('article', { name: 'Maya' }).waitFor();
    expect(await harness.control.phones()).toMatchObject([{ phone: '12025550101', name: 'Maya' }]);
  });

  it('links a device by the deep link that carries its QR code', async () => {
    await harness.control.createPhone({ phone: '12025550102', name: 'Omar' });
    const client = harness.client();
    device = await client.connect(async (qr) => {
      await page.goto(`${harness.sandbox.url}/?scan=${encodeURIComponent(qr)}`);
      await picture('scan');
      await page.getByRole('dialog').getByRole('button', { name: 'Maya' }).click();
    });
    await device.settled();
    expect(new URL(page.url()).search).toBe('');
    expect((await harness.control.phone('12025550101')).devices).toHaveLength(1);
  });

  it('shows a message as it arrives, answers it, and shows the ticks of the answer', async () => {
    await page.getByRole('navigation').getByRole('button', { name: /Omar/ }).click();
    const id = await device.send('12025550102', { text: 'hello from Wasel' });
    await page.getByRole('button', { name: /Maya.*hello from Wasel/ }).click();
    await page.getByLabel('Message').fill('hello yourself');
    await page.getByLabel('Message').press('Enter');
    await page.locator('.bubble.out', { hasText: 'hello yourself' }).locator('.ticks.delivered').waitFor();
    const received = await device.text('hello yourself');
    expect(textOf(received)).toBe('hello yourself');
    await device.socket.readMessages([received.key]);
    await page.locator('.bubble.out', { hasText: 'hello yourself' }).locator('.ticks.read').waitFor();
    // The chat was open on the screen, so what came in was read.
    expect(await harness.control.status('12025550101', id, 'read')).toMatchObject({ text: 'hello from Wasel' });
    await picture('chat');
  });

  it('shows the time in the order of the page, whatever the message is written in', async () => {
    await device.send('12025550102', { text: 'שלום' });
    const time = page.locator('.bubble', { hasText: 'שלום' }).locator('.meta');
    await time.waitFor();
    expect(await time.evaluate((shown) => getComputedStyle(shown).direction)).toBe('ltr');
  });

  it('shows that the other side types', async () => {
    await device.socket.sendPresenceUpdate('composing', '12025550102@s.whatsapp.net');
    await page.getByText('typing…').waitFor();
    expect(await page.getByText('typing…').isVisible()).toBe(true);
  });

  it('sends a picture', async () => {
    const png = await QRCode.toBuffer('a picture', { type: 'png' });
    await page
      .locator('.composer input[type=file]')
      .setInputFiles({ name: 'picture.png', mimeType: 'image/png', buffer: png });
    const received = await device.message('the picture', (message) => Boolean(message.message?.imageMessage));
    expect(await device.download(received)).toEqual(png);
    await page.locator('.bubble.out img').waitFor();
  });

  it('links a device by a picture of its QR code, and unlinks it', async () => {
    await page.getByRole('button', { name: 'Back' }).first().click();
    await page.getByRole('tab', { name: 'Linked devices' }).click();
    await page.getByRole('button', { name: 'Link a device' }).click();
    const second = await harness.client().connect(async (qr) => {
      const png = await QRCode.toBuffer(qr, { type: 'png', scale: 6 });
      await page
        .getByRole('dialog')
        .locator('input[type=file]')
        .setInputFiles({ name: 'qr.png', mimeType: 'image/png', buffer: png });
    });
    await page.getByText('Mac OS').waitFor();
    await picture('devices');
    const closed = second.closed();
    await page.getByRole('button', { name: 'Unlink' }).click();
    expect(await closed).toBe(401);
    await page.getByText('No linked devices').waitFor();
  });

  it('links a device by a code that is typed', async () => {
    const client = await harness.client().connect(async (_qr, socket) => {
      const code = await socket.requestPairingCode('12025550102');
      await page.getByText('A device waits for a code').waitFor();
      await page.getByRole('button', { name: 'Link a device' }).click();
      await page.getByLabel('Code of 8 characters').fill(code);
      await page.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).last().click();
    });
    expect(client.phone).toBe('12025550102');
  });

  it('replies, reacts, edits, deletes, and asks in a poll', async () => {
    const [maya, omar] = ['12025550101', '12025550102'];
    const { id } = await harness.control.sendText(omar, maya, 'When do you come?');
    await page.goto(harness.sandbox.url);
    await page.getByRole('navigation').getByRole('button', { name: /Maya/ }).click();
    await page.getByRole('article').getByRole('button', { name: /Omar/ }).click();
    const menuOf = (text: string) =>
      page.locator('.bubble', { hasText: text }).last().getByRole('button', { name: 'Reply, react and more' });
    await menuOf('When do you come?').click();
    await page.getByRole('button', { name: '👍' }).click();
    await harness.control.message(omar, 'the reaction', (one) => one.id === id && one.reactions[0]?.emoji === '👍');
    await menuOf('When do you come?').click();
    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    await page.getByLabel('Message', { exact: true }).fill('At nine');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const reply = await harness.control.text(omar, 'At nine');
    expect(reply.details.replyTo).toMatchObject({ id, text: 'When do you come?' });
    await menuOf('At nine').click();
    await page.getByLabel('New text').fill('At ten');
    await page.getByRole('button', { name: 'Edit' }).click();
    await harness.control.text(omar, 'At ten');
    await menuOf('At ten').click();
    await page.getByRole('button', { name: 'Delete for everyone' }).click();
    await harness.control.message(omar, 'the deletion', (one) => one.id === reply.id && one.deletedAt !== null);
    await page.getByRole('button', { name: 'Send something else' }).click();
    await page.getByLabel('Question').fill('Tea?');
    await page.getByLabel('Options').fill('Yes\nNo');
    await picture('something-else');
    await page.getByRole('button', { name: 'Send: Poll' }).click();
    await page.getByRole('button', { name: 'Yes · 0' }).click();
    await page.getByRole('button', { name: 'Yes · 1' }).waitFor();
    await harness.control.message(omar, 'the vote', ({ votes }) => votes[0]?.options[0] === 'Yes');
    await picture('types');
  });

  it('makes a group, names who is in it and who wrote what, and waits for what its devices write there', async () => {
    const [maya, omar] = ['12025550101', '12025550102'];
    await page.goto(harness.sandbox.url);
    await page.getByRole('navigation').getByRole('button', { name: /Maya/ }).click();
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByLabel('Name of the group').fill('Friends');
    await page.getByRole('dialog').getByLabel('Omar').check();
    await picture('new-group');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('You, Omar').waitFor();
    const [group] = await harness.control.groups();
    expect(group).toMatchObject({ subject: 'Friends', size: 2, creator: maya });
    const id = group?.id ?? '';
    await page.getByLabel('Message', { exact: true }).fill('Hello friends');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await harness.control.text(omar, 'Hello friends');
    await harness.control.sendText(omar, id, 'Hello Maya');
    await page.locator('.bubble', { hasText: 'Hello Maya' }).locator('.author', { hasText: 'Omar' }).waitFor();
    await picture('group');
    await device.send(id, { text: 'from Wasel' });
    await page.locator('.bubble.out', { hasText: 'from Wasel' }).waitFor();
    expect(await harness.control.text(omar, 'from Wasel')).toMatchObject({ with: id, from: maya });
  });

  it.each([
    ['he', 'טלפונים'],
    ['ar', 'الهواتف'],
  ])('speaks %s, from right to left, on a screen of phone size and in the dark', async (language, title) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 780 });
    await page.goto(`${harness.sandbox.url}/?lang=${language}`);
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await page.getByRole('navigation').getByRole('button', { name: /Maya/ }).click();
    await page.getByRole('article').getByRole('button', { name: /Omar/ }).click();
    await page.locator('.bubble.out').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await picture(`chat-${language}`);
  });

  it('loads nothing from elsewhere and breaks no rule of its own', () => {
    expect(complaints).toEqual([]);
  });
});
