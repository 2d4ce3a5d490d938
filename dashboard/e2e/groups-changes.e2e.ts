import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { overflowOf, PHONE, Visit } from './visit.ts';
import { wordsOf } from './words.ts';

/** A group as its phones see it. */
type Seen = Readonly<{
  id: string;
  subject: string;
  description: { text: string } | null;
  announcement: boolean;
  approval: boolean;
  picture: string | null;
  inviteCode: string;
  participants: readonly { phone: string; role: string }[];
  requests: readonly { phone: string }[];
}>;

const PATIENT = { timeoutMs: 30_000 };
/** It is waited 20 seconds for an answer, and up to 32 between two tries. */
const SLOW = { timeout: 60_000 };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let visit: Visit;
let number: LinkedNumber;
let page: Page;
let [noa, omar, gil, shy]: string[] = [];
let group: string;

const g = wordsOf('he', 'groups');
const t = wordsOf('he', 'groups.changes');

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'קבלה');
  [noa, omar, gil, shy] = await Promise.all(
    ['Noa', 'Omar', 'Gil', 'Shy'].map((name) => visit.house.phones.createPhone({ name })),
  );
  await visit.house.phones.call('PATCH', `/phones/${shy}`, { groupsByInvitationOnly: true });
  page = await visit.open({ as: number.api });
  await visit.prefer(page, { language: 'he' });
}, 180_000);
afterAll(() => visit.close());

const dialog = () => page.getByRole('dialog');
const asked = () => page.getByRole('alertdialog');
const button = (name: string, within: Pick<Page, 'getByRole'> = page) =>
  within.getByRole('button', { name, exact: true });
const tab = (name: string) => page.getByRole('tab', { name });
const member = (phone: string | undefined) => page.getByRole('row').filter({ hasText: `+${phone}` });
const seen = () => visit.house.phones.call<Seen>('GET', `/groups/${group}`);
const phonesSee = (what: string, is: (group: Seen) => boolean) => until(what, async () => is(await seen()), PATIENT);
const roleOf = ({ participants }: Seen, phone: string | undefined) =>
  participants.find((one) => one.phone === phone)?.role;
const closeDialog = async () => {
  await button(t('close'), dialog()).first().click();
  await dialog().waitFor({ state: 'detached' });
};

it('are made with people, each with what became of him', async () => {
  await page.goto(`${visit.url}/groups`);
  await button(t('create.new')).click();
  await dialog().getByLabel(t('subject')).fill('הורי ב2');
  await dialog().getByLabel(t('people.numbers')).fill(`+${noa}, נועה\n+${shy}`);
  await dialog()
    .getByText(t('people.wrong', { count: 1 }))
    .waitFor();
  expect(await button(t('create.submit'), dialog()).isDisabled()).toBe(true);
  await dialog().getByLabel(t('people.numbers')).fill(`+${noa}\n+${shy}`);
  await dialog()
    .getByText(t('people.count', { count: 2 }))
    .waitFor();
  await button(t('create.submit'), dialog()).click();
  await dialog().getByText(t('create.done')).waitFor();
  await dialog()
    .getByText(t('statuses.done.title', { count: 1 }))
    .waitFor();
  await dialog()
    .getByText(t('statuses.invited.title', { count: 1 }))
    .waitFor();
  await dialog()
    .getByRole('link', { name: t('create.open') })
    .click();
  await page.getByRole('heading', { name: 'הורי ב2' }).waitFor();
  group = `${new URL(page.url()).pathname.split('/').at(-1)}@g.us`;
  const now = await seen();
  expect(now.subject).toBe('הורי ב2');
  expect(now.approval).toBe(false);
  expect(roleOf(now, number.phone)).toBe('superadmin');
  expect(roleOf(now, noa)).toBe('member');
}, 90_000);

