import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PhoneMessage } from '../../testing/house/sandbox-client.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { Chat } from './chat.ts';
import { Visit } from './visit.ts';

type OnPhone = PhoneMessage & {
  kind: string;
  details: Record<string, unknown>;
  media: { fileName?: string } | null;
  reactions: { emoji: string }[];
  editedAt: string | null;
  deletedAt: string | null;
};

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const MP4 = readFileSync(new URL('../../backend/src/testing/film.mp4', import.meta.url));
/** An invitation to an event, which Wasel does not show. */
const EVENT = '2gQDGgF4';
/** Of two seconds, which the browser can play. */
const WAV = silence(2);

let visit: Visit;
let number: LinkedNumber;
let chat: Chat;
let [customer, omar] = ['', ''];
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  omar = await visit.house.phones.createPhone({ name: 'Omar' });
  await visit.house.phones.send(omar, { to: number.phone, text: 'Good morning' });
  chat = await Chat.open(visit, number, 'Noa');
  ({ page, customer } = chat);
}, 180_000);
afterAll(() => visit.close());

function silence(seconds: number): Buffer {
  const rate = 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + seconds * rate, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(seconds * rate, 40);
  return Buffer.concat([head, Buffer.alloc(seconds * rate, 128)]);
}

const last = () => page.locator('article').last();
const dialog = () => page.getByRole('dialog');
const writes = (content: object) => chat.receive<OnPhone>(content);
const onPhone = (phone = customer) => visit.house.phones.messages(phone, number.phone) as Promise<OnPhone[]>;
/** What the other phone has once something is true of its messages. */
const arrives = (what: string, is: (message: OnPhone) => boolean, phone = customer) =>
  until(`the phone to have ${what}`, async () => (await onPhone(phone)).find(is));

async function say(text: string): Promise<OnPhone> {
  await chat.send(text);
  return arrives(text, (one) => one.text === text);
}

async function choose(text: string, offer: string): Promise<void> {
  await chat.bubble(text).first().hover();
  await page
    .locator('li', { has: chat.bubble(text) })
    .getByRole('button', { name: 'Message options' })
    .first()
    .click();
  await page.getByRole('menuitem', { name: offer, exact: true }).click();
}

async function attach(offer: string, file: { name: string; mimeType: string; buffer: Buffer }, as?: string) {
  await page.getByRole('button', { name: 'Attach a file' }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: offer }).click();
  await (await chooser).setFiles(file);
  if (as) await page.getByRole('combobox', { name: 'Send as' }).selectOption({ label: as });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the file' }).waitFor({ state: 'detached' });
}

async function fillIn(offer: string, fields: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Attach a file' }).click();
  await page.getByRole('menuitem', { name: offer }).click();
  for (const [label, value] of Object.entries(fields)) await dialog().getByLabel(label).fill(value);
  await dialog().getByRole('button', { name: 'Send' }).click();
  await dialog().waitFor({ state: 'detached' });
}

