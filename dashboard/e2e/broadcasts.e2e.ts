import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

const PEOPLE = 24;
const SOME = 5;
/** Slow enough for somebody to step in. */
const GAP_MS = 150;

const t = wordsOf('he', 'broadcasts');
/** Of the names that stand in texts with tags. */
const NAME = 'שעות פתיחה';

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let [owner, leaver]: string[] = [];
let people: string[];
let group: string;

beforeAll(async () => {
  visit = await Visit.start({ OUTBOX_MIN_GAP_MS: String(GAP_MS) });
  const { house } = visit;
  number = await house.link(await house.register(0, 'Acme'), 'Front desk');
  [owner, leaver] = await Promise.all(['נועה', 'Gil'].map((name) => house.phones.createPhone({ name })));
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => house.phones.createPhone({ name: `אדם ${n}` })));
  ({ id: group } = await house.phones.call<{ id: string }>('POST', '/groups', {
    owner,
    subject: 'הורי ב2',
    participants: [number.phone, leaver, ...people],
  }));
  page = await visit.open({ as: number.api });
  await visit.prefer(page, { language: 'he' });
}, 180_000);
afterAll(() => visit.close());

const button = (key: string, values?: Record<string, string>) =>
  page.getByRole('button', { name: t(key, values), exact: true });
const question = () => page.getByRole('alertdialog');
const says = (text: string) => page.getByText(text, { exact: false }).first().waitFor();
/** Everything that a person has got of the number. */
const got = async (phone: string) => (await visit.house.phones.messages(phone, number.phone)).map(({ text }) => text);
const everybody = () => [owner ?? '', ...people];
const reached = async () => (await Promise.all(everybody().map(got))).filter((texts) => texts.length > 0).length;
const figure = (name: string) =>
  page
    .locator('dl > div', { hasText: t(`figures.${name}`) })
    .locator('dd')
    .first();
const counted = (name: string, count: number) =>
  until(`${count} ${name}`, async () => (await figure(name).textContent()) === String(count));
const launches = async () =>
  ((await number.api.call('GET', '/broadcasts')) as { items: { name: string; total: number }[] }).items;

async function launch(count: number): Promise<void> {
  await button('launch.now', { count: String(count) }).click();
  await question()
    .getByRole('button', { name: t('launch.now', { count: String(count) }) })
    .click();
}

it('says what to do while there is none', async () => {
  await page.goto(`${visit.url}/broadcasts`);
  await says(t('empty.title'));
  expect(await page.getByRole('link', { name: t('new') }).count()).toBe(1);
}, 60_000);

it('begins with the people of a group, and is kept while it is written', async () => {
  await page.goto(`${visit.url}/groups`);
  await page.getByRole('link', { name: 'הורי ב2' }).click();
  await page.getByRole('link', { name: t('toGroup'), exact: true }).click();
  await button('audience.remove', { name: 'הורי ב2' }).waitFor();
  await button('steps.next').click();
  const text = page.getByRole('textbox', { name: t('content.text') });
  await text.fill('שלום');
  await text.selectText();
  await button('content.offer').click();
  await text.press('End');
  await text.pressSequentially(' ');
  await button('content.insert', { name: 'first_name' }).click();
  expect(await text.inputValue()).toBe('{שלום|היי} {{first_name}}');
  await says(t('content.samples.first_name'));
  await page.reload();
  expect(await text.inputValue()).toBe('{שלום|היי} {{first_name}}');
  await page.getByRole('textbox', { name: '{{first_name}}' }).fill('שכנים');
}, 60_000);

