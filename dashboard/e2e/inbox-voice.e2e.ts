import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../testing/browser.ts';
import type { PhoneMessage } from '../../testing/house/sandbox-client.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, Visit } from './visit.ts';

type OnPhone = PhoneMessage & { kind: string; details: { seconds?: number; replyTo?: { text: string } } };
/** Every microphone that a page was given, kept to see what became of it. */
type Listening = { given: MediaStreamTrack[] };

const SMALL = { width: 360, height: 740 };

let visit: Visit;
let number: LinkedNumber;
let [noa, omar] = ['', ''];
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  noa = await visit.house.phones.createPhone({ name: 'Noa' });
  omar = await visit.house.phones.createPhone({ name: 'Omar' });
  for (const phone of [omar, noa])
    await visit.house.phones.call('POST', `/phones/${phone}/messages`, { to: number.phone, text: 'Hello' });
  page = await inbox(await visit.open({ as: number.api }));
}, 180_000);
afterAll(() => visit.close());

/** With the chat of Noa open. */
async function inbox(opened: Page): Promise<Page> {
  await opened.addInitScript(() => {
    const given: MediaStreamTrack[] = [];
    Object.assign(window, { given });
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      given.push(...stream.getTracks());
      return stream;
    };
  });
  await opened.goto(`${visit.url}/inbox`);
  await opened.getByRole('link', { name: /^Noa/ }).click();
  await opened.locator('article', { hasText: 'Hello' }).first().waitFor();
  return opened;
}

const microphone = (on = page) => on.getByRole('button', { name: 'Record a voice message' });
const sendIt = (on = page) => on.getByRole('button', { name: 'Send the voice message' });
const recording = (on = page) => on.getByRole('group', { name: 'Voice message' }).filter({ has: sendIt(on) });
const voicesOn = async (phone: string): Promise<OnPhone[]> =>
  ((await visit.house.phones.messages(phone, number.phone)) as OnPhone[]).filter(({ kind }) => kind === 'voice');
/** How many microphones were given, and how many of them somebody still listens to. */
const microphones = (of = page) =>
  of.evaluate(() => {
    const { given } = window as unknown as Listening;
    return { given: given.length, open: given.filter(({ readyState }) => readyState === 'live').length };
  });

/** @param clock what it shows at least, as `0:02` */
async function speak(clock = '0:01', on = page): Promise<void> {
  await microphone(on).click();
  await on.getByRole('timer').filter({ hasText: clock }).waitFor();
  expect(await microphones(on)).toMatchObject({ open: 1 });
}

describe('a voice message', () => {
  it('is recorded and sent by keyboard, in answer to what is quoted', async () => {
    await page.locator('article', { hasText: 'Hello' }).hover();
    await page.getByRole('button', { name: 'Message options' }).first().click();
    await page.getByRole('menuitem', { name: 'Reply', exact: true }).click();
    await page.getByText('Replying to Noa').waitFor();
    await speak('0:02');
    await page.keyboard.press('Enter');
    await recording().waitFor({ state: 'detached' });
    const [voice] = await until('the voice message on the phone', async () => {
      const voices = await voicesOn(noa);
      return voices.length > 0 ? voices : undefined;
    });
    expect(voice).toMatchObject({ direction: 'in', details: { replyTo: { text: 'Hello' } } });
    expect(voice?.details.seconds).toBeGreaterThan(0);
    expect(voice?.details.seconds).toBeLessThan(10);
    await page.locator('article').last().getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    expect(await microphones()).toMatchObject({ given: 1, open: 0 });
    expect(await page.getByText('Replying to Noa').count()).toBe(0);
    expect(await microphone().evaluate((button) => button === document.activeElement)).toBe(true);
  }, 60_000);

  it('that is discarded is nowhere, and nobody listens any more', async () => {
    const before = (await voicesOn(noa)).length;
    await speak();
    await page.keyboard.press('Escape');
    await recording().waitFor({ state: 'detached' });
    await until('the microphone to be given back', async () => (await microphones()).open === 0);
    await speak();
    await page.getByRole('button', { name: 'Discard the recording' }).click();
    await recording().waitFor({ state: 'detached' });
    await until('the microphone to be given back', async () => (await microphones()).open === 0);
    await says('Nothing was meant');
    expect(await voicesOn(noa)).toHaveLength(before);
  }, 60_000);

  it('goes to nobody when another conversation is opened meanwhile', async () => {
    const before = (await voicesOn(noa)).length;
    await speak();
    await page.getByRole('link', { name: /^Omar/ }).click();
    await microphone().waitFor();
    expect(await recording().count()).toBe(0);
    await until('the microphone to be given back', async () => (await microphones()).open === 0);
    await says('Good morning');
    expect(await voicesOn(omar)).toEqual([]);
    await page.getByRole('link', { name: /^Noa/ }).click();
    await page.locator('article', { hasText: 'Nothing was meant' }).waitFor(); // else it is written to Omar
    await says('Good evening');
    expect(await voicesOn(noa)).toHaveLength(before);
  }, 60_000);

  it('that could not be sent is kept, and sent when that is possible', async () => {
    const before = (await voicesOn(noa)).length;
    await page.route('**/api/media/upload', (route) => route.abort());
    await speak();
    await sendIt().click();
    await page.getByRole('alert').filter({ hasText: 'The recording is still here' }).waitFor();
    await until('the microphone to be given back', async () => (await microphones()).open === 0);
    expect(await voicesOn(noa)).toHaveLength(before);
    await page.unrouteAll();
    await sendIt().click();
    await until('the voice message', async () => ((await voicesOn(noa)).length > before ? true : undefined));
  }, 60_000);

  it('ends at its longest, and waits to be sent', async () => {
    const slow = await visit.open({ as: number.api, size: SMALL });
    await slow.clock.install();
    await inbox(slow);
    await speak('0:01', slow);
    await slow.clock.fastForward('15:00');
    await slow.getByRole('status').filter({ hasText: 'at most 15 minutes' }).waitFor();
    expect(await slow.getByRole('timer').textContent()).toBe('15:00');
    expect((await microphones(slow)).open).toBe(0);
    expect(await overflowOf(slow)).toBe(0);
    const before = (await voicesOn(noa)).length;
    await sendIt(slow).click();
    await until('what was recorded', async () => ((await voicesOn(noa)).length > before ? true : undefined));
    await slow.context().close();
  }, 90_000);

  it('needs a microphone that the page may use, and says how it may', async () => {
    const refused = await launchBrowser({ microphone: false });
    try {
      const context = await refused.newContext({ locale: 'en' });
      await context.addCookies(number.api.cookies);
      const there = await inbox(await context.newPage());
      await microphone(there).click();
      await there.getByRole('alert').filter({ hasText: 'Allow it beside the address' }).waitFor();
      await there.getByRole('textbox', { name: 'Message' }).fill('Then in writing');
      await there.getByRole('button', { name: 'Send', exact: true }).waitFor();
      expect(await microphone(there).count()).toBe(0);
    } finally {
      await refused.close();
    }
  }, 60_000);
});

/** In the open chat; what was sent before has arrived by then. */
async function says(text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('textbox', { name: 'Message' }).press('Enter');
  const said = page.locator('article', { hasText: text });
  await said.getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
}
