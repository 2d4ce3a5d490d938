import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { Visit } from './visit.ts';

let visit: Visit;
let number: LinkedNumber;
let owner: Page;
let customer: string;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme Clinic'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  await number.api.call('POST', '/templates', {
    name: 'Shipped',
    language: 'en',
    body: 'Hello {{customer_name}}, {{what}} is on its way from {{shop}}.',
  });
  owner = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

const e164 = (phone: string) => `+${phone.replace('+', '')}`;
const arrived = (phone: string, text: string) =>
  until(`“${text}” on the phone`, async () =>
    (await visit.house.phones.messages(phone, number.phone)).some((message) => message.text === text),
  );
const tell = (event_id: string, over: object = {}) =>
  number.api.call('POST', '/events', {
    event_id,
    name: 'order_shipped',
    phone_number: e164(customer),
    variables: { customer_name: 'Noa', order: 'Order 7', express: 'yes' },
    ...over,
  });

it('is made on one page, from the event to the words', async () => {
  await owner.goto(`${visit.url}/automations`);
  await owner.getByText('No automations yet').waitFor();
  await owner.getByRole('link', { name: 'New automation' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('Orders');
  await owner.getByLabel('Event', { exact: true }).selectOption('Another event of yours');
  await owner.getByLabel('Name of the event').fill('order_shipped');
  await owner.getByRole('button', { name: 'Add a condition' }).click();
  await owner.getByLabel('Field of the event').first().fill('express');
  await owner.getByLabel('Value', { exact: true }).fill('yes');
  await owner.getByLabel('Template').selectOption({ label: 'Shipped (English)' });
  const what = owner.getByRole('group', { name: '{{what}}' });
  await what.getByLabel('Field of the event').fill('order');
  const shop = owner.getByRole('group', { name: '{{shop}}' });
  await shop.getByText('has to send it along').waitFor();
  await shop.getByLabel('Its value is').selectOption('always the same text');
  await shop.getByLabel('Text', { exact: true }).fill('Acme');
  await shop.getByText('has to send it along').waitFor({ state: 'detached' });
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Nothing has happened yet').waitFor();
  expect(owner.url()).toMatch(/\/automations\/[0-9a-f-]{36}$/);
}, 60_000);

it('tells the person when the event happens, once, and says why not when a condition does not hold', async () => {
  await tell('order-7');
  await tell('order-7');
  await tell('order-8', { variables: { express: 'no' } });
  await arrived(customer, 'Hello Noa, Order 7 is on its way from Acme.');
  await owner.reload();
  await owner.getByText('A condition does not hold (express)').waitFor();
  await owner.getByRole('listitem').filter({ hasText: 'Told' }).first().waitFor();
  expect(await visit.house.phones.messages(customer, number.phone)).toHaveLength(1);
}, 60_000);

it('is tried on one’s own number', async () => {
  const own = await visit.house.phones.createPhone({ name: 'Dana' });
  await owner.getByRole('button', { name: 'Try it' }).click();
  await owner.getByLabel('Your number').fill(e164(own));
  await owner.getByLabel('customer_name').fill('Dana');
  await owner.getByLabel('order', { exact: true }).fill('Nothing');
  await owner.getByRole('button', { name: 'Send to me' }).click();
  await owner.getByText('It was handed over and leaves now.').waitFor();
  await arrived(own, 'Hello Dana, Nothing is on its way from Acme.');
  await owner.getByRole('button', { name: 'Close' }).click();
  expect(await visit.house.phones.messages(own, number.phone)).toHaveLength(1);
}, 60_000);

it('leads from what was told to the message in its chat', async () => {
  await owner.goto(`${visit.url}/notifications`);
  await owner.getByLabel('Number or address').fill(e164(customer));
  const told = owner
    .getByRole('listitem')
    .filter({ hasText: e164(customer) })
    .filter({ hasText: 'Told' });
  await told.getByRole('link', { name: 'Open the message' }).click();
  await owner.locator('article:focus', { hasText: 'Hello Noa, Order 7 is on its way from Acme.' }).waitFor();
  expect(owner.url()).toContain('/inbox?message=');
  await owner.goto(`${visit.url}/inbox?message=01900000-0000-7000-8000-000000000000`);
  await owner.getByText('That message is not here any more.').waitFor();
  await owner.goBack();
  await owner.goBack();
  await owner.getByRole('link', { name: 'Open the automation' }).first().click();
  await owner.getByRole('button', { name: 'Try it' }).waitFor();
}, 60_000);

it('lets what waits be cancelled, and is switched off from the list', async () => {
  await owner.getByLabel('Wait after that').fill('2');
  await owner.getByLabel('Unit').selectOption('hours');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Saved', { exact: true }).waitFor();
  await tell('order-9');
  await owner.goto(`${visit.url}/notifications`);
  await owner.getByLabel('State').selectOption('Waiting');
  await owner.getByRole('button', { name: `Cancel what ${e164(customer)} is told` }).click();
  await owner.getByRole('alertdialog').getByRole('button', { name: 'Cancel', exact: true }).click();
  await owner.getByText('Nothing here').waitFor();

  await owner.goto(`${visit.url}/automations`);
  await owner.getByRole('switch', { name: 'Orders: on or off' }).click();
  await until('it to be off', async () => {
    const { items } = (await number.api.call('GET', '/automations')) as { items: { enabled: boolean }[] };
    return items.every(({ enabled }) => !enabled);
  });
  expect(await tell('order-10')).toMatchObject({ automations: [] });
}, 60_000);

it('wishes somebody well on her birthday, which is written on her page', async () => {
  const { items } = (await number.api.call('GET', `/contacts?search=${customer.replace('+', '')}`)) as {
    items: { id: string }[];
  };
  const tomorrow = new Date(Date.now() + 86_400_000);
  await owner.goto(`${visit.url}/contacts/${items[0]?.id}`);
  await owner.getByRole('button', { name: 'Change the days' }).click();
  expect(await owner.getByLabel('Name of the day').inputValue()).toBe('Birthday');
  await owner.getByLabel('Day', { exact: true }).fill(String(tomorrow.getUTCDate()));
  await owner.getByLabel('Month').selectOption(String(tomorrow.getUTCMonth() + 1));
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByRole('dialog').waitFor({ state: 'detached' });
  await owner.getByRole('listitem').filter({ hasText: 'Birthday' }).waitFor();

  await owner.goto(`${visit.url}/automations/new`);
  await owner.getByLabel('Name', { exact: true }).fill('Wishes');
  await owner.getByLabel('Event', { exact: true }).selectOption('A contact’s day comes');
  expect(await owner.getByLabel('Which day').inputValue()).toBe('Birthday');
  await owner.getByLabel('Template').selectOption({ label: 'Shipped (English)' });
  for (const [name, field] of [
    ['customer_name', 'contact_name'],
    ['what', 'day_name'],
    ['shop', 'date'],
  ] as const)
    await owner
      .getByRole('group', { name: `{{${name}}}` })
      .getByLabel('Field of the event')
      .fill(field);
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByRole('listitem').filter({ hasText: 'Waiting' }).waitFor();
  await owner.goto(`${visit.url}/automations`);
  await owner.getByText(/^Birthday · On the day, 9:00/).waitFor();
  await owner.goto(`${visit.url}/notifications`);
  await owner.getByLabel('State').selectOption('Waiting');
  await owner.getByRole('button', { name: `Cancel what ${e164(customer)} is told` }).waitFor();
}, 60_000);

it('lets the words be changed by which people opt out', async () => {
  await owner.goto(`${visit.url}/automations`);
  await owner.getByRole('button', { name: 'Opt-out words' }).click();
  await owner.getByLabel('No more messages').fill('STOP\nENOUGH');
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await number.api.call('GET', '/opt-out-words')).toMatchObject({ stop: ['STOP', 'ENOUGH'] });
}, 60_000);