describe('what a phone sends', () => {
  it('is seen as what it is', async () => {
    const base64 = PNG.toString('base64');
    await writes({ media: { kind: 'image', base64, caption: 'On the wall' } });
    await chat.bubble('On the wall').getByRole('img', { name: 'Image' }).waitFor();
    await writes({ media: { kind: 'sticker', base64 } });
    await last().getByRole('img', { name: 'Sticker' }).waitFor();
    await writes({ media: { kind: 'gif', base64: MP4.toString('base64') } });
    expect(
      await last()
        .locator('video[loop]')
        .evaluate((film: HTMLVideoElement) => film.muted),
    ).toBe(true);
    await writes({ media: { kind: 'document', base64: 'YSxi', fileName: 'prices.csv' } });
    await chat.bubble('prices.csv').getByText(/CSV/).waitFor();
    await writes({ location: { latitude: 32.08, longitude: 34.78, name: 'Shop', address: 'Main 1' } });
    expect(await chat.bubble('Main 1').getByRole('link').getAttribute('href')).toContain('query=32.08%2C34.78');
    await writes({ contacts: [{ name: 'Maya Levi', phone: '972501234567' }] });
    expect(await chat.bubble('Maya Levi').locator('a[href^="tel:"]').getAttribute('href')).toContain('972501234567');
    await writes({ raw: EVENT });
    await chat.bubble('not supported yet').waitFor();
    await writes({ media: { kind: 'image', base64 }, viewOnce: true });
    await chat.bubble('View once').waitFor();
  }, 60_000);

  it('is heard, and wound', async () => {
    await writes({ media: { kind: 'voice', base64: WAV.toString('base64') } });
    const player = page.getByRole('group', { name: 'Voice message' });
    await player.getByRole('button', { name: 'Play' }).click();
    await player.getByRole('button', { name: 'Pause' }).click();
    const position = player.getByRole('slider', { name: 'Position' });
    await position.fill('1');
    const said = await until('the place in the recording', async () => {
      const text = await position.getAttribute('aria-valuetext');
      return text?.startsWith('0:01') ? text : undefined;
    });
    expect(said).toBe('0:01 of 0:02');
  }, 30_000);

  it('is seen large, one after the other, by keyboard', async () => {
    await chat.bubble('On the wall').getByRole('button').first().press('Enter');
    await dialog().getByRole('img', { name: 'On the wall' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await dialog().locator('video').waitFor();
    await page.keyboard.press('ArrowLeft');
    await dialog().getByRole('img', { name: 'On the wall' }).waitFor();
    const saved = page.waitForEvent('download');
    await dialog().getByRole('link', { name: 'Save' }).click();
    expect((await saved).url()).toContain('/api/media/');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  }, 30_000);
});

describe('what is sent from here', () => {
  it.each([
    ['Photo or video', { name: 'wall.png', mimeType: 'image/png', buffer: PNG }, undefined, 'image'],
    ['Photo or video', { name: 'film.mp4', mimeType: 'video/mp4', buffer: MP4 }, undefined, 'video'],
    ['Photo or video', { name: 'film.mp4', mimeType: 'video/mp4', buffer: MP4 }, 'GIF', 'gif'],
    ['Document', { name: 'wall.png', mimeType: 'image/png', buffer: PNG }, undefined, 'document'],
  ] as const)('a file chosen as %s arrives (%#)', async (offer, file, as, kind) => {
    const before = (await onPhone()).length;
    await attach(offer, file, as);
    const arrived = await until(`a ${kind} on the phone`, async () =>
      (await onPhone()).slice(before).find((one) => one.kind === kind),
    );
    expect(arrived).toMatchObject({ direction: 'in', kind });
    await last().getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  });

  it('a place, a card and a poll, whose votes are seen', async () => {
    await fillIn('Location', {
      'Coordinates, or a link to a map': '32.08, 34.78',
      'Name of the place (optional)': 'Café',
    });
    const place = await arrives('a place', ({ kind, text }) => kind === 'location' && text === 'Café');
    expect(place.details).toMatchObject({ location: { latitude: 32.08, longitude: 34.78, name: 'Café' } });
    await fillIn('Contact card', { Name: 'Gil', 'Phone number with country code': '+972501112233' });
    await arrives('a card', ({ kind, text }) => kind === 'contact' && text === 'Gil');
    await fillIn('Poll', { Question: 'When?', 'Answer 1': 'Sunday', 'Answer 2': 'Monday' });
    const poll = await arrives('a poll', ({ kind }) => kind === 'poll');
    await writes({ vote: { id: poll.id, options: ['Monday'] } });
    await chat.bubble('When?').locator('li', { hasText: 'Monday' }).getByText('1 vote', { exact: true }).waitFor();
  }, 60_000);

  it('an answer to a message, which leads back to it', async () => {
    await writes({ text: 'Are you open?' });
    await chat.bubble('Are you open?').waitFor();
    await choose('Are you open?', 'Reply');
    const reply = await say('Yes, come in');
    expect(reply.details).toMatchObject({ replyTo: { text: 'Are you open?' } });
    await chat
      .bubble('Yes, come in')
      .getByRole('button', { name: /In answer to/ })
      .click();
    await page.locator('article:focus', { hasNotText: 'Yes, come in', hasText: 'Are you open?' }).waitFor();
  }, 30_000);

  it('reactions, both ways', async () => {
    await choose('Yes, come in', 'Details');
    await dialog().getByText('Accepted').waitFor();
    await page.keyboard.press('Escape');
    const { id } = await writes({ text: 'Thank you' });
    await chat.bubble('Thank you').waitFor();
    await choose('Thank you', 'React with ❤️');
    await arrives('the heart', (one) => one.id === id && one.reactions.some(({ emoji }) => emoji === '❤️'));
    await chat.bubble('Thank you').getByRole('button', { name: '❤️, 1 person', pressed: true }).click();
    const without = await arrives('no heart', (one) => one.id === id && one.reactions.length === 0);
    expect(without).toMatchObject({ direction: 'out', text: 'Thank you' });
    const ours = await arrives('our answer', ({ text }) => text === 'Yes, come in');
    await writes({ reaction: { id: ours.id, emoji: '🎉' } });
    await chat.bubble('Yes, come in').getByRole('button', { name: '🎉, 1 person' }).waitFor();
  }, 30_000);

  it('an edit and a deletion; what was begun is there again', async () => {
    await say('We open at nine');
    await chat.box.fill('Something begun');
    await choose('We open at nine', 'Edit');
    await page.getByText('Editing your message').waitFor();
    await chat.box.fill('We open at ten');
    await chat.box.press('Enter');
    await arrives('the new text', ({ text, editedAt }) => text === 'We open at ten' && editedAt !== null);
    await chat.bubble('We open at ten').getByText('edited').waitFor();
    await page.reload();
    expect(await chat.box.inputValue()).toBe('Something begun');
    await chat.box.fill('');
    await choose('We open at ten', 'Delete for everyone');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await arrives('the deletion', ({ deletedAt }) => deletedAt !== null);
    await chat.bubble('This message was deleted').waitFor();
  }, 60_000);

  it('an edit that WhatsApp refuses says so where it was made, and is made again or let be', async () => {
    const refuse = () =>
      visit.house.phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code: 400, count: 1 });
    const edit = async (text: string, now: string) => {
      await choose(text, 'Edit');
      await chat.box.fill(now);
      await chat.box.press('Enter');
    };
    await say('We close at six');
    await refuse();
    await edit('We close at six', 'We close at seven');
    const said = chat.bubble('We close at six');
    await said.getByText('The edit did not reach WhatsApp: “We close at seven”').waitFor();
    expect(await said.getByText('edited').count()).toBe(0);
    await said.getByRole('button', { name: 'Try again' }).click();
    await chat.bubble('We close at seven').getByText('edited').waitFor();
    await page.getByText('did not reach WhatsApp').waitFor({ state: 'detached' });
    await refuse();
    await choose('We close at seven', 'React with 👍');
    await chat.bubble('We close at seven').getByText('The reaction 👍 did not reach WhatsApp').waitFor();
    await chat.bubble('We close at seven').getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('did not reach WhatsApp').waitFor({ state: 'detached' });
  }, 60_000);

  it('what is passed on to another chat', async () => {
    await choose('Thank you', 'Forward');
    await dialog().getByLabel('Name or number').fill('Omar');
    await dialog().getByRole('button', { name: 'Forward to Omar' }).click();
    await dialog().getByText('On its way').waitFor();
    await page.keyboard.press('Escape');
    const passed = await arrives('it', ({ text }) => text === 'Thank you', omar);
    expect(passed).toMatchObject({ direction: 'in', details: { forwards: 1 } });
  }, 30_000);
});

