import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConversationPage } from '@wasel/backend/contract';
import type { Locator, Page } from 'playwright-core';
import type pg from 'pg';
import type { LinkedNumber } from '../../testing/house/house.ts';
import { until } from '../../testing/until.ts';
import { Chat } from './chat.ts';
import { asAdmin, writePast } from './past.ts';
import { Visit } from './visit.ts';

/** Of some pages. */
const SOME = 450;

/** Where a row is in all of its list. */
const placeOf = async (row: Locator) => Number(await row.getAttribute('aria-posinset'));

let visit: Visit;
let number: LinkedNumber;
let chat: Chat;
let page: Page;

beforeAll(async () => {
  visit = await Visit.start();
  number = await visit.house.link(await visit.house.register(0, 'Acme'), 'Front desk');
  chat = await Chat.open(visit, number, 'Noa');
  ({ page } = chat);
}, 180_000);
afterAll(() => visit.close());

it('far back in a long conversation, what happens is asked for alone, and all of it shows', async () => {
  await chat.send('The first of ours');
  await writePast(visit.house, { session: number.session, count: SOME, text: 'Filler', since: new Date() });
  await page.reload();
  await chat.bubble(`Filler ${SOME} `).waitFor();
  await page.getByRole('list', { name: 'Messages' }).locator('..').hover();
  const [theirs, ours] = [chat.bubble('Hello'), chat.bubble('The first of ours')];
  await until('what is far back', async () => {
    await page.mouse.wheel(0, -20_000);
    return (await theirs.count()) > 0 || undefined;
  });
  await ours.getByText('Delivered', { exact: true }).waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  const asked: URL[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/messages' && url.searchParams.has('conversation_id')) asked.push(url);
  });
  await chat.receive({ text: 'What is new' });
  await page.getByRole('status').filter({ hasText: 'What is new' }).waitFor({ state: 'attached' });
  const id = await theirs.getAttribute('data-message');
  await number.api.call('POST', '/messages/send', { type: 'reaction', message_id: id, emoji: '❤️' });
  await theirs.getByRole('button', { name: '❤️, 1 person' }).waitFor();
  await visit.house.phones.call('POST', `/phones/${chat.customer}/read`, { with: number.phone });
  await ours.getByText('Read', { exact: true }).waitFor({ state: 'attached' });
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(asked.filter(({ searchParams }) => !searchParams.has('ids')).map(String)).toEqual([]);
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await chat.bubble('What is new').waitFor();
}, 120_000);

