import type { Page } from 'playwright-core';
import { until } from '../../testing/until.ts';

/** A place where people get to; `open` does what its address does not. */
export type Place = Readonly<{ name: string; path: string; open?: (page: Page) => Promise<unknown> }>;

/** What has to be there before the places can be visited. */
export type Given = Readonly<{
  /** The address of an invitation. */
  invitation: string;
  /** The id of a number, and of the organization that it belongs to. */
  number: string;
  organization: string;
  /** The address of a chat, and the id of who it is with. */
  chat: string;
  /** The addresses of a job, and of a file of people. */
  job: string;
  people: string;
  /** The address of a broadcast. */
  broadcast: string;
  /** The address of an automation. */
  automation: string;
  contact: string;
  /** The address of a group that is part of a community. */
  group: string;
  /** The address of a group that a number of ours runs, with somebody who waits and people who come in steps. */
  ours: string;
}>;

/** What everybody can come to. */
export const OUTSIDE = ({ invitation }: Given): readonly Place[] => [
  { name: 'the landing page', path: '/', open: (page) => page.locator('summary').first().click() },
  { name: 'sign-up', path: '/sign-up' },
  { name: 'sign-in, refused', path: '/sign-in', open: refuse },
  { name: 'an invitation', path: invitation },
  { name: 'an invitation that is over', path: '/join#wsi_over' },
  { name: 'a forgotten password', path: '/forgot-password' },
  { name: 'a new password', path: '/reset-password#token' },
  { name: 'a link that is cut off', path: '/reset-password' },
  { name: 'a new address', path: '/confirm-email#token' },
  { name: 'the mailbox', path: '/mailbox', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'the help', path: '/help' },
  { name: 'a search in the help', path: '/help?search=WhatsApp' },
  { name: 'a search that finds nothing', path: '/help?search=zebra' },
  { name: 'an article', path: '/help/troubleshooting#passkey' },
  { name: 'a page that is not there', path: '/nowhere' },
];
/** For somebody who has just begun. */
export const EMPTY: readonly Place[] = [
  { name: 'the first steps', path: '/overview' },
  { name: 'no number', path: '/numbers' },
  { name: 'no conversation', path: '/inbox' },
  { name: 'no contact', path: '/contacts' },
  { name: 'no group', path: '/groups', open: (page) => page.locator('main h2').waitFor() },
  { name: 'no activity of this kind', path: '/activity?about=message' },
  { name: 'nobody invited', path: '/settings/members' },
  { name: 'no key', path: '/settings/api-keys' },
  { name: 'no webhook', path: '/settings/webhooks', open: (page) => page.locator('main pre').waitFor() },
  { name: 'nothing told', path: '/settings/webhooks/deliveries' },
  { name: 'no alert', path: '/alerts' },
  { name: 'nobody to tell', path: '/settings/alerts' },
  { name: 'no automation', path: '/automations' },
  { name: 'nothing told by itself', path: '/notifications' },
  { name: 'nothing sent to many', path: '/bulk' },
  { name: 'no broadcast', path: '/broadcasts', open: (page) => page.locator('main h2').waitFor() },
  { name: 'no message', path: '/reports', open: (page) => page.locator('main h2').waitFor() },
];
/** Who the people are, and where they are together. */
const peoplePlaces = ({ contact, group, ours }: Pick<Given, 'contact' | 'group' | 'ours'>): readonly Place[] => [
  { name: 'the contacts', path: '/contacts', open: (page) => page.locator('main li a').first().waitFor() },
  { name: 'a new contact', path: '/contacts?add', open: dialog },
  { name: 'tags and lists', path: '/contacts?sort', open: dialog },
  { name: 'a contact', path: `/contacts/${contact}`, open: (page) => page.locator('main h2').first().waitFor() },
  { name: 'a contact to be changed', path: `/contacts/${contact}?edit`, open: dialog },
  { name: 'the days of a contact', path: `/contacts/${contact}?days`, open: dialog },
  { name: 'a contact to be merged', path: `/contacts/${contact}?merge`, open: dialog },
  { name: 'the groups', path: '/groups', open: (page) => page.locator('main li a').first().waitFor() },
  { name: 'a group', path: group, open: chooseSomebody },
  { name: 'the growth of a group', path: `${group}?tab=growth`, open: readFigures },
  {
    name: 'what happened in a group',
    path: `${group}?tab=activity`,
    open: (page) => page.locator('main ol li').first().waitFor(),
  },
  {
    name: 'the community of a group',
    path: `${group}?tab=community`,
    open: (page) => page.locator('main li a').first().waitFor(),
  },
  { name: 'the people of a group to be tagged', path: `${group}?tag`, open: dialog },
  { name: 'people to be added to a group', path: `${group}?add`, open: dialog },
  { name: 'what can be changed of a group', path: `${group}?tab=settings`, open: tabPanel },
  { name: 'who wants to be in a group', path: `${group}?tab=requests`, open: tabPanel },
  { name: 'a group of ours', path: ours, open: chooseAnybody },
  { name: 'somebody to be made an admin', path: ours, open: promote },
  { name: 'people to be added to a group of ours', path: `${ours}?add`, open: dialog },
  { name: 'what we can change of a group', path: `${ours}?tab=settings`, open: showLink },
  { name: 'who waits until we let him in', path: `${ours}?tab=requests`, open: chooseWaiting },
  { name: 'a new group', path: '/groups?new', open: dialog },
  { name: 'a group to be joined', path: '/groups?join', open: dialog },
  { name: 'a group that is not there', path: '/groups/1', open: (page) => page.locator('main [role=alert]').waitFor() },
];

