import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

/** People of a large group. */
const MANY = 300;

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let [noa, omar, gil]: string[] = [];
let group: string;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  [noa, omar, gil] = await Promise.all(['Noa', 'Omar', 'Gil'].map((name) => visit.house.phones.createPhone({ name })));
  page = await visit.open({ as: number.api });
}, 180_000);
afterAll(() => visit.close());

const make = (subject: string, participants: (string | undefined)[], over: object = {}) =>
  visit.house.phones
    .call<{ id: string }>('POST', '/groups', { owner: noa, subject, participants, ...over })
    .then(({ id }) => id);
const changes = (action: string, phones: (string | undefined)[], by = noa) =>
  visit.house.phones.call('POST', `/groups/${group}/participants`, { by, action, phones });
const row = (name: string) => page.getByRole('main').getByRole('link', { name });
const member = (phone: string | undefined) => page.getByRole('row').filter({ hasText: `+${phone}` });
const tab = (name: string) => page.getByRole('tab', { name });

it('are none until a number is in one, which then appears by itself with what the number is there', async () => {
  await page.goto(`${visit.url}/groups`);
  await page.getByText('Your numbers are in no group yet').waitFor();
  group = await make('Parents of 2B', [number.phone, omar], { description: 'What we need to know' });
  await row('Parents of 2B').waitFor();
  await row('Parents of 2B').getByText('3 people').waitFor();
  await row('Parents of 2B').getByText('Front desk').waitFor();
  await changes('promote', [number.phone]);
  await row('Parents of 2B').getByText('Admin', { exact: true }).waitFor();
  await visit.house.phones.call('POST', `/groups/${group}/settings`, { by: noa, announcement: true });
  await row('Parents of 2B').getByText('Only admins write').waitFor();
  expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
}, 60_000);

it('are found by a part of the name, by what a number is there, and by size; the way back leads to what was found', async () => {
  await make('Algebra', [number.phone]);
  await row('Algebra').waitFor();
  await page.getByRole('searchbox').fill('2b');
  await row('Algebra').waitFor({ state: 'detached' });
  await row('Parents of 2B').click();
  await page.getByRole('heading', { name: 'Parents of 2B' }).waitFor();
  await page.goBack();
  await row('Parents of 2B').waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('2b');
  await page.getByRole('searchbox').fill('');
  await page.getByLabel('Your role').selectOption({ label: 'Where you are a member' });
  await row('Parents of 2B').waitFor({ state: 'detached' });
  await page.getByLabel('Your role').selectOption('');
  await page.getByLabel('Order').selectOption({ label: 'Largest first' });
  await until('the largest first', async () =>
    (await page.getByRole('main').getByRole('listitem').first().textContent())?.includes('Parents of 2B'),
  );
  await page.getByRole('searchbox').fill('zebra');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row('Algebra').waitFor();
}, 60_000);

it('show who is in them, live, and what happened, in words', async () => {
  await row('Parents of 2B').click();
  await page.getByText('What we need to know').waitFor();
  await page.getByText('Only admins write').waitFor();
  await member(omar).waitFor();
  await changes('add', [gil]);
  await member(gil).waitFor();
  await page.getByLabel('Who', { exact: true }).selectOption({ label: 'Admins' });
  await member(omar).waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'Front desk' }).getByText('Admin', { exact: true }).waitFor();
  await page.getByLabel('Who', { exact: true }).selectOption('');
  await tab('Activity').click();
  await page.getByText(`+${noa} added +${gil}`).waitFor();
  await page.getByText('made Front desk an admin').waitFor();
  await visit.house.phones.call('POST', `/groups/${group}/leave`, { phone: gil });
  await page.getByText(`+${gil} left`).waitFor();
  expect(await page.getByRole('tabpanel').getByRole('listitem').count()).toBe(3);
}, 60_000);

it('show how they grow, as a chart and in figures; tabs are gone through by keyboard', async () => {
  await tab('Activity').press('ArrowLeft');
  await page.locator('[role=tab]:focus', { hasText: 'Growth' }).waitFor();
  await page.getByRole('img', { name: 'A chart of who came and went: 1 came, 1 went' }).waitFor();
  await page.getByText('Show it as a table').click();
  expect(await page.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual(['1', '1', '3']);
  expect(page.url()).toContain('tab=growth');
  await page.reload();
  await page.getByRole('img', { name: /A chart of how many people/ }).waitFor();
  await page.getByRole('button', { name: '7 days' }).click();
  await page.locator('button[aria-pressed=true]', { hasText: '7 days' }).waitFor();
  await tab('Growth').press('Home');
  await member(omar).waitFor();
}, 60_000);

it('show who writes the most, by name and by number', async () => {
  const writes = (phone: string | undefined, text: string) => visit.house.phones.send(phone ?? '', { to: group, text });
  await tab('Growth').click();
  await page.getByText('Nobody wrote in this time').waitFor();
  await visit.house.phones.call('POST', `/groups/${group}/settings`, { by: noa, announcement: false });
  for (const text of ['When is the trip?', 'On Monday?', 'Anybody?']) await writes(noa, text);
  await writes(omar, 'On Tuesday');
  await number.api.send(number.session, group, 'At nine');
  await number.api.send(number.session, group, 'Bring water');
  await until('all of it to be counted', async () => {
    const { messages } = (await number.api.call('GET', `/groups/${group}/most-active`)) as { messages: number };
    return messages === 6;
  });
  await page.reload();
  const rows = page.getByRole('list', { name: 'Most active' }).getByRole('listitem');
  await page.getByText('6 messages · 3 people wrote').waitFor();
  const told = await rows.allTextContents();
  expect(told).toHaveLength(3);
  expect(told[0]).toMatch(/Noa.*3 messages/);
  expect(told[1]).toMatch(/Front desk.*Yours.*2 messages/);
  expect(told[2]).toMatch(/Omar.*1 message/);
  await tab('Growth').press('Home');
  await member(omar).waitFor();
}, 60_000);

it('are taken out as a file', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
  expect(head).toBe('phone_number,name,role,joined_at,privacy_address');
  expect(lines).toHaveLength(3);
  expect(lines.some((line) => line.includes(`+${omar}`) && line.includes('member'))).toBe(true);
}, 30_000);

