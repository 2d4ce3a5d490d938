import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { BulkAccepted, ImportView } from '@wasel/backend/contract';
import { until } from '../../testing/until.ts';
import { ApiClient } from '../../testing/house/api-client.ts';
import type { House, LinkedNumber } from '../../testing/house/house.ts';
import { EMPTY, type Given, INSIDE, OPERATOR, OUTSIDE, type Place } from './places.ts';
import { DESK, grant, Visit } from './visit.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa'];
const LANGUAGES = ['en', 'he', 'ar'] as const;
const THEMES = ['light', 'dark'] as const;
/** The narrowest phones that are about. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const NARROW = { width: 360, height: 740 };

let visit: Visit;
let house: House;
let number: LinkedNumber;
let newcomer: ApiClient;
/** Runs the installation; the owner of the number suffers from it. */
let operator: ApiClient;
let given: Given;

beforeAll(async () => {
  visit = await Visit.start();
  ({ house } = visit);
  number = await house.link(await house.register(0, 'Acme Clinic with a name as long as they come'), 'Front desk');
  newcomer = await house.register(0, 'Empty');
  await forget(newcomer.email);
  await furnish();
  const { items } = (await number.api.call('GET', '/conversations')) as {
    items: { id: string; contact: { id: string } }[];
  };
  await number.api.call('PUT', `/contacts/${items[0]?.contact.id}/days`, {
    days: [
      { name: 'birthday', month: 2, day: 29, year: 1996 },
      { name: 'The day on which the shop was opened by all', month: 6, day: 1 },
    ],
  });
  operator = await house.register(0, 'Operator');
  await grant(house.databaseUrl, operator.email);
  const invitation = await invite('colleague-with-a-long-address@example.com');
  given = {
    invitation,
    number: number.session,
    organization: number.api.organization ?? '',
    chat: `/inbox?conversation=${items[0]?.id ?? ''}`,
    ...(await sendToMany()),
    broadcast: await broadcast(),
    automation: await automate(),
    contact: items[0]?.contact.id ?? '',
    group: await gather(),
    ours: await run(),
  };
}, 180_000);
afterAll(() => visit.close());

/** A job that is scheduled, and a file with bad rows. */
async function sendToMany(): Promise<Pick<Given, 'job' | 'people'>> {
  const { api, session } = number;
  const { job_id: job } = BulkAccepted.parse(
    await api.call('POST', '/messages/send-bulk', {
      session_id: session,
      name: 'Opening hours of every branch in the whole country',
      scheduled_at: new Date(Date.now() + 3_600_000).toISOString(),
      messages: [{ to: '+972502345678', text: 'We are open on Friday.' }],
    }),
  );
  const form = new FormData();
  form.append('file', new Blob(['phone,text\n0502345678,Hello\n0502345678,Twin\nno number,Hello\n']), 'people.csv');
  const { id } = ImportView.parse(await api.call('POST', '/imports', form));
  return { job: `/bulk/${job}`, people: `/bulk/import/${id}` };
}

/** One that is scheduled, and leaves somebody out. */
async function broadcast(): Promise<string> {
  const { api, session, phone } = number;
  const { id } = (await api.call('POST', '/broadcasts', {
    name: 'To everybody who has ever asked when we are open',
    audience: { everybody: true, phone_numbers: ['+972502345678', `+${phone}`] },
    content: { type: 'text', text: '{Hello|Hi} {{first_name}}, we are open until *nine*.' },
    variables: { first_name: 'neighbour' },
    session_ids: [session],
    scheduled_at: new Date(Date.now() + 3_600_000).toISOString(),
  })) as { id: string };
  return `/broadcasts/${id}`;
}

/** A group with a long name in a community, in which things happened. */
async function gather(): Promise<string> {
  const { api, phone } = number;
  const [owner, guest] = await Promise.all(['Owner', 'Guest'].map((name) => house.phones.createPhone({ name })));
  const make = (subject: string, over: object) =>
    house.phones.call<{ id: string }>('POST', '/groups', { owner, subject, participants: [phone], ...over });
  const community = await make('Schools of the town and of all places around it', { community: true });
  const { id } = await make('Parents-of-the-second-class-without-a-place-to-break', {
    description: 'What we need to know. '.repeat(20),
    announcement: true,
    locked: true,
    approval: true,
    ephemeral: 86_400,
    parent: community.id,
  });
  await house.phones.call('POST', `/groups/${id}/participants`, { by: owner, action: 'add', phones: [guest] });
  await until('the group with all that happened', async () => {
    const { items } = (await api.call('GET', `/groups/${id}/events`)) as { items: unknown[] };
    return items.length > 0 || undefined;
  });
  return `/groups/${id.replace('@g.us', '')}`;
}