it('have people added, promoted and removed, who is named before', async () => {
  await button(t('add.open')).click();
  await dialog().getByLabel(t('people.numbers')).fill(`+${omar}\n+${noa}`);
  await button(t('add.submit', { count: 2 }), dialog()).click();
  await dialog()
    .getByText(t('statuses.done.title', { count: 1 }))
    .waitFor();
  await dialog()
    .getByText(t('statuses.already.title', { count: 1 }))
    .waitFor();
  await closeDialog();
  await member(omar).getByRole('checkbox').check();
  await button(t('promote.open')).click();
  await dialog().getByText(`+${omar}`).waitFor();
  await dialog().getByText('קבלה').waitFor();
  await button(t('promote.submit', { count: 1 }), dialog()).click();
  await dialog()
    .getByText(t('statuses.done.title', { count: 1 }))
    .waitFor();
  await closeDialog();
  await phonesSee('Omar to be an admin', (now) => roleOf(now, omar) === 'admin');
  await member(omar).getByText(g('roles.admin')).waitFor();
  await member(noa).getByRole('checkbox').check();
  await button(t('remove.open')).click();
  await button(t('remove.submit', { count: 1 }), dialog()).click();
  await dialog()
    .getByText(t('statuses.done.title', { count: 1 }))
    .waitFor();
  await closeDialog();
  await member(noa).waitFor({ state: 'detached' });
  expect(roleOf(await seen(), noa)).toBeUndefined();
}, 90_000);

it('are renamed, described, given a picture, and kept for admins', async () => {
  await tab(g('tabs.settings')).click();
  await page.getByRole('textbox', { name: t('subject') }).fill('הורי ג2');
  await button(t('settings.saveSubject')).click();
  await page.getByRole('heading', { name: 'הורי ג2' }).waitFor();
  await page.getByRole('textbox', { name: t('description') }).fill('מה שצריך לדעת');
  await button(t('settings.saveDescription')).click();
  await phonesSee('the description', ({ description }) => description?.text === 'מה שצריך לדעת');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') });
  await page.getByText(t('picture.done')).waitFor();
  for (const name of ['announcement', 'join_approval'] as const) {
    const choice = page.getByRole('switch', { name: t(`settings.${name}.label`) });
    await choice.check();
    await until('the switch to be free again', () => choice.isEnabled(), PATIENT);
    expect(await choice.isChecked()).toBe(true);
  }
  await phonesSee('the settings', ({ announcement, approval }) => announcement && approval);
  const now = await seen();
  expect(now.subject).toBe('הורי ג2');
  expect(now.picture).not.toBeNull();
}, 90_000);

it('say that it goes on while WhatsApp asks for patience, and show what came of it', async () => {
  await visit.house.phones.call('POST', '/faults', { target: number.phone, kind: 'group-change-rate-limit' });
  await page.getByRole('textbox', { name: t('subject') }).fill('הורי ד2');
  await button(t('settings.saveSubject')).click();
  await page.getByText(t('goingOn')).waitFor(SLOW);
  expect((await seen()).subject).toBe('הורי ג2');
  await visit.house.phones.call('DELETE', '/faults');
  await page.getByRole('heading', { name: 'הורי ד2' }).waitFor(SLOW);
  await page.getByText(t('goingOn')).waitFor({ state: 'detached' });
  expect((await seen()).subject).toBe('הורי ד2');
}, 150_000);

it('have a link with a QR code that can be reset', async () => {
  const { inviteCode } = await seen();
  await button(t('link.show')).click();
  const field = page.getByLabel(t('link.label'), { exact: true });
  await field.waitFor();
  expect(await field.inputValue()).toContain(inviteCode);
  await page.getByRole('img', { name: t('link.qr') }).waitFor();
  await button(t('link.reset')).click();
  await button(t('link.reset'), asked()).click();
  await page.getByText(t('link.done')).waitFor();
  const { inviteCode: next } = await seen();
  expect(next).not.toBe(inviteCode);
  expect(await field.inputValue()).toContain(next);
}, 60_000);

it('let people in who wait, and turn others away', async () => {
  const { inviteCode: code } = await seen();
  for (const phone of [gil, shy]) await visit.house.phones.call('POST', `/groups/${group}/join`, { phone, code });
  await tab(g('tabs.requests')).click();
  await page.getByRole('checkbox', { name: `+${gil}` }).check();
  await button(t('requests.approve', { count: 1 })).click();
  await page.getByText(t('statuses.done.title', { count: 1 })).waitFor();
  await page.getByRole('checkbox', { name: `+${gil}` }).waitFor({ state: 'detached' });
  expect(roleOf(await seen(), gil)).toBe('member');
  await page.getByRole('checkbox', { name: `+${shy}` }).check();
  await button(t('requests.reject', { count: 1 })).click();
  await page.getByText(t('requests.none')).waitFor();
  const now = await seen();
  expect(now.requests).toEqual([]);
  expect(roleOf(now, shy)).toBeUndefined();
}, 90_000);

