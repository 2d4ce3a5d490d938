import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../testing/browser.ts';
import { House } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';

let house: House;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let shop: string;
let customer: string;

beforeAll(async () => {
  [house, browser] = await Promise.all([House.start({ dashboard: true }), launchBrowser()]);
  context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: 'en' });
  page = await context.newPage();
  shop = await house.phones.createPhone({ name: 'Shop phone' });
  customer = await house.phones.createPhone({ name: 'Maya' });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await house.stop();
});

const write = (text: string) =>
  house.phones.send(customer, {
    to: shop,
    text,
    id: `3A${randomUUID().replaceAll('-', '').slice(0, 18).toUpperCase()}`,
  });

describe('a newcomer', () => {
  it('signs up and creates an organization', async () => {
    await page.goto(`${house.urls[0]}/`);
    await page.getByRole('link', { name: 'Start free' }).click();
    await page.getByLabel('Your name').fill('Dana');
    await page.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Create your organization' }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Acme');
    await page.getByRole('button', { name: 'Create organization' }).click();
    await page.getByRole('heading', { name: 'Get to your first conversation' }).waitFor();
    expect(await page.getByText('these numbers live on virtual phones').isVisible()).toBe(true);
  }, 60_000);

  it('links a number by scanning its QR code with a virtual phone', async () => {
    await page.getByRole('link', { name: 'Numbers', exact: true }).click();
    await page.getByRole('button', { name: 'Link a number' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Sales');
    await page.getByRole('button', { name: 'Continue' }).click();
    const link = await page.getByRole('link', { name: 'Scan with a virtual phone' }).getAttribute('href');
    const phones = await context.newPage();
    await phones.goto(link ?? '');
    await phones
      .getByRole('button', { name: /Shop phone/ })
      .last()
      .click();
    await page.getByText('Linked and connected.').waitFor();
    await phones.close();
    await page.keyboard.press('Escape');
    expect(await page.getByText('Connected', { exact: true }).isVisible()).toBe(true);
  }, 60_000);

  it('answers a customer, and sees the ticks turn blue', async () => {
    await write('Are you open on Friday?');
    await page.getByRole('link', { name: /^Inbox/ }).click();
    await page.getByRole('link', { name: /Maya/ }).click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Yes, from nine to two.');
    await page.keyboard.press('Enter');
    const article = page.locator('article', { hasText: 'from nine to two' });
    await article.getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
    await house.phones.call('POST', `/phones/${customer}/read`, { with: shop });
    await article.getByText('Read', { exact: true }).waitFor({ state: 'attached' });
    const onPhone = await house.phones.messages(customer, shop);
    expect(onPhone.filter(({ direction }) => direction === 'in').map(({ text }) => text)).toEqual([
      'Yes, from nine to two.',
    ]);
  }, 60_000);

  it('is still linked after everything was restarted, and nothing that came meanwhile is missing', async () => {
    await house.node.kill('SIGTERM');
    await write('Still there?');
    await house.sandbox.kill('SIGTERM');
    await house.sandbox.start();
    await house.node.start();
    await page.getByText('Still there?').last().waitFor();
    await write('And now?');
    await page.locator('article', { hasText: 'And now?' }).waitFor();
    const marked = () =>
      house.phones
        .messages(customer, shop)
        .then((all) => all.find(({ text }) => text === 'And now?')?.status === 'read');
    expect(await until('the blue ticks on the other side', marked)).toBe(true);
  }, 90_000);

  it('works from right to left, in the dark, on a phone', async () => {
    const url = house.urls[0] ?? '';
    await context.addCookies([
      { name: 'wasel-language', value: 'he', url },
      { name: 'wasel-theme', value: 'dark', url },
    ]);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${url}/numbers`);
    await page.getByText('מחובר', { exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('html').getAttribute('class')).toContain('dark');
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
  }, 60_000);
});
