import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../testing/browser.ts';
import type { ApiClient } from '../../testing/house/api-client.ts';
import { House } from '../../testing/house/house.ts';

/** Sizes of what people look at. */
export const DESK = { width: 1360, height: 860 };
export const PHONE = { width: 390, height: 800 };

export type OpenOptions = {
  size?: { width: number; height: number };
  /** Who is signed in there already. */
  as?: ApiClient;
};

/** The whole product, and a browser to walk through it with. */
export class Visit {
  private constructor(
    readonly house: House,
    readonly browser: Browser,
  ) {}

  /** @param env further settings of the nodes */
  static async start(settings: Record<string, string> = {}): Promise<Visit> {
    const env = { OUTGOING_ALLOWED_NETWORKS: '127.0.0.0/8', ...settings }; // where the doubles of other people's servers are
    const [house, browser] = await Promise.all([House.start({ dashboard: true, env }), launchBrowser()]);
    return new Visit(house, browser);
  }

  /** Where the product is, without a slash at its end. */
  get url(): string {
    return this.house.urls[0] ?? '';
  }

  /** An empty page, in a context of its own: what others store or sign in to is not there. */
  async open({ size = DESK, as }: OpenOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: size, locale: 'en' });
    if (as) await context.addCookies(as.cookies);
    return context.newPage();
  }

  /** As if these had been chosen in the settings: they hold from the next time that an address is opened. */
  async prefer(page: Page, chosen: { language: string; theme?: string }): Promise<void> {
    const { url } = this;
    const cookies = Object.entries(chosen).map(([name, value]) => ({ name: `wasel-${name}`, value, url }));
    await page.context().addCookies(cookies);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.house.stop();
  }
}

/** Fills in the form of somebody who was not invited. */
export async function signUp(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(`${randomUUID()}@example.com`);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
}

/** Does what a newcomer is asked for next. */
export async function createOrganization(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Create your organization' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create organization' }).click();
}

/**
 * From the open dialog of a new number until it is connected, and the dialog closed.
 *
 * @param phone the name of a virtual phone, on whose page the QR code is scanned
 */
export async function linkNumber(page: Page, name: string, phone: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  const link = await page.getByRole('link', { name: 'Scan with a virtual phone' }).getAttribute('href');
  const phones = await page.context().newPage();
  await phones.goto(link ?? '');
  await phones.getByRole('button', { name: phone }).last().click();
  await page.getByText('Linked and connected.').waitFor();
  await phones.close();
  await page.keyboard.press('Escape');
}

/** By how many pixels the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Has somebody run the installation, as whoever runs its server does. @returns what the command says */
export async function grant(databaseUrl: string, email: string): Promise<string> {
  const root = join(import.meta.dirname, '../..');
  const args = [join(root, 'scripts/bootstrap.mjs'), 'admin', 'grant', email];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: databaseUrl, NODE_OPTIONS: '' },
  });
  return stdout;
}
