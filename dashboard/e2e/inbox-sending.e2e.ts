import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import type { PhoneMessage } from '../../testing/house/sandbox-client.ts';
import { until } from '../../testing/until.ts';
import { Chat } from './chat.ts';
import { Visit } from './visit.ts';

type OnPhone = PhoneMessage & { details: { preview?: { title: string } } };

let visit: Visit;
let number: LinkedNumber;
let chat: Chat;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  chat = await Chat.open(visit, number, 'Noa');
  ({ page } = chat);
}, 180_000);
afterAll(() => visit.close());

it('what is written while the message before is on its way stays, and what was sent does not come back', async () => {
  for (const [first, next, write] of [
    ['First of all', 'And then', (text: string) => page.keyboard.type(text)],
    ['Once more', 'Something else', (text: string) => chat.box.fill(text)],
  ] as const) {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/messages/send', (route) => held.then(() => route.continue()));
    await chat.box.fill(first);
    const asked = page.waitForRequest('**/api/messages/send');
    await chat.box.press('Enter');
    await asked;
    await write(next);
    release();
    await chat.delivered(first);
    await page.unrouteAll({ behavior: 'wait' });
    await until('the box without what was sent', async () =>
      (await chat.box.inputValue()) === next ? true : undefined,
    );
    await page.reload();
    await chat.bubble(first).waitFor();
    expect(await chat.box.inputValue()).toBe(next);
    await chat.send(next);
    expect(await chat.bubble(first).count()).toBe(1);
    await until('the box to be empty', async () => (await chat.box.inputValue()) === '');
  }
}, 90_000);

it('what was accepted although nobody heard so is not sent twice, and said once more it is', async () => {
  const twice = 'Only once, please';
  const isThere = () => visit.house.phones.messages(chat.customer, number.phone);
  const times = async () => (await isThere()).filter(({ text }) => text === twice).length;
  await page.route('**/api/messages/send', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await chat.box.fill(twice);
  await chat.box.press('Enter');
  await page.getByText('It was not sent. Your text is still here; try again.').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await chat.box.press('Enter');
  await until('the box to be empty', async () => (await chat.box.inputValue()) === '');
  await chat.send('What comes after');
  expect(await times()).toBe(1);
  await chat.box.fill(twice);
  await chat.box.press('Enter');
  await until('it to be said once more', async () => (await times()) === 2);
}, 60_000);

it('a link is shown with what its page says where that is wanted, and as it is where it is not', async () => {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Our menu</title>');
  });
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  try {
    await chat.box.fill(`http://${host}/plain`);
    await page.getByLabel(`Show a preview of ${host}`).waitFor();
    await chat.send(`http://${host}/plain`);
    await chat.box.fill(`http://${host}/menu`);
    await page.getByLabel(`Show a preview of ${host}`).check();
    await chat.box.press('Enter');
    await chat.bubble('Our menu').getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  } finally {
    site.close();
  }
  expect(await page.getByLabel(`Show a preview of ${host}`).count()).toBe(0);
  const there = (await visit.house.phones.messages(chat.customer, number.phone)) as OnPhone[];
  const titles = there.filter(({ text }) => text?.includes(host)).map(({ details }) => details.preview?.title);
  expect(titles).toEqual([undefined, 'Our menu']);
}, 60_000);