describe('thousands', () => {
  const MESSAGES = 3_000;
  const CHATS = 1_500;
  const FIRST = /^Message 1(?!\d)/;
  beforeAll(async () => {
    await asAdmin(visit.house, fillWithChats);
    const since = new Date(Date.now() - 10_000_000);
    await writePast(visit.house, { session: number.session, count: MESSAGES, text: 'Message', since });
    await asAdmin(visit.house, (admin) =>
      admin.query(
        `update messages set reply_to = '{"whatsapp_message_id": "PAST1", "direction": "inbound", "type": "text", "text": "The first"}'
          where session_id = $1 and text ~ '^Message ${MESSAGES}( |$)'`,
        [number.session],
      ),
    );
  }, 60_000);

  /** The last of them is the newest of all. */
  async function fillWithChats(admin: pg.Client): Promise<void> {
    const { rows } = await admin.query<{ organization: string }>(
      'select organization_id as organization from sessions where id = $1',
      [number.session],
    );
    const organization = rows[0]?.organization;
    const id = `(lpad(to_hex(${Date.now() - 10_000_000}::bigint + n), 12, '0') || '7000' || '8' || substr(md5(n::text), 1, 15))::uuid`;
    await admin.query(
      `insert into contacts (organization_id, id, phone_number, push_name)
       select $1, ${id}, '+9725' || lpad(n::text, 8, '0'), 'Person ' || n from generate_series(1, ${CHATS}) n`,
      [organization],
    );
    await admin.query(
      `insert into conversations (organization_id, id, session_id, contact_id, last_message_at)
       select $1, ${id}, $2, ${id}, now() + n * interval '1 second' from generate_series(1, ${CHATS}) n`,
      [organization, number.session],
    );
  }

  it('of chats are scrolled with few of them drawn', async () => {
    await page.goto(`${visit.url}/inbox`);
    await page.getByRole('link', { name: `Person ${CHATS}` }).waitFor();
    const list = page.getByRole('list', { name: 'Conversations' });
    const seen = await until('the last chat', async () => {
      await list.locator('..').evaluate((scroller) => scroller.scrollTo({ top: scroller.scrollHeight }));
      const rows = await list.getByRole('listitem').count();
      expect(rows).toBeLessThan(50);
      return (await list.getByRole('link', { name: 'Person 1 ', exact: false }).count()) > 0 &&
        (await list.getByRole('listitem').last().getAttribute('aria-setsize')) !== '-1'
        ? rows
        : undefined;
    });
    expect(seen).toBeGreaterThan(5);
  }, 120_000);

  /** To this share of what is loaded of the chats. */
  const scroll = (share: number) =>
    page
      .getByRole('list', { name: 'Conversations' })
      .locator('..')
      .evaluate((scroller, to) => scroller.scrollTo({ top: scroller.scrollHeight * to }), share);

  /** Makes all chats older, and puts some of them behind so many others. */
  async function putBehind(chats: readonly (readonly [id: string, others: number])[]): Promise<void> {
    await asAdmin(visit.house, (admin) =>
      admin.query(
        `with others as (
           update conversations set last_message_at = last_message_at - interval '1 day' where session_id = $1 and id <> all ($2)
           returning last_message_at as at
         )
         update conversations v set last_message_at = (select at from others order by at desc limit 1 offset w.others - 1) - interval '1 ms'
           from unnest($2::uuid[], $3::int[]) as w (id, others) where v.id = w.id`,
        [number.session, chats.map(([id]) => id), chats.map(([, others]) => others)],
      ),
    );
  }

  /** Its id, once somebody has written. */
  const chatWith = (name: string) =>
    until(`the chat with ${name}`, async () => {
      const found = ConversationPage.parse(await number.api.call('GET', `/conversations?search=${name}`));
      return found.items[0]?.id;
    });

  it('of chats: what is said is asked for alone, far down the list, and its row comes to the top', async () => {
    const { phones } = visit.house;
    const tal = await phones.createPhone({ name: 'Tal' });
    const tell = (text: string) => phones.call('POST', `/phones/${tal}/messages`, { to: number.phone, text });
    await tell('Good morning');
    const [loaded, behind] = [await chatWith('Tal'), await chatWith('Noa')];
    await putBehind([
      [loaded, 100],
      [behind, CHATS],
    ]);
    await page.goto(`${visit.url}/inbox`);
    await page.getByRole('link', { name: `Person ${CHATS}` }).waitFor();
    const rows = page.getByRole('list', { name: 'Conversations' }).getByRole('listitem');
    await until('some pages', async () => {
      await scroll(1);
      return (await placeOf(rows.last())) > SOME;
    });
    await scroll(0.5); // where no more pages are asked for
    await until('the rows there', async () => (await placeOf(rows.last())) < SOME);
    const asked: URLSearchParams[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/api/conversations') asked.push(url.searchParams);
    });
    const isAsked = (id: string) => () => asked.some((query) => query.get('ids')?.split(',').includes(id));
    await tell('Are you there?');
    await until('the question for what is loaded', isAsked(loaded));
    await chat.receive({ text: 'And what now?' });
    await until('the question for what is not', isAsked(behind));
    expect(await placeOf(rows.first())).toBeGreaterThan(SOME / 3);
    await scroll(0);
    await rows
      .first()
      .filter({ hasText: /Noa.*And what now\?.*1 unread message/ })
      .waitFor();
    await rows
      .nth(1)
      .filter({ hasText: /Tal.*Are you there\?.*2 unread messages/ })
      .waitFor();
    await rows
      .nth(2)
      .filter({ hasText: `Person ${CHATS}` })
      .waitFor();
    expect(asked.filter((query) => !query.has('ids')).map(String)).toEqual([]);
    const all = await until('the last page', async () => {
      await scroll(1);
      const size = Number(await rows.last().getAttribute('aria-setsize'));
      return size !== -1 && size;
    });
    expect(all).toBe(CHATS + 2);
    await rows
      .last()
      .getByRole('link', { name: /^Person 1 / })
      .waitFor();
  }, 120_000);

  it('of messages: what is older comes without moving what is read', async () => {
    await page.goto(`${visit.url}/inbox`);
    await page.getByRole('link', { name: `Person ${CHATS}` }).click();
    await chat.bubble(`Message ${MESSAGES}`).waitFor();
    let go = (): void => undefined;
    const gate = new Promise<void>((open) => (go = open));
    await page.route(/\/api\/messages\?.*cursor=/, (route) => gate.then(() => route.continue()));
    const asked = page.waitForRequest(/\/api\/messages\?.*cursor=/);
    await page.getByRole('list', { name: 'Messages' }).locator('..').hover();
    await until('the question for what is older', async () => {
      await page.mouse.wheel(0, -1_500);
      return Promise.race([asked.then(() => true), page.evaluate(() => false)]);
    });
    const reading = page.locator('article', { hasText: `Message ${MESSAGES - 92} ` });
    const row = page.getByRole('listitem').filter({ has: reading });
    await reading.scrollIntoViewIfNeeded();
    const [top, place] = [(await reading.boundingBox())?.y, await row.getAttribute('aria-posinset')];
    go();
    await until('what is older', async () => (await row.getAttribute('aria-posinset')) !== place || undefined);
    expect((await reading.boundingBox())?.y).toBeCloseTo(top ?? -1, -1);
    expect(top).toBeGreaterThan(0);
    await page.unrouteAll({ behavior: 'wait' });
  }, 60_000);

  it('of messages are read back to the first with few of them drawn', async () => {
    await page.goto(`${visit.url}/inbox`);
    await page.getByRole('link', { name: `Person ${CHATS}` }).click();
    await chat.bubble(`Message ${MESSAGES}`).waitFor();
    const list = page.getByRole('list', { name: 'Messages' });
    const scroller = list.locator('..');
    await scroller.hover();
    await until('the first message', async () => {
      await page.mouse.wheel(0, -20_000);
      expect(await page.locator('article').count()).toBeLessThan(60);
      return (await chat.bubble(FIRST).count()) > 0 || undefined;
    });
    await chat.bubble(FIRST).waitFor();
    expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe(String(MESSAGES));
    await page.getByRole('button', { name: 'To the newest message' }).click();
    await chat.bubble(`Message ${MESSAGES}`).waitFor();
    await page.reload();
    await chat
      .bubble(`Message ${MESSAGES}`)
      .getByRole('button', { name: /The first/ })
      .click();
    // Thirty pages are loaded on the way.
    await page.locator('article:focus', { hasText: FIRST }).waitFor({ timeout: 90_000 });
  }, 180_000);
});
