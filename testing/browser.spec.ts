import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

describe('launchBrowser', () => {
  it('renders a page and runs its scripts', async () => {
    const page = await browser.newPage();
    await page.setContent(`<button onclick="this.textContent = 'pressed'">press</button>`);
    await page.getByRole('button').click();
    expect(await page.getByRole('button').textContent()).toBe('pressed');
    await page.close();
  });

  it('draws what it renders', async () => {
    const page = await browser.newPage({ viewport: { width: 200, height: 100 } });
    await page.setContent('<body style="margin:0">');
    const blank = await page.screenshot();
    await page.setContent('<body style="margin:0">שלום Hello مرحبا');
    const written = await page.screenshot();
    expect(written.equals(blank)).toBe(false);
    await page.close();
  });
});
