import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import pg from 'pg';
import type { LinkedNumber } from '../../testing/house/house.ts';
import type { PhoneMessage } from '../../testing/house/sandbox-client.ts';
import { until } from '../../testing/until.ts';
import { Visit } from './visit.ts';

type OnPhone = PhoneMessage & { details: { preview?: { title: string } } };

/** Of some pages. */
const MESSAGES = 450;

let visit: Visit;
let number: LinkedNumber;
let customer: string;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  await writes('Hello');
  page = await visit.open({ as: number.api });
  await page.goto(`${visit.url}/inbox`);
  await page.getByRole('link', { name: /Noa/ }).click();
  await bubble('Hello').waitFor();
}, 180_000);
afterAll(() => visit.close());

const bubble = (text: string | RegExp) => page.locator('article', { hasText: text });
const box = () => page.getByRole('textbox', { name: 'Message' });
const delivered = (text: string) => bubble(text).getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
async function say(text: string): Promise<void> {
  await box().fill(text);
  await box().press('Enter');
  await delivered(text);
}
const writes = (text: string) =>
  visit.house.phones.call('POST', `/phones/${customer}/messages`, { to: number.phone, text });

it('what is written while the message before is on its way stays, and what was sent does not come back', async () => {
  for (const [first, next, write] of [
    ['First of all', 'And then', (text: string) => page.keyboard.type(text)],
    ['Once more', 'Something else', (text: string) => box().fill(text)],
  ] as const) {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/messages/send', (route) => held.then(() => route.continue()));
    await box().fill(first);
    const asked = page.waitForRequest('**/api/messages/send');
    await box().press('Enter');
    await asked;
    await write(next);
    release();
    await delivered(first);
    await page.unrouteAll({ behavior: 'wait' });
    await until('the box without what was sent', async () => ((await box().inputValue()) === next ? true : undefined));
    await page.reload();
    await bubble(first).waitFor();
    expect(await box().inputValue()).toBe(next);
    await say(next);
    expect(await bubble(first).count()).toBe(1);
    await until('the box to be empty', async () => (await box().inputValue()) === '');
  }
}, 90_000);

it('what was accepted although nobody heard so is not sent twice, and said once more it is', async () => {
  const twice = 'Only once, please';
  const isThere = () => visit.house.phones.messages(customer, number.phone);
  const times = async () => (await isThere()).filter(({ text }) => text === twice).length;
  await page.route('**/api/messages/send', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await box().fill(twice);
  await box().press('Enter');
  await page.getByText('It was not sent. Your text is still here; try again.').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await box().press('Enter');
  await until('the box to be empty', async () => (await box().inputValue()) === '');
  await say('What comes after');
  expect(await times()).toBe(1);
  await box().fill(twice);
  await box().press('Enter');
  await until('it to be said once more', async () => (await times()) === 2);
}, 60_000);

it('a link is shown with what its page says where that is wanted, and as it is where it is not', async () => {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Our menu</title>');
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  try {
    await box().fill(`http://${host}/plain`);
    await page.getByLabel(`Show a preview of ${host}`).waitFor();
    await say(`http://${host}/plain`);
    await box().fill(`http://${host}/menu`);
    await page.getByLabel(`Show a preview of ${host}`).check();
    await box().press('Enter');
    await bubble('Our menu').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  } finally {
    site.close();
  }
  expect(await page.getByLabel(`Show a preview of ${host}`).count()).toBe(0);
  const there = (await visit.house.phones.messages(customer, number.phone)) as OnPhone[];
  const titles = there.filter(({ text }) => text?.includes(host)).map(({ details }) => details.preview?.title);
  expect(titles).toEqual([undefined, 'Our menu']);
}, 60_000);

it('far back in a long conversation, what happens is asked for alone, and all of it shows', async () => {
  await say('The first of ours');
  await fill();
  await page.reload();
  await bubble(`Filler ${MESSAGES}.`).waitFor();
  await page.getByRole('list', { name: 'Messages' }).locator('..').hover();
  const [theirs, ours] = [bubble('Hello'), bubble('The first of ours')];
  await until('what is far back', async () => {
    await page.mouse.wheel(0, -20_000);
    return (await theirs.count()) > 0 || undefined;
  });
  await ours.getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  const asked: URL[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/messages' && url.searchParams.has('conversation_id')) asked.push(url);
  });
  await writes('What is new');
  await page.getByRole('status').filter({ hasText: 'What is new' }).waitFor({ state: 'attached' });
  const id = await theirs.getAttribute('data-message');
  await number.api.call('POST', '/messages/send', { type: 'reaction', message_id: id, emoji: '❤️' });
  await theirs.getByRole('button', { name: '❤️, 1 person' }).waitFor();
  await visit.house.phones.call('POST', `/phones/${customer}/read`, { with: number.phone });
  await ours.getByText('Read', { exact: true }).waitFor({ state: 'attached' });
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.filter(({ searchParams }) => !searchParams.has('ids')).map(String)).toEqual([]);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await bubble('What is new').waitFor();
}, 120_000);

/** What was said since, in the chat that is open. */
async function fill(): Promise<void> {
  const admin = new pg.Client({ connectionString: visit.house.adminUrl });
  await admin.connect();
  try {
    await admin.query(
      `insert into messages (organization_id, id, session_id, conversation_id, direction, type, text, status, whatsapp_message_id, sent_at)
       select organization_id, (lpad(to_hex(${Date.now()}::bigint + n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid,
              session_id, id, 'inbound', 'text', 'Filler ' || n || '.', 'received', 'FILLER' || n, now()
         from conversations, generate_series(1, ${MESSAGES}) n where session_id = $1`,
      [number.session],
    );
    await admin.query('analyze messages'); // as the database does by itself a minute later: plans are still those of an empty table
  } finally {
    await admin.end();
  }
}