/** A group that the number runs: people come into it in steps, and somebody waits to be let in. */
async function run(): Promise<string> {
  const { api, phone, session } = number;
  const people = await Promise.all(['Guest', 'Waits', 'Comes'].map((name) => house.phones.createPhone({ name })));
  const [guest, waits, comes] = people;
  const { id, inviteCode: code } = await house.phones.call<{ id: string; inviteCode: string }>('POST', '/groups', {
    owner: phone,
    subject: 'Neighbours of the house with the longest name in the street',
    participants: [guest],
    approval: true,
  });
  await house.phones.call('POST', `/groups/${id}/join`, { phone: waits, code });
  await until('the group that the number runs', async () => {
    const { items } = (await api.call('GET', '/groups')) as { items: { jid: string }[] };
    return items.some(({ jid }) => jid === id);
  });
  await api.call('POST', `/groups/${id}/additions`, {
    session_id: session,
    participants: [{ phone_number: `+${comes}` }, { phone_number: '+972501111111' }],
    per_step: 1,
    step_seconds: 3600,
  });
  return `/groups/${id.replace('@g.us', '')}`;
}

/** An automation that acted, did not, and waits. */
async function automate(): Promise<string> {
  const { api } = number;
  const { id } = (await api.call('POST', '/automations', {
    name: 'A reminder with a name that is as long as anybody would write it',
    event: 'subscription_expiring',
    days_before: 3,
    local_hour: 9,
    delay_minutes: 90,
    conditions: [{ field: 'plan_name', operator: 'not_equals', value: 'free' }],
    template_id: '00000000-0000-7000-8000-000000000043',
    variables: { customer_name: { field: 'customer_name' } },
  })) as { id: string };
  const event = { name: 'subscription_expiring', phone_number: '+972502345678', date: '2099-12-24' };
  for (const plan of ['pro', 'free'])
    await api.call('POST', '/events', { ...event, event_id: plan, variables: { plan_name: plan } });
  return `/automations/${id}`;
}

/** Words without a place to break them, in both directions; a file; a message that failed. */
async function furnish(): Promise<void> {
  const { api, phone, session } = number;
  const customer = await house.phones.createPhone({ name: 'Alexandria Montgomery-Featherstonehaugh the Third' });
  const texts = [`https://example.com/${'path-without-end/'.repeat(9)}`, 'שלום, אפשר לקבוע תור ליום ראשון בשעה 09:30?'];
  for (const text of texts) {
    await house.phones.send(customer, { to: phone, text });
    await api.waitForText(session, text, ['received']);
  }
  const media = { kind: 'document', base64: 'cGRm', mimetype: 'application/pdf', fileName: 'letter.pdf' };
  await house.phones.call('POST', `/phones/${customer}/messages`, { to: phone, media });
  const writes = (content: object) =>
    house.phones.call<{ id: string }>('POST', `/phones/${customer}/messages`, { to: phone, ...content });
  await writes({ media: { kind: 'image', base64: PNG, caption: 'On the wall' } });
  await writes({ media: { kind: 'voice', base64: 'T2dnUw==' } });
  await writes({ location: { latitude: 32.08, longitude: 34.78, name: 'Shop', address: 'Main 1' } });
  await writes({ contacts: [{ name: 'Maya Levi', phone: '972501234567' }] });
  await writes({ poll: { name: 'When?', options: ['Sunday', 'Monday'] } });
  await writes({ forward: { id: (await writes({ text: '*Bring* it' })).id } });
  await api.send(session, `+${customer}`, 'Yes, at nine.');
  await api.waitForText(session, 'Yes, at nine.', ['delivered', 'read']);
  await house.phones.call('POST', '/faults', { target: phone, kind: 'rate-limit', code: 463, count: 1 });
  await api.send(session, `+${customer}`, 'Will you come?');
  await api.waitForText(session, 'Will you come?', ['failed']);
  await house.phones.call('DELETE', '/faults');
  await api.createSession('Waits for its phone');
  const lost = await house.link(api, 'A number that somebody unlinked on its phone');
  await house.phones.call('DELETE', `/phones/${lost.phone}/devices/1`);
  const url = 'https://hooks.slack.example/services/T000/B000/hidden'; // leads nowhere
  await api.call('POST', '/alert-destinations', { name: 'The channel of those who are on duty', url });
  const settings = {
    reject_calls: true,
    reject_calls_text: 'Please write to us.',
    quiet_hours: { from: '03:00', to: '03:01', time_zone: 'America/Argentina/ComodRivadavia' },
  };
  await api.call('PATCH', `/sessions/${session}`, settings);
}

