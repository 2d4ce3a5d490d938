import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../testing/house/api-client.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';

let visit: Visit;
let url: string;
let page: Page;
let api: ApiClient;
let number: string;

beforeAll(async () => {
  visit = await Visit.start();
  ({ url } = visit);
  api = await visit.house.register(0, 'Acme');
  number = (await api.createSession('Sales')).session.id;
  page = await visit.open({ as: api });
}, 120_000);
afterAll(() => visit.close());

const entry = (text: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: text });
const entries = () => page.getByRole('main').getByRole('listitem');

describe('the activity', () => {
  it('says who renamed a number, from what to what, and on demand from where', async () => {
    await page.goto(`${url}/numbers/${number}`);
    await page.getByLabel('Name', { exact: true }).fill('Front desk');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Front desk' }).waitFor();
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Today' }).waitFor();
    const renamed = entry('Test Person changed the settings of Front desk');
    expect(await renamed.getByRole('definition').innerText()).toMatch(/^Sales\s+became\s+Front desk$/);
    expect(await renamed.getByText('IP address').count()).toBe(0);
    await renamed.getByRole('button', { name: 'Details' }).press('Enter');
    await renamed.getByText('127.0.0.1').waitFor();
    expect(await renamed.getByText(api.email).isVisible()).toBe(true);
  }, 60_000);

  it('is filtered by its address, which a colleague can open', async () => {
    await entry('created the organization Acme').waitFor();
    await page.getByLabel('What').selectOption({ label: 'Numbers' });
    await entry('created the organization Acme').waitFor({ state: 'detached' });
    await page.getByLabel('Who').selectOption({ label: 'Test Person' });
    await entry('The state of').first().waitFor({ state: 'detached' });
    await page.reload();
    await entry('changed the settings of Front desk').waitFor();
    expect(new URL(page.url()).searchParams.get('about')).toBe('session');
    await page.getByLabel('Who').locator('option:checked', { hasText: 'Test Person' }).waitFor({ state: 'attached' });
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('Nothing found').waitFor();
    await page.getByLabel('To', { exact: true }).fill('');
    await entry('changed the settings of Front desk').waitFor();
  }, 60_000);

  it('is exported as it is filtered, and tells that it was', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('activity.csv');
    const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
    expect(head).toMatch(/^time,actor_type,/);
    expect(lines.map((line) => line.split(',')[4])).toEqual(['session.updated', 'session.created']);
    expect(lines[0]).toContain('Front desk');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await entry('Test Person exported the activity').waitFor();
    expect(new URL(page.url()).search).toBe('');
  }, 60_000);

  it('goes on for as long as somebody scrolls', async () => {
    for (let n = 1; n <= 60; n += 1) await api.call('PATCH', `/sessions/${number}`, { name: `Desk ${n}` });
    await page.reload();
    await entry('Desk 60').first().waitFor();
    expect(await entries().count()).toBe(50);
    await page.getByRole('main').press('End');
    await entry('created the organization Acme').waitFor();
    expect(await entries().count()).toBeGreaterThan(60);
  }, 60_000);

  it('is not for an agent, whom the navigation does not lead there', async () => {
    const agent = await page.context().newPage();
    await agent.route('**/api/me', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('"role":"owner"', '"role":"agent"') });
    });
    await agent.goto(`${url}/activity`);
    await agent.getByText('Only owners and admins see the activity').waitFor();
    expect(await agent.getByRole('link', { name: 'Activity' }).count()).toBe(0);
    await agent.close();
  }, 60_000);

  it('reads from right to left on a phone', async () => {
    await visit.prefer(page, { language: 'he' });
    await page.setViewportSize(PHONE);
    await page.goto(`${url}/activity?about=organization`);
    await entry('הארגון Acme נוצר על ידי Test Person').waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  }, 60_000);
});
