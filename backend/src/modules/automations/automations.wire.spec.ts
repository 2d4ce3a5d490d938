import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber, whatsAppIdOf } from '../../testing/wire.ts';
import type { ContactPage } from '../contacts/contacts.dto.ts';
import type { MessagePage } from '../messages/messages.dto.ts';
import type { NotificationPage } from '../notifications/notifications.dto.ts';
import type { AutomationRunPage, AutomationView } from './automations.dto.ts';

let wire: Wire;
let number: WireNumber;
beforeAll(async () => {
  wire = await Wire.start();
  number = await wire.link();
}, 60_000);
afterAll(() => wire.close());

const call = async <T>(method: string, path: string, body?: unknown) => (await wire.api.call(method, path, body)) as T;
const e164 = (phone: string) => `+${phone.replace('+', '')}`;
const write = (customer: string, text: string) => wire.phones.send(customer, { to: number.phone, text });
const arrived = (customer: string, text: string) =>
  until(`“${text}” to be with ${customer}`, async () => (await wire.textsOnPhone(customer, number)).includes(text));

async function automation(
  over: object,
  body = 'Hello {{contact_name}}, we are open until nine.',
): Promise<AutomationView> {
  const template = await call<{ id: string }>('POST', '/templates', { name: 'Hours', language: 'en', body });
  const wanted = { name: 'Hours', session_id: number.session, template_id: template.id, ...over };
  return call<AutomationView>('POST', '/automations', wanted);
}
const end = ({ id }: AutomationView) => wire.api.call('PATCH', `/automations/${id}`, { enabled: false });
const runs = ({ id }: AutomationView) => call<AutomationRunPage>('GET', `/automations/${id}/runs`);
const contact = async (phone: string) =>
  (await call<ContactPage>('GET', `/contacts?search=${phone.replace('+', '')}`)).items[0];
const optedOut = (phone: string, is: boolean) =>
  until(
    `${phone} to be opted ${is ? 'out' : 'in'}`,
    async () => ((await contact(phone))?.opted_out_at !== null) === is,
  );
const messages = async (phone: string) =>
  (await call<MessagePage>('GET', `/messages?session_id=${number.session}&direction=outbound`)).items.filter(
    ({ related_id }) => related_id === phone,
  );

it('answers who writes a keyword, once for each message, and nobody else', async () => {
  const noa = await wire.phones.createPhone({ name: 'Noa' });
  const made = await automation({ event: 'message_received', keywords: ['hours', 'שעות'], keyword_match: 'contains' });
  await write(noa, 'Good morning');
  await wire.phones.send(noa, { to: number.phone, text: 'Your HOURS?', id: whatsAppIdOf('hours') });
  await arrived(noa, 'Hello Noa, we are open until nine.');
  await write(noa, 'מה השעות? שעות!');
  await until('a second answer', async () => (await wire.textsOnPhone(noa, number)).length === 2);
  expect((await runs(made)).items.map(({ outcome, event }) => [outcome, event])).toEqual([
    ['acted', 'message_received'],
    ['acted', 'message_received'],
  ]);

  // Two machines would answer each other for ever.
  for (const text of ['hours, once more', 'hours, and again']) await write(noa, text);
  await until('it to have enough', async () => (await runs(made)).items[0]?.reason === 'too_often');
  await until('the third answer', async () => (await wire.textsOnPhone(noa, number)).length === 3);
  await end(made);
}, 60_000);

it('greets who writes for the first time, once', async () => {
  const made = await automation({ event: 'contact_created' }, 'Welcome, {{contact_name}}.');
  const maya = await wire.phones.createPhone({ name: 'Maya' });
  await write(maya, 'Hi');
  await arrived(maya, 'Welcome, Maya.');
  await write(maya, 'Hi again');
  // Whom we write first is no new contact of theirs.
  const stranger = await wire.phones.createPhone();
  const text = { type: 'text', session_id: number.session, to: e164(stranger), text: 'by hand' };
  await wire.api.call('POST', '/messages/send', text);
  await arrived(stranger, 'by hand');
  const after = await wire.phones.createPhone({ name: 'Last' });
  await write(after, 'Hi');
  await arrived(after, 'Welcome, Last.');
  expect(await wire.textsOnPhone(maya, number)).toEqual(['Welcome, Maya.']);
  expect(await wire.textsOnPhone(stranger, number)).toEqual(['by hand']);
  await end(made);
}, 60_000);

it.each(['Stop!', 'הָסֵר', 'الغاء'])(
  'what waits for somebody who writes “%s” does not leave, but what a person writes does',
  async (stop) => {
    const [omar, dana] = [
      await wire.phones.createPhone({ name: 'Omar' }),
      await wire.phones.createPhone({ name: 'Dana' }),
    ];
    await write(omar, 'Hi');
    await until('him to be known', async () => (await contact(omar)) !== undefined);
    const scheduled_at = new Date(Date.now() + 3_000).toISOString();
    const many = [omar, dana].map((phone) => ({
      to: e164(phone),
      text: 'Our sale',
      related_id: phone,
      related_type: 'sale',
    }));
    await wire.api.call('POST', '/messages/send-bulk', { session_id: number.session, messages: many, scheduled_at });
    await write(omar, stop);
    await optedOut(omar, true);
    await arrived(dana, 'Our sale');
    await until('his to be given up', async () => (await messages(omar))[0]?.status === 'failed');
    expect(await messages(omar)).toMatchObject([{ error_code: 'opted_out' }]);

    const told = await automation({ event: 'sale_ended', session_id: number.session }, 'It is over.');
    const tell = () =>
      wire.api.call('POST', '/events', { event_id: randomUUID(), name: 'sale_ended', phone_number: e164(omar) });
    const notifications = async () =>
      (await call<NotificationPage>('GET', `/notifications?automation_id=${told.id}`)).items;
    await tell();
    await until('it to be skipped', async () => (await notifications())[0]?.state === 'cancelled');
    expect(await notifications()).toMatchObject([{ error_code: 'opted_out', message_id: null }]);

    const text = { type: 'text', session_id: number.session, to: e164(omar), text: 'Sorry for that.' };
    await wire.api.call('POST', '/messages/send', text);
    await arrived(omar, 'Sorry for that.');
    await write(omar, 'start');
    await optedOut(omar, false);
    await tell();
    await arrived(omar, 'It is over.');
    expect(await wire.textsOnPhone(omar, number)).toEqual(['Sorry for that.', 'It is over.']);
    await end(told);
  },
  60_000,
);
