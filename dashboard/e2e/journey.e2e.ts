import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { House } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { createOrganization, linkNumber, overflowOf, PHONE, signUp, Visit } from './visit.ts';

let visit: Visit;
let house: House;
let page: Page;
let shop: string;
let customer: string;

beforeAll(async () => {
  visit = await Visit.start();
  ({ house } = visit);
  page = await visit.open();
  shop = await house.phones.createPhone({ name: 'Shop phone' });
  customer = await house.phones.createPhone({ name: 'Maya' });
}, 120_000);
afterAll(() => visit.close());

/** What the pages asked for in vain. */
const refused: string[] = [];

const write = (text: string) => house.phones.send(customer, { to: shop, text });

describe('a newcomer', () => {
  it('signs up and creates an organization', async () => {
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${visit.url}/`);
    await page.getByRole('link', { name: 'Start free' }).click();
    await signUp(page, 'Dana');
    await createOrganization(page, 'Acme');
    await page.getByRole('heading', { name: 'Get to your first conversation' }).waitFor();
    expect(await page.getByText('these numbers live on virtual phones').isVisible()).toBe(true);
  }, 60_000);

  it('links a number by scanning its QR code with a virtual phone', async () => {
    await page.getByRole('link', { name: 'Numbers', exact: true }).click();
    await page.getByRole('button', { name: 'Link a number' }).first().click();
    await linkNumber(page, 'Sales', 'Shop phone');
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
    expect(refused).toEqual([]);
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
    await visit.prefer(page, { language: 'he', theme: 'dark' });
    await page.setViewportSize(PHONE);
    await page.goto(`${visit.url}/numbers`);
    await page.getByText('מחובר', { exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('html').getAttribute('class')).toContain('dark');
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  }, 60_000);
});
