import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { House } from '../../testing/house/house.ts';
import { createOrganization, linkNumber, overflowOf, PHONE, signUp, Visit } from './visit.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let visit: Visit;
let house: House;
let url: string;
let page: Page;
let shop: string;
let customer: string;

beforeAll(async () => {
  visit = await Visit.start();
  ({ house, url } = visit);
  page = await visit.open();
  shop = await house.phones.createPhone({ name: 'Shop phone' });
  customer = await house.phones.createPhone({ name: 'Maya' });
}, 120_000);
afterAll(() => visit.close());

const write = (text: string) => house.phones.send(customer, { to: shop, text });
const step = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
const message = () => page.getByRole('textbox', { name: 'Message' });
const bubble = (text: string) => page.locator('article', { hasText: text });

/** Gives the chat a file as the browser does when a person drops or pastes one. */
const giveFile = (how: 'drop' | 'paste', name: string) =>
  page.getByRole('list', { name: 'Messages' }).evaluate(
    (list, [kind, fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], fileName, { type: 'image/png' }));
      list.dispatchEvent(
        kind === 'drop'
          ? new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }),
      );
    },
    [how, name, PNG] as const,
  );

describe('the first steps', () => {
  it('begin with what is not done yet', async () => {
    await page.goto(`${url}/sign-up`);
    await signUp(page, 'Dana');
    await createOrganization(page, 'Acme');
    await page.getByText('1 of 4 done').waitFor();
    expect(await step('Link a WhatsApp number').getAttribute('aria-current')).toBe('step');
  }, 60_000);

  it('lead to the number, and know when it is linked', async () => {
    await step('Link a WhatsApp number').getByRole('link', { name: 'Link a number' }).click();
    await linkNumber(page, 'Sales', 'Shop phone');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('2 of 4 done').waitFor();
    expect(await step('Send the first message').getAttribute('aria-current')).toBe('step');
  }, 60_000);

  it('count a message when it has left, and go when the answer is there', async () => {
    await step('Send the first message').getByRole('link', { name: 'Write a message' }).click();
    await page.getByLabel('Phone number with country code').fill(customer);
    await page.getByRole('button', { name: 'Open chat' }).click();
    await page.getByText('Nothing has been said here yet').waitFor();
    await message().fill('First line');
    await message().press('Shift+Enter');
    await message().pressSequentially('Second line');
    await message().press('Enter');
    await bubble('Second line').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    expect((await house.phones.messages(customer, shop)).map(({ text }) => text)).toEqual(['First line\nSecond line']);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('3 of 4 done').waitFor();
    await write('Hello Dana');
    await page.getByText('Get to your first conversation').waitFor({ state: 'detached' });
    await page.getByText('1 unread message', { exact: true }).first().waitFor();
    await page.getByText('1 of 1 number connected').waitFor();
  }, 60_000);
});

describe('a chat', () => {
  it('is found in the list', async () => {
    await page.getByRole('link', { name: /^Inbox/ }).click();
    await page.getByRole('link', { name: /^Maya/ }).click();
    await bubble('Hello Dana').waitFor();
    expect(await page.getByRole('heading', { name: 'Today' }).count()).toBe(1);
  }, 30_000);

  it('takes a file that is dropped on it or pasted into it', async () => {
    await giveFile('drop', 'dropped.png');
    await page.getByText('dropped.png').waitFor();
    await page.getByRole('button', { name: 'Remove the file' }).click();
    await giveFile('paste', 'pasted.png');
    await page.getByText('pasted.png').waitFor();
    await message().fill('As on the picture');
    await message().press('Enter');
    await bubble('As on the picture').getByRole('img', { name: 'Image' }).waitFor();
    await bubble('As on the picture').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    expect((await house.phones.messages(customer, shop)).at(-1)).toMatchObject({ direction: 'in' });
  }, 60_000);

  it('says why a message failed and what to do, and sends it again', async () => {
    await house.phones.call('POST', '/faults', { target: shop, kind: 'rate-limit', code: 463, count: 1 });
    await message().fill('Will you come?');
    await message().press('Enter');
    await bubble('Will you come?').getByText('Wait some hours').waitFor();
    await house.phones.call('DELETE', '/faults');
    await bubble('Will you come?').getByRole('button', { name: 'Send again' }).click();
    await bubble('Will you come?').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    expect(await bubble('Will you come?').getByText('Wait some hours').count()).toBe(0);
  }, 60_000);
});

describe('a number', () => {
  it('is found by its name from anywhere, by keyboard alone', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('sal');
    await page.getByRole('option', { name: /Sales/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sales' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  }, 30_000);

  it('is renamed, switched off and on again', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Front desk');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Front desk' }).waitFor();
    const enabled = page.getByRole('switch', { name: 'Switched on' });
    await enabled.click();
    await page.getByText('Switched off.').waitFor();
    await enabled.click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('switch', { name: 'Reconnect by itself' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Front desk' }).waitFor();
    expect(await page.getByRole('switch', { name: 'Reconnect by itself' }).isChecked()).toBe(false);
    expect(await enabled.isChecked()).toBe(true);
  }, 60_000);

  it('is not deleted before it was said what that means; the focus stays in the question', async () => {
    await page.getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('alertdialog', { name: 'Delete Front desk?' });
    await question.getByText('removed from Wasel for good').waitFor();
    for (let n = 0; n < 3; n += 1) {
      expect(await question.locator(':focus').count()).toBe(1);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Delete' }).evaluate((button) => button.matches(':focus'))).toBe(
      true,
    );
  }, 30_000);
});

describe('from right to left, on a phone', () => {
  beforeAll(async () => {
    await visit.prefer(page, { language: 'he' });
    await page.setViewportSize(PHONE);
  });

  it('fits every page', async () => {
    const number = new URL(page.url()).pathname;
    for (const path of ['/overview', '/inbox', '/numbers', number, '/settings']) {
      await page.goto(url + path);
      await page.getByRole('main').locator('h1, h2, li').first().waitFor();
      expect([path, await overflowOf(page)]).toEqual([path, 0]);
    }
  }, 60_000);

  it('has a button for the palette; the focus returns to it', async () => {
    await page.goto(`${url}/overview`);
    const button = page.getByRole('banner').getByRole('button', { name: 'חיפוש ומעבר מהיר' });
    await button.click();
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await button.evaluate((element) => element.matches(':focus'))).toBe(true);
  }, 30_000);

  it('leads from the palette to a conversation, and back by Escape', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('may');
    await page.getByRole('option', { name: /Maya/ }).waitFor();
    await page.getByRole('option', { name: 'הגדרות' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'הודעה' }).waitFor();
    await page.getByRole('heading', { name: 'היום' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /^Maya/ }).waitFor();
    expect(await page.getByRole('textbox', { name: 'הודעה' }).count()).toBe(0);
  }, 30_000);

  it('deletes a number when it is told to', async () => {
    await page.goto(`${url}/numbers`);
    await page.getByRole('link', { name: 'Front desk' }).click();
    await page.getByRole('button', { name: 'מחיקה' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'מחיקה' }).click();
    await page.getByText('עדיין אין מספר').waitFor();
    expect(new URL(page.url()).pathname).toBe('/numbers');
  }, 30_000);
});