/** What is said to many. */
const sendingPlaces = ({ job, people, broadcast }: Pick<Given, 'job' | 'people' | 'broadcast'>): readonly Place[] => [
  { name: 'what was sent to many', path: '/bulk', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'a job', path: job, open: (page) => page.getByRole('progressbar').waitFor() },
  { name: 'a file of people', path: people, open: checkRows },
  { name: 'the broadcasts', path: '/broadcasts', open: (page) => page.getByRole('progressbar').first().waitFor() },
  { name: 'a new broadcast', path: '/broadcasts/new', open: (page) => page.locator('main details').first().waitFor() },
  { name: 'what a broadcast says', path: '/broadcasts/new', open: writeBroadcast },
  { name: 'a broadcast before it leaves', path: '/broadcasts/new', open: lookAtBroadcast },
  { name: 'a broadcast', path: broadcast, open: (page) => page.locator('main tbody tr').first().waitFor() },
];

/** For somebody whose organization is at work. */
export const INSIDE = ({ automation, invitation, number, chat, ...given }: Given): readonly Place[] => [
  { name: 'the overview', path: '/overview' },
  { name: 'the numbers', path: '/numbers' },
  { name: 'a new number', path: '/numbers?add', open: dialog },
  { name: 'the QR code', path: '/numbers', open: showCode },
  { name: 'a number', path: `/numbers/${number}` },
  { name: 'a question', path: `/numbers/${number}`, open: askToDelete },
  { name: 'the inbox', path: '/inbox' },
  { name: 'a chat', path: chat, open: (page) => page.getByRole('article').first().waitFor() },
  { name: 'what can be done with a message', path: chat, open: (page) => offers(page, 'article + span button') },
  { name: 'the details of a message', path: chat, open: showMessageDetails },
  { name: 'what can be attached', path: chat, open: (page) => offers(page, 'form button[aria-haspopup=menu]') },
  { name: 'a voice message', path: chat, open: speak },
  { name: 'a poll', path: chat, open: (page) => fillIn(page) },
  { name: 'a new chat', path: '/inbox?new', open: dialog },
  ...sendingPlaces(given),
  { name: 'the templates', path: '/templates', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'a new template', path: '/templates/new', open: (page) => page.locator('textarea').waitFor() },
  { name: 'a template of Wasel', path: '/templates/00000000-0000-7000-8000-000000000043' },
  ...peoplePlaces(given),
  { name: 'the message report', path: '/reports', open: (page) => page.locator('main tbody tr').first().waitFor() },
  { name: 'what became of a message', path: '/reports', open: showMessage },
  { name: 'the automations', path: '/automations', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'a new automation', path: '/automations/new', open: (page) => page.locator('main form').waitFor() },
  { name: 'an automation', path: automation, open: tryByHand },
  { name: 'the words to opt out', path: '/automations', open: optOutWords },
  { name: 'the notifications', path: '/notifications', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'the activity', path: '/activity', open: showDetails },
  { name: 'the settings', path: '/settings' },
  { name: 'the end of an organization', path: '/settings', open: (page) => endOrganization(page) },
  { name: 'the members', path: '/settings/members' },
  { name: 'a new invitation', path: '/settings/members', open: invite },
  { name: 'an invitation for another', path: invitation },
  { name: 'the keys', path: '/settings/api-keys' },
  { name: 'a new key', path: '/settings/api-keys?add', open: dialog },
  { name: 'the webhooks', path: '/settings/webhooks', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'a new webhook', path: '/settings/webhooks?add', open: dialog },
  {
    name: 'what was told',
    path: '/settings/webhooks/deliveries',
    open: (page) => page.locator('main li').first().waitFor(),
  },
  { name: 'one delivery', path: '/settings/webhooks/deliveries', open: showDelivery },
  { name: 'the alerts', path: '/alerts', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'who is told', path: '/settings/alerts', open: (page) => page.locator('main li').first().waitFor() },
  { name: 'all pages', path: '/overview', open: allPages },
  { name: 'the palette', path: '/overview', open: (page) => page.keyboard.press('Control+k').then(() => dialog(page)) },
];

