import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ApiClient } from '../../testing/house/api-client.ts';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { grant, PHONE, Visit } from './visit.ts';

/** Slow enough that what is queued can be stopped. */
const GAP_MS = 2_500;
const TEXTS = ['One', 'Two', 'Three', 'Four', 'Five'];
const REASON = 'Spam was reported by three customers';

let visit: Visit;
let url: string;
let number: LinkedNumber;
let customer: string;
let omar: ApiClient;
/** Two people, each in a browser of their own. */
let owner: Page;
let operator: Page;

beforeAll(async () => {
  visit = await Visit.start({ OUTBOX_MIN_GAP_MS: String(GAP_MS), OPERATOR_EMAIL: 'support@wasel.example' });
  ({ url } = visit);
  number = await visit.house.link(await visit.house.register(0, 'Acme Clinic'), 'Front desk');
  customer = await visit.house.phones.createPhone({ name: 'Noa' });
  await visit.house.phones.send(customer, { to: number.phone, text: 'Are you open?' });
  await number.api.waitForText(number.session, 'Are you open?', ['received']);
  omar = await visit.house.register(0, 'The operator');
  owner = await visit.open({ as: number.api });
  operator = await visit.open({ as: omar, size: PHONE });
}, 180_000);
afterAll(() => visit.close());

const onPhone = async () =>
  (await visit.house.phones.messages(customer, number.phone))
    .filter(({ direction }) => direction === 'in')
    .map(({ text }) => text);
const decide = async (action: string, reason: string) => {
  await operator.getByRole('button', { name: action }).click();
  const dialog = operator.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  return () => dialog.getByRole('button', { name: action }).click();
};

describe('who runs the installation', () => {
  it('is somebody only after it was said at the server', async () => {
    await operator.goto(`${url}/operator`);
    await operator.getByText('Only for those who run this installation').waitFor();
    expect(await grant(visit.house.databaseUrl, omar.email)).toContain(`${omar.email} is a super_admin now`);
    await operator.goto(`${url}/overview`);
    await operator.getByRole('button', { name: 'More' }).click();
    await operator.getByRole('link', { name: 'Run Wasel' }).click();
    await operator.getByRole('heading', { name: 'Organizations' }).waitFor();
    await owner.goto(`${url}/overview`);
    await owner.getByRole('link', { name: 'Settings' }).waitFor();
    expect(await owner.getByRole('link', { name: 'Run Wasel' }).count()).toBe(0);
  }, 90_000);

  it('finds an organization by its owner', async () => {
    await operator.getByLabel('Search by name').fill(number.api.email.slice(0, 12));
    await operator.getByText('The operator', { exact: true }).waitFor({ state: 'detached' });
    await operator.getByRole('link', { name: 'Acme Clinic' }).click();
    await operator.getByRole('heading', { name: 'Acme Clinic' }).waitFor();
    expect(await operator.getByText(number.api.email).count()).toBeGreaterThan(0);
  }, 60_000);

  it('stops it while it sends: its people are told at once, and what is queued waits and says why', async () => {
    const { items } = (await number.api.call('GET', '/conversations')) as { items: { id: string }[] };
    await owner.goto(`${url}/inbox?conversation=${items[0]?.id ?? ''}`);
    await owner.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    const confirm = await decide('Suspend', REASON);
    for (const text of TEXTS) await number.api.send(number.session, `+${customer}`, text);
    await until('the first to arrive', async () => (await onPhone()).length > 0);
    await confirm();

    await owner.getByRole('alert').getByText(REASON).waitFor();
    await owner.getByRole('link', { name: 'Ask support@wasel.example' }).waitFor();
    await owner.getByText('so nothing can be sent').waitFor();
    await owner.getByText('The organization is suspended: leaves when it goes on').first().waitFor();
    const send = { type: 'text', session_id: number.session, to: `+${customer}`, text: 'Not this one' };
    await expect(number.api.call('POST', '/messages/send', send)).rejects.toThrow('organization_suspended');
    await visit.house.phones.send(customer, { to: number.phone, text: 'Hello?' });
    await owner.getByRole('article').getByText('Hello?').waitFor();
    await operator.getByRole('status').getByText(REASON).waitFor();
    expect((await onPhone()).length).toBeLessThan(TEXTS.length);
  }, 90_000);

  it('lets it go on: what waited arrives, each message once and in its order', async () => {
    await (
      await decide('Let it go on', 'They stopped')
    )();
    await owner.getByRole('alert').getByText(REASON).waitFor({ state: 'detached' });
    await owner.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await until('all to arrive', async () => (await onPhone()).length >= TEXTS.length, { timeoutMs: 60_000 });
    expect(await onPhone()).toEqual(TEXTS);
  }, 90_000);

  it('reads messages for a reason only, and its people read that he did, in their language', async () => {
    await operator.getByRole('button', { name: 'Read messages' }).click();
    const dialog = operator.getByRole('dialog');
    expect(await dialog.getByText('Are you open?').count()).toBe(0);
    await dialog.getByLabel('Reason').fill('Ticket 4711');
    await dialog.getByRole('button', { name: 'Write it down and read' }).click();
    await dialog.getByText('Are you open?').waitFor();
    await operator.keyboard.press('Escape');

    for (const [language, words] of [
      ['en', 'who runs this installation, read the messages of a conversation'],
      ['he', 'מטעם מפעילי המערכת'],
      ['ar', 'الذي يدير هذا النظام، رسائل محادثة'],
    ] as const) {
      await visit.prefer(owner, { language });
      await owner.goto(`${url}/activity?about=conversation`);
      await owner.getByRole('listitem').filter({ hasText: words }).first().waitFor();
    }
    await owner.getByRole('listitem').filter({ hasText: omar.email }).getByRole('button').first().click();
    await owner.getByText('Ticket 4711').waitFor();
  }, 90_000);

  it('sees how the whole is', async () => {
    await operator.getByRole('link', { name: 'Health' }).click();
    await operator.getByText('Everything is well.').waitFor();
    expect(await operator.getByRole('heading', { level: 2 }).allTextContents()).toContain('Queues');
  }, 60_000);
});
