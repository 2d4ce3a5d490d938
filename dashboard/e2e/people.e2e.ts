import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { createOrganization, PHONE, Visit } from './visit.ts';

const colleague = `${randomUUID()}@example.com`;

let visit: Visit;
let url: string;
/** Two people, each in a browser of their own. */
let owner: Page;
let guest: Page;
let link: string;

beforeAll(async () => {
  visit = await Visit.start();
  ({ url } = visit);
  owner = await visit.open({ as: await visit.house.register(0, 'Acme Clinic') });
  guest = await visit.open({ size: PHONE });
}, 120_000);
afterAll(() => visit.close());

/** Has the owner make a link for somebody, and leaves the dialog open that shows it. */
async function invite(email: string, role?: string): Promise<string> {
  await owner.getByRole('button', { name: 'Invite' }).click();
  await owner.getByLabel('E-mail').fill(email);
  if (role) await owner.getByLabel('Role', { exact: true }).selectOption(role);
  await owner.getByRole('button', { name: 'Make a link' }).click();
  return owner.getByLabel('Link', { exact: true }).inputValue();
}
const member = (page: Page, email: string) => page.getByRole('listitem').filter({ hasText: email });

describe('a colleague', () => {
  it('is invited from the settings, by a link that is shown once', async () => {
    await owner.goto(`${url}/settings`);
    await owner.getByRole('link', { name: 'Manage members' }).click();
    await owner.getByText('Nobody is invited').waitFor();
    link = await invite(colleague, 'Agent');
    expect(link).toMatch(/\/join#wsi_/);
    await owner.getByRole('button', { name: 'Done' }).click();
    await owner.getByText(colleague).waitFor();
    expect(await owner.getByText(link).count()).toBe(0);
  }, 60_000);

  it('reads who asks, signs up on the spot, and joins', async () => {
    await guest.goto(link);
    await guest.getByRole('heading', { name: 'Join Acme Clinic' }).waitFor();
    await guest.getByText('to Acme Clinic as Agent').waitFor();
    expect(await guest.getByLabel('E-mail').inputValue()).toBe(colleague);
    await guest.getByLabel('Your name').fill('Karim');
    await guest.getByLabel('Password').fill('a long enough password');
    await guest.getByRole('button', { name: 'Create account' }).click();
    await guest.getByRole('button', { name: 'Accept and join' }).click();
    await guest.waitForURL(`${url}/overview`);
    await guest.getByRole('heading', { name: /Karim/ }).waitFor();
  }, 60_000);

  it('sees the others, and no button that his role may not use', async () => {
    await guest.goto(`${url}/settings`);
    await guest.getByRole('link', { name: 'Manage members' }).waitFor();
    expect(await guest.getByRole('link', { name: 'Manage keys' }).count()).toBe(0);
    await guest.getByRole('link', { name: 'Manage members' }).click();
    await member(guest, colleague).getByText('Agent').waitFor();
    expect(await guest.getByRole('main').getByRole('combobox').count()).toBe(0);
    expect(await guest.getByRole('main').getByRole('button').allTextContents()).toEqual(['Leave']);
    await guest.goto(`${url}/settings/api-keys`);
    await guest.getByText('Keys are for owners and admins').waitFor();
  }, 60_000);

  it('becomes an admin, and has the buttons of one', async () => {
    await owner.reload();
    const saved = owner.waitForResponse((response) => response.request().method() === 'PATCH');
    await member(owner, colleague).getByRole('combobox', { name: 'Role of Karim' }).selectOption('Admin');
    expect((await saved).status()).toBe(200);
    await guest.goto(`${url}/settings/members`);
    await guest.getByRole('button', { name: 'Invite' }).waitFor();
    const own = guest.getByRole('combobox', { name: 'Role of Karim' });
    await own.waitFor();
    expect(await own.locator('option').allTextContents()).toEqual(['Admin', 'Agent', 'Viewer']);
  }, 60_000);

  it('is told what to do by a link that is used up, and by one that is cut off', async () => {
    await guest.goto(link);
    await guest.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
    await guest.goto(`${url}/join`);
    await guest.getByRole('heading', { name: 'This link is not complete' }).waitFor();
    expect(await guest.getByRole('button', { name: 'Accept and join' }).count()).toBe(0);
  }, 30_000);

  it('does not get in by the link of somebody else, nor by one that was taken back', async () => {
    const other = `${randomUUID()}@example.com`;
    const another = await invite(other);
    await owner.keyboard.press('Escape');
    await guest.goto(another);
    await guest.getByRole('heading', { name: 'This invitation is for somebody else' }).waitFor();
    expect(await guest.getByRole('button', { name: 'Accept and join' }).count()).toBe(0);
    await owner.getByRole('button', { name: `Take back the invitation of ${other}` }).click();
    await owner.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
    await owner.getByText('Nobody is invited').waitFor();
    await guest.reload();
    await guest.getByRole('heading', { name: 'This invitation does not work any more' }).waitFor();
  }, 60_000);

  it('cannot leave the organization without an owner, and is removed by who may', async () => {
    await owner.getByRole('button', { name: 'Leave' }).click();
    await owner.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
    await owner.getByRole('alertdialog').getByText('Make another member an owner first').waitFor();
    await owner.keyboard.press('Escape');
    await owner.getByRole('button', { name: 'Remove Karim' }).click();
    await owner.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await member(owner, colleague).waitFor({ state: 'detached' });
    await guest.goto(`${url}/overview`);
    await guest.getByRole('heading', { name: 'Create your organization' }).waitFor();
    expect(await guest.getByText('Acme Clinic').count()).toBe(0);
  }, 60_000);

  it('who has another organization comes to the one that he joined, and back by the settings', async () => {
    await createOrganization(guest, 'Own Shop');
    await guest.getByRole('heading', { name: /Karim/ }).waitFor();
    await guest.goto(await invite(colleague));
    await guest.getByRole('button', { name: 'Accept and join' }).click();
    await guest.waitForURL(`${url}/overview`);
    await guest.goto(`${url}/settings`);
    const organization = guest.getByLabel('Work in');
    expect(await organization.locator('option:checked').textContent()).toBe('Acme Clinic');
    await organization.selectOption('Own Shop');
    await guest.waitForURL(`${url}/overview`);
    await guest.goto(`${url}/settings/members`);
    const role = guest.getByRole('combobox', { name: 'Role of Karim' });
    await role.waitFor();
    expect(await role.locator('option:checked').textContent()).toBe('Owner');
  }, 60_000);
});

describe('a key', () => {
  const asks = (key: string, path: string): Promise<number> =>
    fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
  let key: string;

  it('is not made before it was said what it may do', async () => {
    await owner.goto(`${url}/settings`);
    await owner.getByRole('link', { name: 'Manage keys' }).click();
    await owner.getByRole('button', { name: 'Create a key' }).click();
    await owner.getByLabel('Name', { exact: true }).fill('Nightly report');
    await owner.getByRole('dialog').getByRole('button', { name: 'Create a key' }).click();
    await owner.getByRole('alert').filter({ hasText: 'Choose what the key may do.' }).waitFor();
    expect(await owner.getByLabel('Name', { exact: true }).inputValue()).toBe('Nightly report');
  }, 30_000);

  it('is shown once, and does what it may and nothing else', async () => {
    await owner.getByRole('checkbox', { name: 'Read messages' }).focus();
    await owner.keyboard.press('Space');
    await owner.getByRole('dialog').getByRole('button', { name: 'Create a key' }).click();
    key = await owner.getByLabel('Key', { exact: true }).inputValue();
    expect(key).toMatch(/^wsl_/);
    await owner.getByRole('button', { name: 'Done' }).click();
    await owner.getByRole('heading', { name: 'Nightly report' }).waitFor();
    await owner.getByText('Not used yet').waitFor();
    expect([await asks(key, '/messages'), await asks(key, '/members')]).toEqual([200, 403]);
    await owner.reload();
    await owner.getByText('Last used').waitFor();
    expect(await owner.getByLabel('Key', { exact: true }).count()).toBe(0);
  }, 60_000);

  it('is refused from the moment it is revoked', async () => {
    await owner.getByRole('button', { name: 'Revoke Nightly report' }).click();
    await owner.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await owner.getByText('No key yet').waitFor();
    expect(await asks(key, '/messages')).toBe(401);
  }, 30_000);
});
