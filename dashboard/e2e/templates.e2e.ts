import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

const t = wordsOf('he', 'templates');
const NAME = 'תזכורת';
const WELCOME = 'ترحيب بالفترة التجريبية';

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let customer: string;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  page = await visit.open({ as: number.api });
  await visit.prefer(page, { language: 'he' });
}, 180_000);
afterAll(() => visit.close());

const preview = () => page.getByRole('region', { name: t('preview') });
const language = () => page.getByRole('main').getByLabel(t('language'), { exact: true });
const body = () => page.getByLabel(t('body'));
const insert = (name: string) => page.getByRole('button', { name: t('insert', { name }) }).click();

it('is written with its variables in place, and seen as the person will see it', async () => {
  await page.goto(`${visit.url}/templates/new`);
  await page.getByLabel(t('name'), { exact: true }).fill(NAME);
  await body().fill('שלום , נתראה');
  await body().evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(5, 5));
  await insert('customer_name');
  expect(await body().inputValue()).toBe('שלום {{customer_name}}, נתראה');
  expect(await preview().locator('p[lang="he"]').textContent()).toBe(`שלום ${t('samples.customer_name')}, נתראה`);
  expect(await preview().locator('p[lang="he"]').getAttribute('dir')).toBe('rtl');
  await language().selectOption('en');
  await body().fill('Hello {{customer_name}}, see you at {{Time}}');
  await page.getByText('{{Time}}', { exact: false }).first().waitFor();
  expect(
    await preview()
      .locator('p[lang="en"]')
      .evaluate((text) => getComputedStyle(text).direction),
  ).toBe('ltr');
  await body().fill('Hello {{customer_name}}, see you at {{hour}}');
  await page.getByRole('button', { name: t('save') }).click();
  await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
}, 60_000);

it('is not left unsaved without a question', async () => {
  await page.reload();
  await body().fill('Hello {{customer_name}}, see you at {{hour}}!');
  await page
    .getByRole('link', { name: t('title') })
    .first()
    .click();
  await page.getByRole('alertdialog', { name: t('unsaved.title') }).waitFor();
  await page.getByRole('button', { name: t('unsaved.stay') }).click();
  expect(await body().inputValue()).toContain('{{hour}}!');
  await page.getByRole('button', { name: t('save') }).click();
  await page.getByText(t('saved'), { exact: true }).waitFor();
}, 30_000);

it('is sent with every value, whose formatting is shown as text, and counted', async () => {
  await page.getByRole('button', { name: t('sendOf', { name: NAME }) }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel(t('to')).fill(`+${customer}`);
  await form.getByLabel('customer_name').fill('*Noa*');
  // What has no value yet stands out, and nothing leaves.
  expect(await form.locator('mark').allTextContents()).toEqual(['{{hour}}']);
  await form.getByRole('button', { name: t('send'), exact: true }).click();
  expect(await form.getByLabel('hour').evaluate((field: HTMLInputElement) => field.validity.valueMissing)).toBe(true);
  await form.getByLabel('hour').fill('9:30');
  await form.getByRole('button', { name: t('send'), exact: true }).click();
  await form.getByText(t('sent')).waitFor();
  const [message] = await until('the message', async () => {
    const there = await visit.house.phones.messages(customer, number.phone);
    return there.length > 0 ? there : undefined;
  });
  expect(message?.text?.replaceAll('\u200B', '')).toMatch(/^Hello .*Noa.*, see you at 9:30!$/);
  await page.goto(`${visit.url}/templates`);
  await page.getByText(t('used', { count: 1 }), { exact: false }).waitFor();
}, 60_000);

it('that comes with Wasel is copied, and not changed', async () => {
  await page.setViewportSize(PHONE);
  await page.getByLabel(t('search')).fill(WELCOME);
  await language().selectOption('ar');
  await page.getByRole('link', { name: WELCOME }).click();
  await page.getByText(t('systemText')).waitFor();
  expect(await body().count()).toBe(0);
  expect(await preview().locator('p[lang="ar"]').getAttribute('dir')).toBe('rtl');
  expect(await overflowOf(page)).toBe(0);
  await page.getByRole('button', { name: t('copyOf', { name: WELCOME }) }).click();
  await body().waitFor();
  expect(await body().inputValue()).toContain('{{customer_name}}');
  expect(await overflowOf(page)).toBe(0);
}, 60_000);
