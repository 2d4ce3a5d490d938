import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { Visit } from './visit.ts';

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let [work, home]: string[] = [];

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  work = await visit.house.phones.createPhone({ name: 'Noa Levi' });
  home = await visit.house.phones.createPhone({ name: 'Noa at home' });
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

const writes = (from: string | undefined, text: string) =>
  visit.house.phones.send(from ?? '', { to: number.phone, text });
const row = (name: string) => page.getByRole('main').getByRole('link', { name });
const bubble = (text: string) => page.locator('article', { hasText: text });
const openContacts = () => page.goto(`${visit.url}/contacts`);

it('are those who write, found by a part of the name', async () => {
  await openContacts();
  await page.getByText('No contacts yet').waitFor();
  await writes(work, 'From the office');
  await writes(home, 'From home');
  await row('Noa at home').waitFor();
  await page.getByLabel('Search names and numbers').fill('levi');
  await row('Noa at home').waitFor({ state: 'detached' });
  await row('Noa Levi').click();
  await page.getByRole('heading', { name: 'Noa Levi' }).waitFor();
  expect(page.url()).toMatch(/\/contacts\/[0-9a-f-]{36}$/);
}, 60_000);

it('get names, tags and lists', async () => {
  await openContacts();
  await page.getByRole('button', { name: 'Tags and lists' }).click();
  await page.getByLabel('Name of a new list').fill('Patients');
  await page.getByRole('button', { name: 'Make the list' }).click();
  await page.getByRole('dialog').getByText('0 contacts').waitFor();
  await page.keyboard.press('Escape');
  await row('Noa Levi').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Tags').fill('vip, new');
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Patients' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('vip', { exact: true }).waitFor();
  await openContacts();
  await page.getByLabel('Tag', { exact: true }).selectOption({ label: 'vip' });
  await row('Noa at home').waitFor({ state: 'detached' });
  await row('Noa Levi').waitFor();
  expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
}, 60_000);

it('are merged into one conversation, and parted again with what was said since', async () => {
  await row('Noa Levi').click();
  await page.getByRole('button', { name: 'Merge with another' }).click();
  await page.getByRole('dialog').getByLabel('Search names and numbers').fill('home');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Noa at home/ })
    .click();
  await page.getByRole('heading', { name: 'Merged contacts' }).waitFor();
  const contact = page.url();
  await page.getByRole('link', { name: 'Front desk' }).click();
  await bubble('From the office').waitFor();
  await bubble('From home').waitFor();
  await writes(home, 'Said since');
  await bubble('Said since').waitFor();
  await page.goto(contact);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Merged contacts' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Front desk' }).click();
  await bubble('From the office').waitFor();
  expect(await bubble('Said since').count()).toBe(0);
  await openContacts();
  await row('Noa at home').click();
  await page.getByRole('link', { name: 'Front desk' }).click();
  await bubble('Said since').waitFor();
  expect(await bubble('From the office').count()).toBe(0);
}, 60_000);

it('opt out by a word, and back in', async () => {
  await writes(work, 'STOP');
  await openContacts();
  await page.getByRole('button', { name: 'Opted out' }).click();
  await row('Noa Levi').click();
  await page.getByText('Opted out on').waitFor();
  await page.getByRole('button', { name: 'Take the opt-out back' }).click();
  await page.getByText('May be sent broadcasts').waitFor();
  expect(await page.getByRole('button', { name: 'Mark as opted out' }).count()).toBe(1);
}, 60_000);