it('what comes while the last is being marked as read is marked too', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let marking = false;
  await page.route('**/api/conversations/*/read', async (route) => {
    marking = true;
    await route.continue();
  });
  // From the first mark on nobody hears of the list until the second message is there: the count is one, and one again.
  await page.route(/\/api\/conversations(\/[\w-]+)?(\?|$)/, async (route) => {
    if (marking) await held;
    await route.continue();
  });
  const isRead = (text: string) =>
    arrives(`"${text}" read`, (message) => message.text === text && message.status === 'read');
  await writes({ text: 'First of two' });
  await isRead('First of two');
  await writes({ text: 'Second of two' });
  await chat.bubble('Second of two').waitFor();
  release();
  expect((await isRead('Second of two')).direction).toBe('out');
  await page.unrouteAll();
}, 60_000);

it('the list shows what is unread alone, and what was begun', async () => {
  const row = page.getByRole('link', { name: /^Omar/ });
  await chat.box.fill('To be continued');
  await page.getByRole('button', { name: 'Unread', exact: true }).click();
  await page.getByRole('link', { name: /^Noa/ }).waitFor({ state: 'detached' });
  await row.click();
  await page.getByText('No match').waitFor();
  await page.getByRole('button', { name: 'Unread', exact: true }).click();
  await page.getByRole('link', { name: /^Noa/ }).getByText('To be continued').waitFor();
  expect(await row.getByText('unread message').count()).toBe(0);
}, 30_000);
