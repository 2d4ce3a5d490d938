import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../testing/house/api-client.ts';
import { PHONE, Visit } from './visit.ts';

let visit: Visit;
let url: string;
let person: ApiClient;

beforeAll(async () => {
  visit = await Visit.start();
  ({ url } = visit);
  person = await visit.house.register(0, 'Acme Clinic');
}, 120_000);
afterAll(() => visit.close());

/** The newest mail on the page of the mailbox. */
const newest = (page: Page) => page.getByRole('main').getByRole('listitem').first();

describe('somebody who forgot the password', () => {
  it('asks, reads the mailbox of the sandbox, chooses another, and signs in', async () => {
    const elsewhere = await visit.open({ as: person });
    await elsewhere.goto(`${url}/overview`);
    await elsewhere.getByRole('link', { name: 'Open the mailbox' }).waitFor();

    const page = await visit.open();
    await page.goto(`${url}/sign-in`);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText(`If there is an account for ${person.email}`).waitFor();
    await page.getByRole('link', { name: 'Open the mailbox of the sandbox' }).click();
    await newest(page).getByText(person.email).waitFor();
    const link = await newest(page).getByRole('link').getAttribute('href');
    await newest(page).getByRole('link').click();
    await page.getByLabel('New password').fill('a whole new password');
    await page.getByRole('button', { name: 'Save the password' }).click();
    await page.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password', { exact: true }).fill('a whole new password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/overview`);

    // The link is used up, and the other browser is signed out.
    const late = await visit.open();
    await late.goto(link ?? '');
    await late.getByLabel('New password').fill('one more password');
    await late.getByRole('button', { name: 'Save the password' }).click();
    await late.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
    await elsewhere.goto(`${url}/overview`);
    await elsewhere.waitForURL(`${url}/sign-in`);
    expect(link).toMatch(/\/reset-password#\w+$/);
  }, 90_000);

  it('does it in Hebrew, from right to left, on a phone', async () => {
    const page = await visit.open({ size: PHONE });
    await visit.prefer(page, { language: 'he' });
    await page.goto(`${url}/forgot-password`);
    await page.locator('[name=email]').fill(person.email);
    await page.getByRole('button', { name: 'שליחת הקישור' }).click();
    await page.getByRole('link', { name: 'פתיחת תיבת הדואר של סביבת ההדגמה' }).click();
    const subject = newest(page).getByRole('heading', { name: 'בחירת סיסמה חדשה ל-Wasel' });
    await subject.waitFor();
    expect(await page.evaluate(`getComputedStyle(document.querySelector('main li h2')).direction`)).toBe('rtl');
    await newest(page).getByRole('link').click();
    await page.getByLabel('סיסמה חדשה').fill('yet another password');
    await page.getByRole('button', { name: 'שמירת הסיסמה' }).click();
    await page.getByRole('heading', { name: 'הסיסמה שונתה' }).waitFor();
    await page.getByRole('link', { name: 'חזרה לכניסה' }).click();
    await page.locator('[name=email]').fill(person.email);
    await page.locator('[name=password]').fill('yet another password');
    await page.getByRole('button', { name: 'כניסה' }).click();
    await page.waitForURL(`${url}/overview`);
  }, 90_000);
});
