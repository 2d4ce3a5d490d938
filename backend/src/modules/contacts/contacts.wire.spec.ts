import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import { MessageView, SendAccepted } from '../messages/messages.dto.ts';
import { ContactDetail, ContactPage, NumberCheckResult } from './contacts.dto.ts';

let wire: Wire;
let number: WireNumber;
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
}, 60_000);
afterAll(() => wire.close());

/** In Brazil a mobile number has a ninth digit that WhatsApp's older accounts do not have. */
const brazilian = async (last: number) => {
  const [canonical, written] = [`55118765432${last}`, `551198765432${last}`];
  await wire.phones.call('POST', '/phones', { phone: canonical, name: `Bia ${last}`, otherForms: [written] });
  return { canonical, written };
};
const send = async (to: string, text: string) =>
  SendAccepted.parse(
    await wire.api.call('POST', '/messages/send', { type: 'text', session_id: number.session, to: `+${to}`, text }),
  );
const contacts = async (search: string) =>
  ContactPage.parse(await wire.api.call('GET', `/contacts?search=${encodeURIComponent(search)}`)).items;
const detail = async (id: string) => ContactDetail.parse(await wire.api.call('GET', `/contacts/${id}`));
const check = async (...phones: string[]) =>
  NumberCheckResult.parse(
    await wire.api.call('POST', '/contacts/check', {
      session_id: number.session,
      phone_numbers: phones.map((p) => `+${p}`),
    }),
  ).items;
const arrived = (at: string, text: string) =>
  until(`"${text}" at ${at}`, async () => (await wire.textsOnPhone(at, number)).includes(text));

it('what is sent to a written form reaches the number that WhatsApp has, and the answer comes to the same conversation', async () => {
  const { canonical, written } = await brazilian(1);
  const first = await send(written, 'Olá');
  await arrived(canonical, 'Olá');
  await wire.phones.call('POST', `/phones/${canonical}/messages`, { to: number.phone, text: 'Oi' });
  await until('the answer', async () => (await wire.textsReceived(number)).includes('Oi'));
  const found = await contacts('Bia 1');
  expect(found).toMatchObject([{ phone_number: `+${canonical}` }]);
  const { addresses, conversations } = await detail(found[0]?.id ?? '');
  expect(conversations.map(({ id }) => id)).toEqual([first.conversation_id]);
  expect(addresses).toContainEqual(expect.objectContaining({ kind: 'written_form', phone_number: `+${written}` }));
  const again = await send(written, 'Tudo bem?');
  expect(again.conversation_id).toBe(first.conversation_id);
  await arrived(canonical, 'Tudo bem?');
}, 60_000);

it('who wrote first, and is then written to under another form, stays one person', async () => {
  const { canonical, written } = await brazilian(2);
  await wire.phones.call('POST', `/phones/${canonical}/messages`, { to: number.phone, text: 'Bom dia' });
  const [bia] = await until('her', async () => {
    const found = await contacts('Bia 2');
    return found.length > 0 ? found : undefined;
  });
  await send(written, 'Bom dia!');
  await arrived(canonical, 'Bom dia!');
  await until(
    'one contact',
    async () => (await contacts('8765432')).filter((one) => one.phone_number?.endsWith('2')).length === 1,
  );
  const merged = await detail(bia?.id ?? '');
  expect(merged.conversations).toHaveLength(1);
  expect(merged.merges).toMatchObject([{ phone_number: `+${written}`, source: 'check' }]);
}, 60_000);

it('numbers are checked, those that are not there too, and are not asked for again', async () => {
  const { canonical, written } = await brazilian(3);
  const asked = async () => (await wire.phones.call<{ stanzas: { in: number } }>('GET', '/stats')).stanzas.in;
  const expected = [
    { phone_number: `+${written}`, on_whatsapp: 'true', canonical: `+${canonical}` },
    { phone_number: '+972541119999', on_whatsapp: 'false', canonical: null },
  ];
  expect(await check(written, '972541119999')).toEqual(expected);
  const before = await asked();
  expect(await check(written, '972541119999')).toEqual(expected);
  const { message_id: id } = await send('972541119999', 'Anybody?');
  await until('it to fail', async () => {
    const message = MessageView.parse(await wire.api.call('GET', `/messages/${id}`));
    return message.status === 'failed' && message.error_code === 'not_on_whatsapp';
  });
  expect(await asked()).toBe(before);
}, 60_000);