it('is launched with the number that was confirmed, and once however often it is tried', async () => {
  const total = PEOPLE + 1;
  await button('steps.next').click();
  await says(t('preview.recipients', { count: total + 1 }));
  await says(t('exclusions.own_number'));
  await visit.house.phones.call('POST', `/groups/${group}/participants`, {
    by: owner,
    action: 'remove',
    phones: [leaver],
  });
  await until('one to be gone', async () => {
    const { size } = (await number.api.call('GET', `/groups/${group}`)) as { size: number };
    return size === total + 1;
  });
  await page.getByRole('textbox', { name: t('launch.name') }).fill(NAME);
  await launch(total + 1);
  await says(t('faults.broadcast_changed'));
  await says(t('preview.recipients', { count: total }));
  await page.route(
    '**/api/broadcasts',
    async (route) => {
      await route.fetch();
      await route.abort(); // its answer is lost on the way back
    },
    { times: 1 },
  );
  await launch(total);
  await question().getByText(t('failed')).waitFor();
  await question()
    .getByRole('button', { name: t('launch.now', { count: String(total) }) })
    .click();
  await page.getByRole('heading', { name: NAME }).waitFor();
  expect(await launches()).toEqual([expect.objectContaining({ name: NAME, total })]);
}, 60_000);

it('is followed live, held back and let go on; each gets it once', async () => {
  await until('some of them to have it', async () => (await reached()) >= SOME);
  await button('pause').click();
  await button('resume').waitFor();
  await says(t('states.paused'));
  const before = await reached();
  expect(before).toBeLessThan(PEOPLE + 1);
  // What leaves later by the same number is there: the others wait by themselves, and not for their turn.
  const other = await visit.house.phones.createPhone();
  await number.api.send(number.session, `+${other}`, 'An answer');
  await until('an answer to another', async () => (await got(other)).includes('An answer'));
  expect((await reached()) - before).toBeLessThanOrEqual(1); // one was on its way
  await button('resume').click();
  await says(t('states.completed'));
  await until('everybody to have it', async () => (await reached()) === PEOPLE + 1);
  await counted('delivered', PEOPLE + 1);
  for (const texts of await Promise.all(everybody().map(got))) {
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^(שלום|היי) \S+$/);
  }
  expect(await got(leaver ?? '')).toEqual([]);
}, 120_000);

it('counts who answers', async () => {
  await counted('replied', 0);
  await visit.house.phones.send(people[0] ?? '', { to: number.phone, text: 'תודה' });
  await counted('replied', 1);
  await page.getByLabel(t('recipients.state')).selectOption({ label: t('statuses.replied') });
  const rows = page.getByRole('table', { name: t('recipients.title') }).locator('tbody tr[data-index]');
  await until('the one who answered alone', async () => (await rows.count()) === 1);
  expect(await rows.textContent()).toContain(`+${people[0]}`);
}, 60_000);

it('is taken out as a file, as it is shown and as a whole', async () => {
  const save = async (): Promise<string[]> => {
    const saving = page.waitForEvent('download');
    await button('export').click();
    return (await readFile(await (await saving).path(), 'utf8')).trim().split(/\r?\n/);
  };
  const [, ...replied] = await save();
  expect(replied).toHaveLength(1);
  expect(replied[0]).toContain(`+${people[0]}`);
  await page.getByLabel(t('recipients.state')).selectOption('');
  const [, ...all] = await save();
  expect(all).toHaveLength(PEOPLE + 3); // with the own number, and who left
  for (const phone of everybody()) expect(all.filter((line) => line.includes(`+${phone}`))).toHaveLength(1);
}, 60_000);

it('is looked at on a phone, and found among all', async () => {
  await page.setViewportSize(PHONE);
  expect(await overflowOf(page)).toBe(0);
  await page.goto(`${visit.url}/broadcasts`);
  await page.getByRole('link', { name: NAME }).waitFor();
  expect(await overflowOf(page)).toBe(0);
  await page.getByRole('link', { name: t('new') }).click();
  expect(await button('steps.next').isDisabled()).toBe(true); // what was launched is no draft any more
  await page.locator('summary', { hasText: t('audience.everybody.text') }).click();
  await page.getByLabel(t('audience.everybody.choose')).check();
  await button('steps.next').click();
  await page.getByRole('textbox', { name: t('content.text') }).fill('{שלום|}');
  await says(t('content.spintax.may_be_blank'));
  expect(await button('steps.next').isDisabled()).toBe(true);
  expect(await overflowOf(page)).toBe(0);
  await page.getByRole('textbox', { name: t('content.text') }).fill('שלום');
  await button('steps.next').click();
  await button('launch.now', { count: String(PEOPLE + 2) }).waitFor();
  expect(await overflowOf(page)).toBe(0);
}, 60_000);
