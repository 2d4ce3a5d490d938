import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ApiCaller } from '../../testing/api-caller.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { writePast } from './past.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

/** Older messages: many pages of them. */
const MANY = 1_000;
/** What is said here before them. */
const SAID = 6;

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let customer: string;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  const { phones } = visit.house;
  await phones.send(customer, { to: number.phone, text: 'Where is the parcel?' });
  await number.api.send(number.session, `+${customer}`, 'The parcel left today');
  await number.api.waitForText(number.session, 'The parcel left today', ['delivered']);
  await phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code: 463, count: 1 });
  await number.api.send(number.session, `+${customer}`, 'One that is refused');
  await number.api.waitForText(number.session, 'One that is refused', ['failed']);
  await phones.call('DELETE', '/faults');
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const rows = () => page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
const opens = (text: string) => page.getByRole('row', { name: text }).getByRole('button').click();

it('lists every message of both sides, and finds them by their words', async () => {
  await page.goto(`${visit.url}/reports`);
  await page.getByRole('row', { name: 'One that is refused' }).waitFor();
  expect(await rows().count()).toBe(3);
  await page.getByLabel('Words in the message').fill('parcel');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByRole('row', { name: 'One that is refused' }).waitFor({ state: 'detached' });
  await page.getByLabel('Direction').selectOption({ label: 'Sent' });
  await page.getByRole('row', { name: 'Where is the parcel?' }).waitFor({ state: 'detached' });
  await page.getByRole('row', { name: 'The parcel left today' }).waitFor();
  expect(await rows().count()).toBe(1);
}, 60_000);

it('says step by step what became of one', async () => {
  await opens('The parcel left today');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Delivered to the phone').waitFor();
  const steps = await dialog.getByRole('listitem').locator('.font-medium').allTextContents();
  expect(steps).toEqual(['Accepted', 'Sent: WhatsApp has it', 'Delivered to the phone']);
  await page.keyboard.press('Escape');
}, 30_000);

it('says why one was given up', async () => {
  await page.goto(`${visit.url}/reports?status=failed`);
  await opens('One that is refused');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Given up').waitFor();
  await dialog.getByText('Wait some hours').first().waitFor();
  await page.keyboard.press('Escape');
  expect(await rows().count()).toBe(1);
}, 30_000);

it.each([
  ['csv', (text: string) => text.trim().split(/\r?\n/).slice(1)],
  ['json', (text: string) => JSON.parse(text) as unknown[]],
] as const)(
  'is saved as %s as it is filtered',
  async (format, recordsOf) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: format.toUpperCase() }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(recordsOf(text)).toHaveLength(1);
    expect(text).toContain('One that is refused');
  },
  30_000,
);

describe('of several people and a key', () => {
  beforeAll(async () => {
    for (const name of ['Tal', 'Omar']) {
      const phone = await visit.house.phones.createPhone({ name });
      await visit.house.phones.call('POST', `/phones/${phone}/messages`, { to: number.phone, text: `I am ${name}` });
    }
    const made = { name: 'Till', scopes: ['messages:send'] };
    const { key } = (await number.api.call('POST', '/api-keys', made)) as { key: string };
    const to = await visit.house.phones.createPhone({ name: 'Maya' });
    const message = {
      type: 'text',
      session_id: number.session,
      to: `+${to.replace('+', '')}`,
      text: 'Your order is ready',
    };
    await new ApiCaller(visit.url, '', key).request('POST', '/messages/send', message);
  }, 60_000);

  it('is asked of an API key by its name', async () => {
    await page.goto(`${visit.url}/reports`);
    await row('I am Tal').waitFor();
    await page.getByLabel('Sent by').selectOption({ label: 'API key Till' });
    await row('I am Tal').waitFor({ state: 'detached' });
    await row('Your order is ready').waitFor();
    expect(page.url()).toContain('sender=key');
  }, 60_000);

  it('is narrowed to a person who is found by name, and to a job, each of which is taken away again', async () => {
    await page.goto(`${visit.url}/reports?job=01900000-0000-7000-8000-000000000000`);
    await page.getByText('No message matches').waitFor();
    await page.getByRole('button', { name: 'Stop asking for No longer here' }).click();
    await row('I am Omar').waitFor();
    await page.getByRole('button', { name: 'Choose a person' }).click();
    await page.getByRole('dialog').getByLabel('Name or number').fill('Tal');
    await page.getByRole('dialog').getByRole('button', { name: /Tal/ }).click();
    await row('I am Omar').waitFor({ state: 'detached' });
    await row('I am Tal').waitFor();
    expect(page.url()).toContain('contact=');
    await page.reload();
    await page.getByRole('button', { name: 'Stop asking for Tal' }).click();
    await row('I am Omar').waitFor();
  }, 60_000);

  it('leads to the message in its chat', async () => {
    await row('I am Omar').getByRole('button').click();
    await page.getByRole('dialog').getByRole('link', { name: 'Open the chat' }).click();
    await page.locator('article:focus', { hasText: 'I am Omar' }).waitFor();
    expect(page.url()).toContain('/inbox?message=');
  }, 30_000);
});

it('is read back to the first message with few of them drawn', async () => {
  await writePast(visit.house, { session: number.session, count: MANY, text: 'Long ago', since: new Date(0) });
  await page.goto(`${visit.url}/reports`);
  await page.getByRole('row', { name: 'One that is refused' }).waitFor();
  const first = page.getByRole('row', { name: /Long ago 1( |$)/ });
  await until('the first message', async () => {
    await page.getByRole('main').evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
    expect(await rows().count()).toBeLessThan(60);
    return (await first.count()) > 0;
  });
  expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(MANY + SAID + 1));
  await page.getByRole('main').evaluate((main) => main.scrollTo({ top: 0 }));
  await page.getByRole('row', { name: 'One that is refused' }).waitFor();
}, 90_000);

it('fits a phone, from right to left', async () => {
  const t = wordsOf('ar', 'reports');
  await visit.prefer(page, { language: 'ar' });
  await page.setViewportSize(PHONE);
  await page.goto(`${visit.url}/reports`);
  await page.getByText('The parcel left today').waitFor();
  expect(await overflowOf(page)).toBe(0);
  await opens('The parcel left today');
  await page.getByRole('dialog').getByText(t('steps.delivered')).waitFor();
  expect(await overflowOf(page)).toBe(0);
}, 30_000);
