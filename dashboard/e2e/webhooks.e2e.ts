import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { WebhookReceiver } from '../../testing/webhook-receiver.ts';
import { Visit } from './visit.ts';
import { wordsOf } from './words.ts';

const t = wordsOf('ar', 'webhooks');

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let customer: string;
const receiver = new WebhookReceiver();

beforeAll(async () => {
  await receiver.start();
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  page = await visit.open({ as: number.api });
  await visit.prefer(page, { language: 'ar' });
}, 180_000);
afterAll(async () => {
  await visit.close();
  await receiver.stop();
});

const writes = (text: string) => visit.house.phones.send(customer, { to: number.phone, text });
const toldOf = (text: string) => receiver.told.filter(({ body }) => body.data.text === text);
const dialog = () => page.getByRole('dialog');
const secretShown = () =>
  dialog()
    .getByRole('textbox', { name: t('secret') })
    .inputValue();

async function done(): Promise<void> {
  await dialog()
    .getByRole('button', { name: t('done') })
    .click();
  await dialog().waitFor({ state: 'detached' });
}

it('is added by its address, and shows its secret once', async () => {
  await page.goto(`${visit.url}/settings/webhooks`);
  await page.getByText(t('empty.title')).waitFor();
  await page.getByRole('button', { name: t('add') }).click();
  await dialog().getByLabel(t('url')).fill(receiver.url());
  await dialog().getByLabel(t('description')).fill('خادم الطلبات');
  await dialog()
    .getByRole('button', { name: t('add') })
    .click();
  const secret = await secretShown();
  expect(secret).toMatch(/^whsec_/);
  receiver.secrets.push(secret);
  await done();
  await page.getByText(t('untold')).waitFor();
}, 60_000);

it('is tried by a test, whose answer is shown', async () => {
  await page.getByRole('button', { name: t('testOf', { url: receiver.url() }) }).click();
  await page.getByText(t('answered', { status: '200' })).waitFor();
  expect(receiver.told.map(({ body }) => body.type)).toEqual(['webhook.test']);
}, 30_000);

it('says in words why it took nothing, and is told again on demand under the same id', async () => {
  receiver.answer = 503;
  await writes('While it was down');
  await until('a try', () => toldOf('While it was down').length > 0);
  await page.getByRole('link', { name: t('deliveriesOf', { url: receiver.url() }) }).click();
  await page
    .getByText(t('errors.http', { status: '503' }), { exact: false })
    .first()
    .waitFor();
  receiver.answer = 200;
  await writes('And up again');
  await until('the next message', () => toldOf('And up again').length > 0);
  await page.getByLabel(t('deliveries.state')).selectOption({ label: t('states.delivered') });
  const newest = page.getByRole('main').getByRole('button', { name: t('types.message.created') });
  await newest.first().click();
  await dialog().getByText('And up again').waitFor();
  await dialog()
    .getByRole('button', { name: t('deliveries.replay') })
    .click();
  const told = await until('it to be told again', () => {
    const all = toldOf('And up again');
    return all.length === 2 ? all : undefined;
  });
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  await page.keyboard.press('Escape');
}, 60_000);

it('gets a new secret, and is signed for by both for a day', async () => {
  const [old = ''] = receiver.secrets;
  await page.goto(`${visit.url}/settings/webhooks`);
  await page.getByRole('button', { name: t('rotateOf', { url: receiver.url() }) }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: t('rotate') })
    .click();
  await dialog().getByText(t('rotatedText')).waitFor();
  const fresh = await secretShown();
  await done();
  expect(fresh).not.toBe(old);
  const [previous = ''] = t('previous', { time: '|' }).split('|');
  await page.getByText(previous).waitFor();
  receiver.secrets.push(fresh);
  await writes('Signed twice');
  const event = await until('the event', () => toldOf('Signed twice')[0]);
  expect([old, fresh].map((secret) => receiver.signedBy(event, secret))).toEqual([true, true]);
  expect(receiver.forged).toBe(0);
}, 60_000);

it('is told nothing any more once it is removed', async () => {
  await page.getByRole('button', { name: t('removeOf', { url: receiver.url() }) }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: t('remove') })
    .click();
  await page.getByText(t('empty.title')).waitFor();
  expect(await number.api.call('GET', '/webhook-endpoints')).toMatchObject({ items: [] });
}, 30_000);
