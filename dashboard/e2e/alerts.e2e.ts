import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { WebhookDouble } from '../../testing/webhook-double.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';

let visit: Visit;
let number: LinkedNumber;
let hook: WebhookDouble;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  hook = await new WebhookDouble().start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(async () => {
  await visit.close();
  await hook.stop();
});

/** As its owner does under "Linked devices". */
async function unlinkOnPhone(): Promise<void> {
  const { phones } = visit.house;
  const { devices } = await phones.call<{ devices: { id: number }[] }>('GET', `/phones/${number.phone}`);
  for (const { id } of devices) await phones.call('DELETE', `/phones/${number.phone}/devices/${id}`);
}

const banner = () => page.getByText('A number needs you.');

it('a webhook is added, tested, and says what became of the test', async () => {
  await page.goto(`${visit.url}/settings/alerts`);
  await page.getByText('No webhook yet').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('On call');
  await page.getByLabel('Address of the webhook').fill('http://10.0.0.1/hook');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('This address leads to a private network.').waitFor();
  await page.getByLabel('Address of the webhook').fill(hook.url());
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Nothing was told there yet.').waitFor();
  hook.answer = 404;
  await page.getByRole('button', { name: 'Send a test to On call' }).click();
  await page.getByText('It answered 404.').waitFor();
  hook.answer = 200;
  await page.getByRole('button', { name: 'Send a test to On call' }).click();
  await page.getByText('Last told').waitFor();
  expect(hook.bodies.at(-1)).toEqual({ text: expect.stringContaining('test from Wasel') });
  expect(await page.content()).not.toContain('T0/B0/secret');
});

it('a number that is unlinked on its phone is told of on every page at once, by mail and by webhook', async () => {
  await page.goto(`${visit.url}/overview`);
  await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor();
  await unlinkOnPhone();
  await banner().waitFor();
  await page.getByRole('link', { name: 'Alerts: 1 is not acknowledged' }).waitFor();
  await until('the webhook to be told', () =>
    hook.bodies.some((body) => JSON.stringify(body).includes('unlinked on the phone')),
  );
  const mailbox = await visit.open();
  await mailbox.goto(`${visit.url}/mailbox`);
  await mailbox
    .getByText(/The WhatsApp number .*Front desk.* needs you/)
    .first()
    .waitFor();
  await mailbox.context().close();
  expect(hook.bodies.filter((body) => JSON.stringify(body).includes('Front desk'))).toHaveLength(1);
});

it('an alert says what to do, and is acknowledged by keyboard', async () => {
  await page.getByRole('link', { name: 'See what happened' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/alerts');
  await page.getByText('It was unlinked on the phone.').waitFor();
  await page.getByText('Connect it and scan the QR code to link it again.').waitFor();
  await page.getByRole('button', { name: 'Acknowledge the alert of Front desk' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(/Acknowledged by/).waitFor();
  await banner().waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: 'Acknowledge the alert of Front desk' }).count()).toBe(0);
});

it('an alert is over when the number is linked again', async () => {
  const { link } = (await number.api.call('POST', `/sessions/${number.session}/connect`, {})) as {
    link: { qr: string };
  };
  await visit.house.phones.call('POST', `/phones/${number.phone}/scan`, { qr: link.qr });
  await page.getByText('Nothing needs you').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByText('Well again').waitFor();
  await until('the webhook to be told', () => hook.bodies.some((body) => JSON.stringify(body).includes('well again')));
  expect(await page.getByText('Well again').count()).toBe(1);
}, 90_000);

it.each([
  ['he', 'התראות', 'הכול'],
  ['ar', 'التنبيهات', 'الكل'],
])('in %s, the alerts fit a phone', async (language, heading, all) => {
  await page.setViewportSize(PHONE);
  await visit.prefer(page, { language });
  await page.goto(`${visit.url}/alerts`);
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  await page.getByRole('button', { name: all, exact: true }).click();
  await page.getByText('Front desk').waitFor();
  expect(await overflowOf(page)).toBe(0);
});