it('have their people become contacts with a tag: those who are chosen by keyboard, then everybody', async () => {
  await member(omar).getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await page.getByText('1 chosen').waitFor();
  await page.getByRole('region', { name: 'What is chosen' }).getByRole('button', { name: 'Tag as contacts' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tag', { exact: true }).fill('Parents');
  await dialog.getByRole('button', { name: 'Tag 1 person' }).click();
  await dialog.getByText('One person has the tag Parents').waitFor();
  await dialog.getByText('1 new contact').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Tag as contacts' }).click();
  await dialog.getByLabel('Tag', { exact: true }).fill('parents');
  await dialog.getByRole('button', { name: 'Tag 2 people' }).click();
  await dialog.getByText('2 people have the tag Parents').waitFor();
  await dialog.getByText('1 had the tag already').waitFor();
  await dialog.getByRole('link', { name: 'Go to the contacts' }).click();
  await page.getByLabel('Tag', { exact: true }).selectOption({ label: 'Parents' });
  await row(`+${omar}`).waitFor();
  await row(`+${noa}`).waitFor();
  expect(await page.getByRole('main').getByRole('listitem').count()).toBe(2);
}, 60_000);

it('are read to the last of many people with few of them drawn, and chosen all at once', async () => {
  const crowd: string[] = [];
  for (let n = 0; n < MANY; n += 1) crowd.push(await visit.house.phones.createPhone({ silent: true }));
  const large = await make('Crowd', [number.phone, ...crowd]);
  await page.goto(`${visit.url}/groups`);
  await row('Crowd').click();
  await page.getByRole('checkbox', { name: 'Choose all that are shown' }).check();
  await page.getByText(`${MANY + 2} chosen`).waitFor();
  const rows = page.getByRole('main').locator('tbody tr[data-index]');
  await until('the last of them', async () => {
    await page.getByRole('main').evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
    expect(await rows.count()).toBeLessThan(60);
    return (await page.locator(`tr[data-index="${MANY + 1}"]`).count()) > 0;
  });
  await page
    .locator(`tr[data-index="${MANY + 1}"]`)
    .getByRole('checkbox')
    .click();
  await page
    .locator(`tr[data-index="${MANY - 8}"]`)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByText(`${MANY - 8} chosen`).waitFor();
  await page.keyboard.press('Shift+ArrowUp');
  await page.getByText(`${MANY - 9} chosen`).waitFor();
  await visit.house.phones.call('POST', `/groups/${large}/participants`, {
    by: noa,
    action: 'remove',
    phones: [crowd[0]],
  });
  await tab('Members')
    .getByText(String(MANY + 1))
    .waitFor();
}, 120_000);

it('are found from everywhere', async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('2B');
  // Its conversation is offered, too.
  await page.getByRole('group', { name: 'Groups' }).getByRole('option', { name: 'Parents of 2B' }).click();
  await page.getByRole('heading', { name: 'Parents of 2B' }).waitFor();
  expect(page.url()).toContain(group.replace('@g.us', ''));
}, 30_000);

it('fit a phone, in Hebrew', async () => {
  const t = wordsOf('he', 'groups');
  await visit.prefer(page, { language: 'he' });
  await page.setViewportSize(PHONE);
  await page.goto(`${visit.url}/groups`);
  await row('Parents of 2B').waitFor();
  expect(await overflowOf(page)).toBe(0);
  await row('Parents of 2B').click();
  await member(omar).waitFor();
  expect(await overflowOf(page)).toBe(0);
  for (const name of ['growth', 'activity'] as const) {
    await tab(t(`tabs.${name}`)).click();
    await page.getByRole('tabpanel', { name: t(`tabs.${name}`) }).waitFor();
    await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    expect(await overflowOf(page)).toBe(0);
  }
  await page.getByRole('tabpanel').getByText(`+${gil}`).first().waitFor();
  await tab(t('tabs.activity')).press('Home');
  await page.getByRole('button', { name: t('members.tag') }).click();
  await page.getByRole('dialog').getByText(t('tagging.choices.everybody')).waitFor();
  expect(await overflowOf(page)).toBe(0);
}, 60_000);
