import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Visit } from './visit.ts';

let visit: Visit;

beforeAll(async () => {
  visit = await Visit.start();
}, 120_000);
afterAll(() => visit.close());

describe('the help', () => {
  it('is read and searched without any script, in the language of its reader', async () => {
    const context = await visit.browser.newContext({ javaScriptEnabled: false, locale: 'he' });
    const page = await context.newPage();
    await page.goto(`${visit.url}/help`);
    await page.getByRole('searchbox').fill('פרוקסי סירב');
    await page.getByRole('button', { name: 'חיפוש' }).click();
    await page.getByRole('link', { name: /הפרוקסי סירב/ }).click();
    await page.getByRole('heading', { name: 'הפרוקסי סירב' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe('/help/troubleshooting#proxy-refused');
    expect(await page.title()).toBe('פתרון תקלות · Wasel');
    await context.close();
  }, 60_000);

  it('is printed without what only a screen needs', async () => {
    const page = await visit.open();
    await page.goto(`${visit.url}/help/numbers`);
    await page.emulateMedia({ media: 'print' });
    await page.getByRole('heading', { name: 'Link by QR code' }).waitFor();
    expect(await page.getByRole('search').count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);
  }, 30_000);

  it('is led to from the landing page, and by what it explains', async () => {
    const page = await visit.open();
    await page.goto(visit.url);
    await page.getByRole('contentinfo').getByRole('link', { name: 'Help' }).click();
    await page.getByRole('heading', { name: 'Help', exact: true }).waitFor();
    await page.goto(`${visit.url}/join#wsi_over`);
    const link = page.getByRole('link', { name: /What to do/ });
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('/help/troubleshooting#invitation-over');
    const answer = await page.request.get(`${visit.url}/help/no-such-article`);
    expect(answer.status()).toBe(404);
  }, 60_000);
});
