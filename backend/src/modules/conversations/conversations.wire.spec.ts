import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber, whatsAppIdOf } from '../../testing/wire.ts';
import { ConversationPage, ConversationView } from './conversations.dto.ts';

let wire: Wire;
let number: WireNumber;
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
}, 60_000);
afterAll(() => wire.close());

const conversations = async (search: string) =>
  ConversationPage.parse(await wire.api.call('GET', `/conversations?search=${encodeURIComponent(search)}`)).items;

/** The conversation with a customer once all of it that is unread has come in. */
const withUnread = (customer: string, count: number) =>
  until(`${count} unread of ${customer}`, async () =>
    (await conversations(customer)).find(({ unread_count }) => unread_count === count),
  );

const write = (customer: string, text: string) =>
  wire.phones.send(customer, { to: number.phone, text, id: whatsAppIdOf(text) });

/** How far each message has come, as the customer's phone shows it. */
const ticks = async (customer: string) =>
  (await wire.phones.messages(customer, number.phone)).map(({ text, status }) => [text, status]);
const ticked = (customer: string, expected: [string, string][]) =>
  until(`the ticks of ${customer}`, async () => JSON.stringify(await ticks(customer)) === JSON.stringify(expected));

it('what is read here turns blue on the phone of who wrote it, and of nobody else', async () => {
  const noa = await wire.phones.createPhone({ name: 'Noa' });
  const omar = await wire.phones.createPhone({ name: 'Omar' });
  for (const text of ['Hello', 'Are you there?']) await write(noa, text);
  await write(omar, 'Good morning');
  const [hers, his] = [await withUnread(noa, 2), await withUnread(omar, 1)];
  await ticked(noa, [
    ['Hello', 'delivered'],
    ['Are you there?', 'delivered'],
  ]);
  await ticked(omar, [['Good morning', 'delivered']]);

  expect(await wire.api.call('POST', `/conversations/${hers.id}/read`)).toBeUndefined();
  expect(await wire.api.call('GET', `/conversations/${hers.id}`)).toMatchObject({ unread_count: 0 });
  await ticked(noa, [
    ['Hello', 'read'],
    ['Are you there?', 'read'],
  ]);

  await write(noa, 'And now?');
  expect(await withUnread(noa, 1)).toMatchObject({
    id: hers.id,
    last_message: { preview: 'And now?', direction: 'inbound' },
  });
  await ticked(noa, [
    ['Hello', 'read'],
    ['Are you there?', 'read'],
    ['And now?', 'delivered'],
  ]);
  expect(await ticks(omar)).toEqual([['Good morning', 'delivered']]);
  expect(await wire.api.call('GET', `/conversations/${his.id}`)).toMatchObject({ unread_count: 1 });
});

it('what is read while the number is away turns blue when it is back', async () => {
  const tal = await wire.phones.createPhone({ name: 'Tal' });
  await write(tal, 'Anybody?');
  const { id } = await withUnread(tal, 1);
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`);
  await until('it to be away', async () => (await wire.api.session(number.session)).state === 'disconnected');
  await wire.api.call('POST', `/conversations/${id}/read`);
  expect(await ticks(tal)).toEqual([['Anybody?', 'delivered']]);
  await wire.api.call('POST', `/sessions/${number.session}/connect`);
  await ticked(tal, [['Anybody?', 'read']]);
});

it('who answers, after we opened the conversation, is found in it under his own name', async () => {
  const gil = await wire.phones.createPhone({ name: 'Gil Mor' });
  const opened = ConversationView.parse(await wire.api.call('POST', '/conversations', { to: `+${gil}` }));
  expect(opened.contact).toMatchObject({ phone_number: `+${gil}`, name: null });
  await write(gil, 'Who is this?');
  expect(await withUnread(gil, 1)).toMatchObject({ id: opened.id, contact: { ...opened.contact, name: 'Gil Mor' } });
  expect((await conversations('gil m')).map(({ id }) => id)).toEqual([opened.id]);
});