/** For whoever runs the installation. */
export const OPERATOR = ({ organization }: Given): readonly Place[] => {
  const one = `/operator/organizations/${organization}`;
  return [
    { name: 'all organizations', path: '/operator', open: (page) => page.locator('main li').first().waitFor() },
    { name: 'no organization found', path: '/operator', open: searchNothing },
    { name: 'one organization', path: one },
    { name: 'its suspension', path: one, open: askToSuspend },
    { name: 'a look at messages', path: one, open: askToLook },
    { name: 'an organization that is gone', path: '/operator/organizations/01890a5d-ac96-774b-bcce-b302099a8057' },
    { name: 'the health', path: '/operator/health' },
    { name: 'the log', path: '/operator/log', open: (page) => page.locator('main li').first().waitFor() },
    { name: 'the overview with a way there', path: '/overview' },
  ];
};

/** A menu goes when its button moves, which it may once more while a chat settles at its end. */
async function offers(page: Page, button: string): Promise<void> {
  await page.getByRole('article').first().waitFor();
  const opener = page.locator(button).last();
  await until('the menu to stay', async () => {
    if ((await opener.getAttribute('aria-expanded')) !== 'true') await opener.click();
    return page.getByRole('menu').isVisible();
  });
}

async function showMessageDetails(page: Page): Promise<void> {
  await offers(page, 'article + span button');
  await page.locator('[role=menu] > [role=menuitem]').last().click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor();
}

async function fillIn(page: Page): Promise<void> {
  await offers(page, 'form button[aria-haspopup=menu]');
  await page.getByRole('menuitem').last().click();
  await dialog(page);
}

async function speak(page: Page): Promise<void> {
  await page.getByRole('article').first().waitFor();
  await page.locator('form button').last().click();
  await page.getByRole('timer').waitFor();
}

async function chooseSomebody(page: Page): Promise<void> {
  await page.locator('main tbody input').first().check();
  await page.locator('main [role=region]').waitFor();
}

async function chooseAnybody(page: Page): Promise<void> {
  await page.getByRole('progressbar').waitFor();
  await page.locator('main tbody input:enabled').first().check();
  await page.locator('main [role=region]').waitFor();
}

