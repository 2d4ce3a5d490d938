import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ApiCaller } from '../../testing/api-caller.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { Visit } from './visit.ts';

let visit: Visit;
let number: LinkedNumber;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  for (const name of ['Noa', 'Omar']) {
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
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

const row = (text: string) => page.getByRole('row').filter({ hasText: text });

it('is asked of an API key by its name', async () => {
  await page.goto(`${visit.url}/reports`);
  await row('I am Noa').waitFor();
  await page.getByLabel('Sent by').selectOption({ label: 'API key Till' });
  await row('I am Noa').waitFor({ state: 'detached' });
  await row('Your order is ready').waitFor();
  expect(page.url()).toContain('sender=key');
}, 60_000);

it('is narrowed to a person who is found by name, and to a job, each of which is taken away again', async () => {
  await page.goto(`${visit.url}/reports?job=01900000-0000-7000-8000-000000000000`);
  await page.getByText('No message matches').waitFor();
  await page.getByRole('button', { name: 'Stop asking for No longer here' }).click();
  await row('I am Omar').waitFor();
  await page.getByRole('button', { name: 'Choose a person' }).click();
  await page.getByRole('dialog').getByLabel('Name or number').fill('Noa');
  await page.getByRole('dialog').getByRole('button', { name: /Noa/ }).click();
  await row('I am Omar').waitFor({ state: 'detached' });
  await row('I am Noa').waitFor();
  expect(page.url()).toContain('contact=');
  await page.reload();
  await page.getByRole('button', { name: 'Stop asking for Noa' }).click();
  await row('I am Omar').waitFor();
}, 60_000);

it('leads to the message in its chat', async () => {
  await row('I am Omar').getByRole('button').click();
  await page.getByRole('dialog').getByRole('link', { name: 'Open the chat' }).click();
  await page.locator('article:focus', { hasText: 'I am Omar' }).waitFor();
  expect(page.url()).toContain('/inbox?message=');
}, 30_000);
