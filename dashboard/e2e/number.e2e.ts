import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';

let visit: Visit;
let number: LinkedNumber;
let customer: string;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  page = await visit.open({ size: PHONE, as: number.api });
  await page.goto(`${visit.url}/numbers/${number.session}`);
}, 180_000);
afterAll(() => visit.close());

const fact = (name: string) => page.locator('dl > div', { has: page.locator('dt', { hasText: name }) }).locator('dd');
const shows = (name: string, text: string) => fact(name).filter({ hasText: text }).waitFor();
const switchOf = (name: string) => page.getByRole('switch', { name, exact: true });
const form = (label: string) => page.locator('form', { has: page.getByLabel(label, { exact: true }) });
const textsOnPhone = async () =>
  (await visit.house.phones.messages(customer, number.phone)).flatMap(({ direction, text }) =>
    direction === 'in' ? [text] : [],
  );

it('the health of a number is seen, and follows what happens', async () => {
  await page.getByRole('heading', { name: 'Health' }).waitFor();
  await shows('Last message received', 'Not yet');
  await visit.house.phones.send(customer, { to: number.phone, text: 'Are you there?' });
  await fact('Last message received').locator('time').waitFor();
  await shows('Today', '1 received, 1 stored');
  expect(await fact('Waiting to leave').textContent()).toBe('Nothing');
});

it('callers are hung up on, and written what was decided here', async () => {
  await switchOf('Reject calls').click();
  await form('Answer to callers').getByLabel('Answer to callers').fill('Please write to us.');
  await form('Answer to callers').getByRole('button', { name: 'Save' }).click();
  await until('the answer to a call', async () => {
    await visit.house.phones.call('POST', `/phones/${customer}/calls`, { to: number.phone });
    return (await textsOnPhone()).includes('Please write to us.');
  });
  expect(await textsOnPhone()).toEqual(['Please write to us.']);
});

it('in quiet hours messages wait, say so where they stand, and leave when the hours end', async () => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Jerusalem', timeStyle: 'short' });
  const at = (hours: number) => clock.format(new Date(Date.now() + hours * 3_600_000));
  await switchOf('Quiet hours').click();
  await page.getByLabel('From', { exact: true }).fill(at(-2));
  await page.getByLabel('To', { exact: true }).fill(at(2));
  await form('From').getByRole('button', { name: 'Save' }).click();
  await shows('Waiting to leave', 'Quiet hours until');

  const { conversation_id } = await number.api.send(number.session, `+${customer}`, 'Good night');
  await shows('Waiting to leave', '1 message');
  const inbox = await visit.open({ as: number.api });
  await inbox.goto(`${visit.url}/inbox?conversation=${conversation_id}`);
  await inbox.getByText('Quiet hours: leaves at').waitFor();

  await switchOf('Quiet hours').click();
  await shows('Waiting to leave', 'Nothing');
  await inbox.getByText('Quiet hours: leaves at').waitFor({ state: 'detached' });
  await until('the message to arrive', async () => (await textsOnPhone()).includes('Good night'));
  await inbox.context().close();
  expect(await textsOnPhone()).toEqual(['Please write to us.', 'Good night']);
});

it('a proxy that does not answer is told with its cure, is not gone around, and its password is not seen', async () => {
  await page.getByLabel('Address').fill('socks5://acme:s3cret@127.0.0.1:9');
  await page.getByRole('button', { name: 'Use this proxy' }).click();
  await page.getByText('Its proxy does not answer.').first().waitFor();
  await page.getByText('socks5://127.0.0.1:9').waitFor();
  expect(await page.content()).not.toContain('s3cret');
  await page.getByRole('button', { name: 'Remove the proxy' }).click();
  await page.getByText('No proxy: it goes straight to WhatsApp.').waitFor();
  await page.getByText('Everything works.').waitFor();
  await shows('Last trouble', 'Its proxy does not answer.');
});

it.each([
  ['he', 'תקינות', 'שעות שקט'],
  ['ar', 'السلامة', 'ساعات الهدوء'],
])('in %s, the page of a number fits a phone', async (language, heading, label) => {
  await visit.prefer(page, { language });
  await page.reload();
  await page.getByRole('heading', { name: heading }).waitFor();
  await switchOf(label).waitFor();
  expect(await overflowOf(page)).toBe(0);
});