it('have many people added in steps, which are paused, found again and cancelled', async () => {
  const crowd: string[] = [];
  for (let n = 0; n < 12; n += 1) crowd.push(await visit.house.phones.createPhone({ silent: true }));
  await tab(g('tabs.members')).click();
  await button(t('add.open')).click();
  await dialog()
    .getByLabel(t('people.numbers'))
    .fill(crowd.map((phone) => `+${phone}`).join('\n'));
  await button(t('add.submit', { count: 12 }), dialog()).click();
  await dialog().waitFor({ state: 'detached' });
  await page.getByText(t('addition.progress', { done: 5, total: 12 })).waitFor();
  await button(t('addition.pause')).click();
  await page.getByText(t('addition.states.paused')).waitFor();
  await page.reload();
  await page.getByText(t('addition.states.paused')).waitFor();
  await button(t('addition.resume')).click();
  await button(t('addition.pause')).waitFor();
  await button(t('addition.cancel')).click();
  await button(t('addition.cancel'), asked()).click();
  await page.getByText(t('addition.states.cancelled')).waitFor();
  expect((await seen()).participants.filter(({ phone }) => crowd.includes(phone)).length).toBeLessThan(12);
}, 120_000);

it('say why something is not allowed, and lead to their chat and out of them', async () => {
  const foreign = await visit.house.phones.call<Seen>('POST', '/groups', {
    owner: noa,
    subject: 'של נועה',
    participants: [omar],
    announcement: true,
  });
  await page.goto(`${visit.url}/groups`);
  await button(t('join.open')).click();
  await dialog().getByLabel(t('join.link')).fill(`https://chat.whatsapp.com/${foreign.inviteCode}`);
  await button(t('join.look'), dialog()).click();
  await dialog().getByText('של נועה').waitFor();
  await button(t('join.submit'), dialog()).click();
  await dialog().getByText(t('join.joined')).waitFor();
  await dialog()
    .getByRole('link', { name: t('create.open') })
    .click();
  await page.getByRole('heading', { name: 'של נועה' }).waitFor();
  await page.getByText(t('reasons.group_admin_required')).first().waitFor();
  expect(await button(t('write.open')).isDisabled()).toBe(true);
  await member(omar).getByRole('checkbox').check();
  expect(await button(t('remove.open')).isDisabled()).toBe(true);
  await visit.house.phones.call('POST', `/groups/${foreign.id}/settings`, { by: noa, announcement: false });
  await page.locator('button:enabled', { hasText: t('write.open') }).click();
  await page.waitForURL(/inbox\?conversation=/);
  await page.getByRole('heading', { name: 'של נועה' }).waitFor();
  await page.goto(`${visit.url}/groups/${foreign.id.replace('@g.us', '')}?tab=settings`);
  await button(t('leave.submit')).click();
  await button(t('leave.submit'), asked()).click();
  await page.getByText(t('reasons.not_in_group')).first().waitFor();
  group = foreign.id;
  expect(roleOf(await seen(), number.phone)).toBeUndefined();
}, 120_000);

it('are begun from the palette', async () => {
  await page.goto(`${visit.url}/overview`);
  await page.getByRole('main').getByRole('heading').first().waitFor();
  await page.keyboard.press('Control+k');
  await dialog().getByRole('combobox').fill(t('create.new'));
  await dialog()
    .getByRole('option', { name: t('create.new') })
    .click();
  await dialog().getByLabel(t('subject')).waitFor();
  await closeDialog();
  await page.keyboard.press('Control+k');
  await dialog()
    .getByRole('option', { name: wordsOf('he', 'palette')('joinGroup') })
    .click();
  await dialog().getByLabel(t('join.link')).waitFor();
  expect(new URL(page.url()).searchParams.has('join')).toBe(true);
}, 60_000);

it('fit a phone', async () => {
  await page.setViewportSize(PHONE);
  await page.goto(`${visit.url}/groups?new`);
  await dialog().getByLabel(t('subject')).waitFor();
  expect(await overflowOf(page)).toBe(0);
  await page.goto(`${visit.url}/groups`);
  await page.getByRole('link', { name: 'הורי ד2' }).click();
  await member(omar).getByRole('checkbox').check();
  await button(t('remove.open')).waitFor();
  expect(await overflowOf(page)).toBe(0);
  for (const name of ['requests', 'settings'] as const) {
    await tab(g(`tabs.${name}`)).click();
    await page.getByRole('tabpanel', { name: g(`tabs.${name}`) }).waitFor();
    expect(await overflowOf(page)).toBe(0);
  }
  await button(t('link.show')).click();
  await page.getByRole('img', { name: t('link.qr') }).waitFor();
  expect(await overflowOf(page)).toBe(0);
}, 60_000);