/** The address of an invitation, inside the house. Somebody else is invited, too, and there is a key. */
async function invite(email: string): Promise<string> {
  const { api } = number;
  const { id: webhook } = (await api.call('POST', '/webhook-endpoints', {
    url: 'https://127.0.0.1.example/webhooks/wasel',
    event_types: ['alert.raised'],
  })) as { id: string };
  await api.call('POST', `/webhook-endpoints/${webhook}/test`); // to where nobody is
  await api.call('POST', '/api-keys', {
    name: 'Nightly report of a name that is long',
    scopes: ['read', 'messages:send'],
  });
  const { link } = (await api.call('POST', '/invitations', { email, role: 'agent' })) as { link: string };
  return link.slice(link.indexOf('/join'));
}

/** Has a mail for the mailbox written. */
async function forget(email: string): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: visit.url };
  const body = JSON.stringify({ email });
  await fetch(`${visit.url}/api/auth/request-password-reset`, { method: 'POST', headers, body });
}

/** What a page is about, be it only a dialog over it. */
const settled = (page: Page) => page.locator('main :is(h1, h2), dialog').filter({ visible: true }).first().waitFor();

/** What axe finds in one theme, in words that lead to it. Only the colours are not the same in the other one. */
async function faultsOf(page: Page, theme: (typeof THEMES)[number]): Promise<string[]> {
  const rules = theme === 'light' ? RULES : ['color-contrast'];
  await page.evaluate(`document.documentElement.classList.remove('light', 'dark')`);
  await page.evaluate(`document.documentElement.classList.add('${theme}')`);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${theme}, ${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** Pixels that can be scrolled sideways, by the page or by what scrolls inside it. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate(`Math.max(...[document.documentElement, ...document.querySelectorAll('main, main section, main ul')]
    .map((element) => element.scrollWidth - element.clientWidth))`);

/** Buttons, fields and links of their own (not those in a line of text) that are too small to be hit by a thumb. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('button, select, input:not([hidden]), textarea, summary, a[href]')]
    .filter((element) => element.checkVisibility() && !element.closest('p, h2, h3') && element.role !== 'switch'
      && element.getAttribute('role') !== 'switch' && element.getBoundingClientRect().height < 39.5)
    .map((element) => element.outerHTML.slice(0, 160))`);

/** Lists, not what stands for them until they are there. */
const loaded = (page: Page) => page.locator('.skeleton').first().waitFor({ state: 'detached' });

async function open(context: BrowserContext, { path, open: further }: Place): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize(NARROW);
  await page.goto(visit.url + path);
  await settled(page);
  await loaded(page);
  await further?.(page);
  await loaded(page);
  await page.addStyleTag({ content: '* { animation: none !important; transition: none !important }' });
  await page.addScriptTag({ path: AXE });
  return page;
}

/** What is wrong with places, by their names; nothing of it is to be. */
async function wrongWith(
  places: readonly Place[],
  language: string,
  who?: ApiClient,
): Promise<Record<string, unknown>> {
  const context = await visit.browser.newContext({ locale: language, reducedMotion: 'reduce' });
  const cookie = { name: 'wasel-language', value: language, url: visit.url };
  await context.addCookies([...(who?.cookies ?? []), cookie]);
  const found: Record<string, unknown> = {};
  const waiting = [...places];
  const inspect = async (): Promise<void> => {
    for (let place = waiting.shift(); place; place = waiting.shift()) {
      const fault = await wrongAt(await open(context, place));
      if (fault) found[place.name] = fault;
    }
  };
  await Promise.all([inspect(), inspect(), inspect()]); // what one waits for, another uses
  await context.close();
  return found;
}

async function wrongAt(page: Page): Promise<object | undefined> {
  const [scrolls, targets] = [await sideways(page), await small(page)];
  const faults: string[] = [];
  for (const size of [NARROW, DESK]) {
    await page.setViewportSize(size);
    for (const theme of THEMES) faults.push(...(await faultsOf(page, theme)));
  }
  await page.close();
  return faults.length > 0 || scrolls > 0 || targets.length > 0 ? { faults, scrolls, targets } : undefined;
}

/** What nobody should meet: pale words, a line that is too long, a button for a needle. */
const spoil = (page: Page): Promise<unknown> =>
  page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
    '<p style="color: #888; background: #999; width: 500px">Pale and wide</p><button style="height: 12px">x</button>')`);

describe('every page', () => {
  /** What a browser is given first, before any script runs. */
  const first = async (path: string, language: string) => {
    const headers = { cookie: `wasel-language=${language}` };
    const html = await (await fetch(visit.url + path.replace(/#.*/, ''), { headers })).text();
    return {
      title: /<title>([^<]*)<\/title>/.exec(html)?.[1],
      root: /<html [^>]*?lang="(\w+)" dir="(\w+)"/.exec(html)?.slice(1),
    };
  };

  it('has its language and direction on first paint, and a title in it', async () => {
    const paths = new Set(
      [...OUTSIDE(given), ...INSIDE(given), ...OPERATOR(given)].map(({ path }) => path.replace(/[?#].*/, '')),
    );
    for (const path of paths) {
      const [en, he, ar] = await Promise.all(LANGUAGES.map((language) => first(path, language)));
      expect([path, en?.root, he?.root, ar?.root]).toEqual([path, ['en', 'ltr'], ['he', 'rtl'], ['ar', 'rtl']]);
      const titles = [en, he, ar].map((page) => page?.title);
      expect([path, titles.every((title) => title?.includes('Wasel')), new Set(titles).size]).toEqual([path, true, 3]);
    }
  }, 60_000);
});

describe('the inspection', () => {
  it('sees what is wrong', async () => {
    const found = await wrongWith([{ name: 'a spoilt page', path: '/sign-in', open: spoil }], 'en');
    expect(found).toEqual({
      'a spoilt page': {
        faults: expect.arrayContaining([expect.stringContaining('dark, color-contrast: <p')]),
        scrolls: expect.any(Number),
        targets: [expect.stringContaining('<button')],
      },
    });
    expect((found['a spoilt page'] as { scrolls: number }).scrolls).toBeGreaterThan(100);
  }, 30_000);
});

describe.each(LANGUAGES)(
  'in %s, dark and light, on the narrowest phone and on a desk, everybody can use',
  (language) => {
    it('what stands outside', async () => {
      expect(await wrongWith(OUTSIDE(given), language)).toEqual({});
    }, 120_000);

    it('what is empty yet', async () => {
      expect(await wrongWith(EMPTY, language, newcomer)).toEqual({});
    }, 120_000);

    it('what is full', async () => {
      expect(await wrongWith(INSIDE(given), language, number.api)).toEqual({});
    }, 240_000);

    it('what whoever runs the installation sees', async () => {
      expect(await wrongWith(OPERATOR(given), language, operator)).toEqual({});
    }, 180_000);

    it('what he keeps from everybody else, and a suspended organization', async () => {
      const path = `/operator/organizations/${newcomer.organization}`;
      await operator.call('POST', `${path}/suspend`, { reason: 'Spam was reported, '.repeat(9) });
      const closed = { name: 'not for everybody', path: '/operator' };
      const banner = (page: Page) => page.getByRole('alert').first().waitFor();
      const stopped = { name: 'a suspended organization', path: '/overview', open: banner };
      expect(await wrongWith([closed, stopped], language, newcomer)).toEqual({});
      await operator.call('POST', `${path}/unsuspend`, { reason: 'It was a mistake' });
    }, 120_000);
  },
);
