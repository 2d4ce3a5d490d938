import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../../testing/until.ts';
import { Wire } from '../../../testing/wire.ts';
import type { ContactPage } from '../../contacts/contacts.dto.ts';
import type { ConversationPage } from '../../conversations/conversations.dto.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start();
}, 120_000);
afterAll(() => wire.close());

it('what was said in groups before a number was linked lies in their conversations, with who wrote it', async () => {
  const [shop, noa, omar] = await Promise.all(['Shop', 'Noa', 'Omar'].map((name) => wire.phones.createPhone({ name })));
  const { id: jid } = await wire.phones.call<{ id: string }>('POST', '/groups', {
    owner: noa,
    subject: 'Neighbours',
    participants: [shop, omar],
  });
  const says = async (phone: string | undefined, text: string) => {
    await wire.phones.send(String(phone), { to: jid, text });
    await until(`the shop to have ${text}`, async () =>
      (await wire.phones.messages(String(shop), jid)).some((one) => one.text === text),
    );
  };
  await says(noa, 'Who has the key?');
  await says(shop, 'We do.');
  await says(omar, 'Thank you!');
  const { id: session, qr } = await wire.api.createWithQr('Shop');
  await wire.phones.call('POST', `/phones/${shop}/scan`, { qr });
  await wire.connected(session);
  const messages = await until('all of it', async () => {
    const all = await wire.api.messages(session);
    return all.length === 3 ? all : undefined;
  });
  const told = messages.map(({ direction, text, sender }) => [direction, text, sender?.phone_number ?? null]);
  expect(told.toSorted((a, b) => String(a[1]).localeCompare(String(b[1])))).toEqual([
    ['inbound', 'Thank you!', `+${omar}`],
    ['outbound', 'We do.', null],
    ['inbound', 'Who has the key?', `+${noa}`],
  ]);
  const conversations = (await wire.api.call('GET', `/conversations?session_id=${session}`)) as ConversationPage;
  expect(conversations.items).toEqual([
    expect.objectContaining({
      contact: null,
      unread_count: 0,
      group: expect.objectContaining({ jid, subject: 'Neighbours' }),
    }),
  ]);
  const people = (await wire.api.call('GET', '/contacts')) as ContactPage;
  expect(people.items).toEqual([]); // nobody is a contact for having been in a group

  await wire.phones.send(String(noa), { to: jid, text: 'Good.' });
  await wire.api.waitForText(session, 'Good.', ['received']);
  expect(new Set((await wire.api.messages(session)).map((one) => one.conversation_id)).size).toBe(1);
}, 120_000);
