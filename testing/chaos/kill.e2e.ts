import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { House, type LinkedNumber } from '../house/house.ts';
import { inOrder } from '../in-order.ts';
import { until } from '../until.ts';

const MESSAGES = 200;
const KILLS = 20;

let house: House;
let shop: LinkedNumber;
let customer: string;

beforeAll(async () => {
  house = await House.start();
  shop = await house.link(await house.register());
  customer = await house.phones.createPhone({ name: 'Customer' });
}, 120_000);
afterAll(() => house.stop());

const outTexts = Array.from({ length: MESSAGES }, (_, n) => `out ${n}`);
const inTexts = Array.from({ length: MESSAGES }, (_, n) => `in ${n}`);

/** The parts in turn: each is killed about as often as the others, and never in a pattern that the traffic could have. */
const parts = ['backend', 'postgres', 'sandbox'] as const;

async function crash(part: (typeof parts)[number]): Promise<void> {
  if (part === 'postgres') return house.crashPostgres();
  if (part === 'backend') return house.crash(house.node);
  await countUndecryptable(); // its counters end with it
  return house.crash(house.sandbox);
}

let undecryptable = 0;

async function countUndecryptable(): Promise<void> {
  undecryptable += (await house.phones.stats()).undecryptable;
}

/** What both sides hold by now; only grows. */
async function progress(): Promise<number> {
  const onPhone = await house.phones.messages(customer, shop.phone);
  const here = await shop.api.messages(shop.session);
  return onPhone.filter((m) => m.direction === 'in').length + here.filter((m) => m.direction === 'inbound').length;
}

it(`delivers ${MESSAGES} messages each way exactly once while backend, database and WhatsApp are killed ${KILLS} times`, async () => {
  let done = false;
  const traffic = Promise.all([
    (async () => {
      for (const text of outTexts) await shop.api.send(shop.session, `+${customer}`, text);
    })(),
    (async () => {
      for (const [n, text] of inTexts.entries()) {
        await house.phones.send(customer, { to: shop.phone, text, id: `3A${String(n).padStart(18, '0')}` });
      }
    })(),
  ]).finally(() => (done = true));

  // A kill each time that a little more has got through, so that the twenty are spread over the whole chat.
  for (let kill = 0; kill < KILLS; kill += 1) {
    const wanted = Math.floor(((kill + Math.random()) * 2 * MESSAGES) / (KILLS + 1));
    await until(`${wanted} messages before kill ${kill}`, async () => (await progress()) >= wanted, {
      timeoutMs: 120_000,
    });
    await crash(parts[kill % parts.length] ?? 'backend');
    // It may be on its way back, after five failures in a row with an error, but it is linked: nobody is asked for a QR.
    const state = await until('the session', async () => (await shop.api.session(shop.session)).state);
    expect(['connected', 'connecting', 'error']).toContain(state);
  }
  await traffic;
  expect(done).toBe(true);

  const onPhone = await until(
    'every message to reach the phone',
    async () => {
      const texts = (await house.phones.messages(customer, shop.phone))
        .filter((m) => m.direction === 'in')
        .map((m) => m.text);
      return texts.length >= MESSAGES && texts;
    },
    { timeoutMs: 120_000 },
  );
  expect(inOrder(onPhone)).toEqual(inOrder(outTexts));

  const settled = await until(
    'every message to be here, and delivered there',
    async () => {
      const all = await shop.api.messages(shop.session);
      const open = all.filter((m) => m.direction === 'outbound' && !['delivered', 'read'].includes(m.status));
      return all.length >= 2 * MESSAGES && open.length === 0 && all;
    },
    { timeoutMs: 120_000 },
  );
  const texts = (direction: string) => settled.filter((m) => m.direction === direction).map((m) => m.text);
  expect(inOrder(texts('inbound'))).toEqual(inOrder(inTexts));
  expect(inOrder(texts('outbound'))).toEqual(inOrder(outTexts));

  await countUndecryptable();
  expect(undecryptable).toBe(0);
  expect((await house.phones.stats()).unknownStanzas).toEqual({});
}, 420_000);