async function promote(page: Page): Promise<void> {
  await chooseAnybody(page);
  await page.locator('main [role=region] button:enabled').nth(1).click();
  await dialog(page);
}

async function showLink(page: Page): Promise<void> {
  await page.locator('main section:has(h3) > button').first().click();
  await page.locator('main section:has(h3) [role=img]').waitFor();
}

async function chooseWaiting(page: Page): Promise<void> {
  await page.locator('main [role=tabpanel] li input').first().check();
}

/** To everybody; it is kept for the next visit. */
async function writeBroadcast(page: Page): Promise<void> {
  const everybody = page.locator('main details').last();
  if ((await everybody.getAttribute('open')) === null) await everybody.locator('summary').click();
  await everybody.locator('input').check();
  await next(page);
  await page.locator('main textarea').first().fill('{Hello|Hi} {{first_name}}');
}

async function lookAtBroadcast(page: Page): Promise<void> {
  await writeBroadcast(page);
  await next(page);
  await page.locator('main form [type=submit]').waitFor();
}

const next = (page: Page): Promise<void> => page.locator('main button[aria-describedby=missing]').click();

async function tabPanel(page: Page): Promise<void> {
  await page.locator('main [role=tabpanel] section').first().waitFor();
}

async function readFigures(page: Page): Promise<void> {
  await page.locator('main summary').click();
  await page.locator('main tbody tr').first().waitFor();
}

async function searchNothing(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('nothing is called so');
  await page.locator('main h2').waitFor();
}

async function askToSuspend(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button').first().click();
  await dialog(page);
}

async function askToLook(page: Page): Promise<void> {
  await page.locator('section[aria-labelledby=conversations] li button').first().click();
  await dialog(page);
}

async function refuse(page: Page): Promise<void> {
  await page.locator('[name=email]').fill('nobody@example.com');
  await page.locator('[name=password]').fill('not the password');
  await page.locator('[type=submit]').click();
  await page.getByRole('main').getByRole('alert').waitFor();
}

/** On a phone, where the edge leads to the rest of them. */
async function allPages(page: Page): Promise<unknown> {
  const more = page.locator('nav button[aria-haspopup=dialog]');
  await page.locator('nav a[href="/inbox"]').waitFor();
  return (await more.isVisible()) ? more.click().then(() => dialog(page)) : undefined;
}

function dialog(page: Page): Promise<void> {
  return page.getByRole('dialog').waitFor();
}

async function showCode(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('listitem').nth(1).getByRole('button').first().click();
  await dialog(page);
}

async function endOrganization(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button').last().click();
  await dialog(page);
}

async function showDetails(page: Page): Promise<void> {
  await page.getByRole('main').locator('button[aria-expanded=false]').first().click();
  await page.getByRole('main').locator('button[aria-expanded=true]').waitFor();
}

async function tryByHand(page: Page): Promise<void> {
  await page.locator('main form').waitFor();
  await page.locator('main header button').click();
  await dialog(page);
  await page.getByRole('dialog').locator('[name=to]').waitFor();
}

async function optOutWords(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button').first().click();
  await page.getByRole('dialog').locator('[name=stop]').waitFor();
}

async function checkRows(page: Page): Promise<void> {
  await page.locator('main form [type=submit]').click();
  await page.getByRole('main').locator('blockquote').waitFor();
}

async function askToDelete(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button').last().click();
  await page.getByRole('alertdialog').waitFor();
}

async function invite(page: Page): Promise<void> {
  await page.getByRole('main').locator('section').last().getByRole('button').first().click();
  await dialog(page);
}

async function showMessage(page: Page): Promise<void> {
  await page.locator('main tbody button').first().click();
  await dialog(page);
  await page.getByRole('dialog').locator('ol').waitFor();
}

async function showDelivery(page: Page): Promise<void> {
  await page.locator('main li button').first().click();
  await dialog(page);
  await page.getByRole('dialog').locator('pre').first().waitFor();
}
