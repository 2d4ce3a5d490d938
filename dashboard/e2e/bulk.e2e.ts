import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

const PEOPLE = 40;
const SOME = 10;
/** Slow enough for somebody to step in. */
const GAP_MS = 100;

const t = wordsOf('ar', 'bulk');
const textOf = (n: number): string => `مرحباً ${n}، موعدك غداً`;

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let people: string[];

beforeAll(async () => {
  visit = await Visit.start({ OUTBOX_MIN_GAP_MS: String(GAP_MS) });
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  people = await Promise.all(Array.from({ length: PEOPLE }, () => visit.house.phones.createPhone()));
  page = await visit.open({ as: number.api });
  await visit.prefer(page, { language: 'ar' });
}, 180_000);
afterAll(() => visit.close());

const button = (key: string, values?: Record<string, number>) =>
  page.getByRole('button', { name: t(key, values), exact: true });
const question = () => page.getByRole('alertdialog');
/** Everything that a person has got of the number. */
const got = async (phone: string) => (await visit.house.phones.messages(phone, number.phone)).map(({ text }) => text);
const reached = async () => (await Promise.all(people.map(got))).filter((texts) => texts.length > 0).length;
const says = (text: string) => page.getByText(text, { exact: false }).first().waitFor();

async function upload(name: string, lines: readonly string[]): Promise<void> {
  await page.goto(`${visit.url}/bulk`);
  const chooser = page.waitForEvent('filechooser');
  await button('upload.choose').click();
  await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
  await page.getByRole('heading', { name }).waitFor();
}

it('shows the rows of a file, and says of each that is left out why', async () => {
  const rows = people.map((phone, n) => `+${phone},"${textOf(n)}"`);
  await upload('قائمة.csv', ['phone,text', ...rows, `+${people[0]},again`, 'nobody,Hello', '+972501234567,']);
  await says(t('preview', { count: PEOPLE + 3 }));
  await button('check').click();
  await says(t('found', { count: PEOPLE }));
  await says(t('rowFaults.duplicate', { line: PEOPLE + 2, detail: '2' }));
  await says(t('rowFaults.phone_invalid', { line: PEOPLE + 3, detail: 'nobody' }));
  await says(t('rowFaults.text_missing', { line: PEOPLE + 4 }));
  const saving = page.waitForEvent('download');
  await button('saveBadRows').click();
  const left = (await readFile(await (await saving).path(), 'utf8')).trim().split(/\r?\n/);
  expect(left).toHaveLength(4);
  expect(await reached()).toBe(0);
}, 60_000);

it('is stopped half-way, and goes on where it was', async () => {
  await button('launch', { count: PEOPLE }).click();
  await question()
    .getByRole('button', { name: t('launch', { count: PEOPLE }) })
    .click();
  await until('some of them to have it', async () => (await reached()) >= SOME);
  await button('pause').click();
  await says(t('states.paused'));
  const before = await reached();
  expect(before).toBeLessThan(PEOPLE);
  // What leaves later by the same number is there: the others wait by themselves, and not for their turn.
  const other = await visit.house.phones.createPhone();
  await number.api.send(number.session, `+${other}`, 'An answer');
  await until('an answer to another', async () => (await got(other)).includes('An answer'));
  expect((await reached()) - before).toBeLessThanOrEqual(1); // one was on its way
  await page.reload();
  await button('resume').click();
  await says(t('states.completed'));
  await until('everybody to have it', async () => (await reached()) === PEOPLE);
  expect(await Promise.all(people.map(got))).toEqual(people.map((_, n) => [textOf(n)]));
}, 90_000);

it('is reported in full', async () => {
  const saving = page.waitForEvent('download');
  await button('report').click();
  const lines = (await readFile(await (await saving).path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines).toHaveLength(PEOPLE + 1);
  await page.goto(`${visit.url}/bulk`);
  await page.getByRole('link', { name: 'قائمة.csv' }).waitFor();
}, 30_000);

it('waits for its time, and can be taken back until then', async () => {
  await page.setViewportSize(PHONE);
  await upload('later.csv', ['phone,text', ...people.map((phone) => `+${phone},Tomorrow`)]);
  await button('check').click();
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 16);
  await page.getByLabel(t('when')).fill(tomorrow);
  expect(await overflowOf(page)).toBe(0);
  await button('launch', { count: PEOPLE }).click();
  await question()
    .getByRole('button', { name: t('launch', { count: PEOPLE }) })
    .click();
  await says(t('counts.pending'));
  expect(await overflowOf(page)).toBe(0);
  await button('cancel').click();
  await question()
    .getByRole('button', { name: t('cancel') })
    .click();
  await says(t('counts.cancelled'));
  await says(t('states.cancelled'));
  expect((await Promise.all(people.map(got))).flat()).toHaveLength(PEOPLE);
}, 60_000);
