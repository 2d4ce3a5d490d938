import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { Visit } from './visit.ts';
import { wordsOf } from './words.ts';

const t = wordsOf('en', 'broadcasts');
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let [noa, omar, gil]: string[] = [];

beforeAll(async () => {
  visit = await Visit.start();
  const { house } = visit;
  number = await house.link(await house.register(0, 'Acme'), 'Front desk');
  [noa, omar, gil] = await Promise.all(['Noa', 'Omar', 'Gil'].map((name) => house.phones.createPhone({ name })));
  const [a, b] = [await contact(noa), await contact(omar)];
  await number.api.call('PUT', `/contacts/${a}/tags`, { tags: ['Parents'] });
  const { id: list } = (await number.api.call('POST', '/contact-lists', { name: 'Newsletter' })) as { id: string };
  await number.api.call('PATCH', `/contact-lists/${list}/contacts`, { add: [b] });
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

async function contact(phone: string | undefined): Promise<string> {
  const { id } = (await number.api.call('POST', '/contacts', { phone_number: `+${phone}` })) as { id: string };
  return id;
}
const button = (key: string, values?: Record<string, string>) =>
  page.getByRole('button', { name: t(key, values), exact: true });
const says = (text: string) => page.getByText(text, { exact: false }).first().waitFor();
const field = (key: string) => page.getByRole('textbox', { name: t(key), exact: true });
const time = (key: string) => page.getByLabel(t(key), { exact: true });
const next = () => button('steps.next').click();
const got = (phone: string | undefined) => visit.house.phones.messages(phone ?? '', number.phone);
const texts = async (phone: string | undefined) => (await got(phone)).map(({ text }) => text);
const NOW = Date.now();
/** As a field has it, by the clock of the browser. */
const inDays = (days: number) =>
  page.evaluate(
    (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16),
    NOW + days * 86_400_000,
  );

/** Opens one of the ways to say who is meant. */
async function begin(source: string): Promise<void> {
  await page.goto(`${visit.url}/broadcasts/new`);
  await page.locator('summary', { hasText: t(`audience.${source}.text`) }).click();
}

/** To as many, at once or when it was scheduled for. */
async function launch(name: string, count: number, kind: 'now' | 'later' = 'now'): Promise<void> {
  await field('launch.name').fill(name);
  await button(`launch.${kind}`, { count: String(count) }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: t(`launch.${kind}`, { count: String(count) }) })
    .click();
  await page.getByRole('heading', { name }).waitFor();
}

it('reaches those with a tag, with a picture and its caption', async () => {
  await begin('tags');
  await page.getByLabel('Parents').check();
  await next();
  await page.getByRole('radio', { name: t('content.kinds.file') }).check();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'trip.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') });
  await says('trip.png');
  await field('content.caption').fill('The trip');
  await next();
  await launch('A picture', 1);
  await until('Noa to have it', async () => (await texts(noa)).includes('The trip'));
  expect(await got(noa)).toMatchObject([{ kind: 'image', text: 'The trip' }]);
  expect(await got(omar)).toEqual([]);
}, 60_000);

it('reaches those in a list', async () => {
  await begin('lists');
  await page.getByLabel('Newsletter').check();
  await next();
  await field('content.text').fill('The news');
  await next();
  await launch('The news', 1);
  await until('Omar to have it', async () => (await texts(omar)).includes('The news'));
  expect(await texts(noa)).not.toContain('The news');
}, 60_000);

it('reaches the people of a file, each with what its row says', async () => {
  await begin('file');
  const rows = ['phone,first name,room', `+${noa},Noa,12`, `+${gil},Gil,7`, 'nobody,Rina,1'];
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  await says('{{room}}');
  await next();
  await field('content.text').fill('{{first_name}}, room {{room}}');
  await next();
  await says(t('exclusions.no_address'));
  await launch('Rooms', 2);
  await until(
    'both to have it',
    async () => (await texts(noa)).includes('Noa, room 12') && (await texts(gil)).includes('Gil, room 7'),
  );
  expect(await texts(gil)).toEqual(['Gil, room 7']);
}, 60_000);

it('is given up at a time that comes after the beginning, and that the number can keep', async () => {
  await begin('tags');
  await page.getByLabel('Parents').check();
  await next();
  await field('content.text').fill('Too late');
  await next();
  await says(t('preview.recipients', { count: 1 }));
  const launches = button('launch.now', { count: '1' });
  await until('it to be ready', () => launches.isEnabled());
  await time('launch.until').fill(await inDays(-1));
  await page
    .getByRole('alert')
    .filter({ hasText: /Front desk\W+would not be done in time/ })
    .waitFor();
  expect(await time('launch.until').getAttribute('aria-invalid')).toBe('true');
  expect(await launches.isDisabled()).toBe(true);
  await time('launch.when').fill(await inDays(3));
  await time('launch.until').fill(await inDays(2));
  await page
    .getByRole('alert')
    .filter({ hasText: t('faults.fields.expires_at') })
    .waitFor();
  expect(await button('launch.later', { count: '1' }).isDisabled()).toBe(true);
  await time('launch.until').fill(await inDays(4));
  await page
    .getByRole('alert')
    .filter({ hasText: t('faults.fields.expires_at') })
    .waitFor({ state: 'detached' });
}, 60_000);

it('waits until it is to leave, with its end, and is cancelled before', async () => {
  await launch('Next week', 1, 'later');
  await says(t('states.scheduled'));
  await says(t('givenUpAt', { date: '|' }).split('|')[0] ?? '');
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const { items } = (await number.api.call('GET', `/messages?job_id=${id}`)) as { items: { id: string }[] };
  expect(items).toHaveLength(1);
  const database = new pg.Client(visit.house.adminUrl);
  await database.connect();
  const { rows } = await database.query<{ apart: string }>(
    'select (expires_at - scheduled_at)::text as apart from messages where id = $1',
    [items[0]?.id],
  );
  await database.end();
  expect(rows).toEqual([{ apart: '1 day' }]);
  await button('cancel').click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: t('cancel'), exact: true })
    .click();
  await says(t('states.cancelled'));
  expect(await texts(noa)).not.toContain('Too late');
}, 60_000);

it('is sent again to whom it failed', async () => {
  await visit.house.phones.call('POST', '/faults', { target: number.phone, kind: 'rate-limit', code: 400, count: 1 });
  await begin('tags');
  await page.getByLabel('Parents').check();
  await next();
  await field('content.text').fill('At nine');
  await next();
  await launch('Once more', 1);
  await button('retryFailed').click();
  await until('Noa to have it', async () => (await texts(noa)).includes('At nine'));
  await button('retryFailed').waitFor({ state: 'detached' });
  expect((await texts(noa)).filter((text) => text === 'At nine')).toHaveLength(1);
}, 60_000);
