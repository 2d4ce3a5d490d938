import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { addDays, localDate } from '../../kernel/local-time.ts';
import { aSession } from '../../testing/factories.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { ContactDay, ContactDetail } from '../contacts/contacts.dto.ts';
import type { NotificationPage, NotificationView } from '../notifications/notifications.dto.ts';
import type { AutomationRunPage, AutomationView } from './automations.dto.ts';

/** The one time zone of the people here. */
const ZONE = 'Asia/Jerusalem';

let api: TestApi;
let dana: TestPerson;
let template: string;
beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana', 'Acme');
  const organization = OrganizationId.parse(dana.organization);
  await aSession(api.database.admin, organization, { is_default: true });
  template = await aTemplate(api.database.admin, organization, {
    body: 'Happy {{day_name}}, {{contact_name}}: {{years}}.',
  });
});
afterAll(() => api.close());

let people = 0;
const phoneOf = (n: number) => `+97250${String(1_000_000 + n)}`;
const tomorrow = (year = 1992) => dayIn(1, year);
/** Of the year, in so many days. */
const dayIn = (days: number, year: number | null) => {
  const [, month, day] = addDays(localDate(new Date(), ZONE), days).split('-').map(Number);
  return { month: month ?? 0, day: day ?? 0, year };
};
async function person(...days: readonly ContactDay[]): Promise<ContactDetail> {
  const made = await dana.call<ContactDetail>('POST', '/contacts', { phone_number: phoneOf(++people), name: 'Noa' });
  return days.length > 0 ? set(made.body, ...days) : made.body;
}
const set = async ({ id }: { id: string }, ...days: readonly ContactDay[]) =>
  (await dana.call<ContactDetail>('PUT', `/contacts/${id}/days`, { days })).body;
const ask = (over: object = {}) =>
  dana.call<AutomationView>('POST', '/automations', {
    name: 'Wishes',
    event: 'contact_day',
    day_name: 'birthday',
    days_before: 0,
    local_hour: 9,
    template_id: template,
    ...over,
  });
/** On a day that no other test has. */
async function automation(over: object = {}): Promise<AutomationView & { day_name: string }> {
  const { status, body } = await ask({ day_name: `day ${++people}`, ...over });
  expect({ status, body }).toMatchObject({ status: 201 });
  return { ...body, day_name: body.day_name ?? '' };
}
const notifications = async ({ id }: { id: string }): Promise<NotificationView[]> =>
  (await dana.call<NotificationPage>('GET', `/notifications?automation_id=${id}`)).body.items;
const states = async (of: { id: string }) => (await notifications(of)).map(({ state }) => state).toSorted();
const become = (of: { id: string }, ...wanted: string[]) =>
  until(`it to be ${wanted.join(', ')}`, async () => (await states(of)).join() === wanted.toSorted().join());
/** Its hour has come. */
const due = ({ id }: { id: string }) =>
  api.database.admin.query(
    `update notifications set due_at = now() - interval '1 s' where automation_id = $1 and due_at is not null`,
    [id],
  );

describe('an automation on a day of contacts', () => {
  it('tells people on their day, once, in their words', async () => {
    const made = await automation();
    const noa = await person({ name: made.day_name.toUpperCase(), ...tomorrow() });
    await become(made, 'pending');
    const [waiting] = await notifications(made);
    const date = addDays(localDate(new Date(), ZONE), 1);
    expect(waiting).toMatchObject({ recipient: noa.phone_number, related_type: 'contact', related_id: noa.id });
    expect(localDate(new Date(waiting?.scheduled_for ?? 0), ZONE)).toBe(date);
    expect(waiting?.variables).toMatchObject({ date, years: String(Number(date.slice(0, 4)) - 1992) });
    await dana.call('PATCH', `/automations/${made.id}`, { name: 'Best wishes' }); // it looks again
    await dana.call('PATCH', `/contacts/${noa.id}`, { name: 'Noa Levi' });
    await due(made);
    await become(made, 'completed');
    const { body } = await dana.call<AutomationRunPage>('GET', `/automations/${made.id}/runs`);
    expect(body.items).toMatchObject([{ outcome: 'acted', event: 'contact_day', notification_state: 'completed' }]);
    const said = await dana.call<{ items: { text: string }[] }>('GET', `/messages?template_id=${template}`);
    expect(said.body.items[0]?.text).toMatch(/^Happy DAY \d+, Noa: \d+\.$/);
  });

  it('has those planned whose days were there before it, and those whose number is learnt', async () => {
    const name = `day ${++people}`;
    await person({ name, ...tomorrow() });
    const made = await automation({ day_name: name });
    await become(made, 'pending');
    await person({ name, ...dayIn(40, null) });
    expect(await states(made)).toEqual(['pending']);
    await dana.call('PATCH', `/automations/${made.id}`, { days_before: 40 });
    await become(made, 'pending', 'pending');
  });

  it('tells nothing for a day that was changed, and tells for the new one', async () => {
    const made = await automation();
    const noa = await person({ name: made.day_name, ...tomorrow() });
    await become(made, 'pending');
    await set(noa, { name: made.day_name, ...tomorrow(1996) });
    await become(made, 'cancelled', 'pending');
    const cancelled = (await notifications(made)).filter(({ state }) => state === 'cancelled');
    expect(cancelled).toMatchObject([{ error_code: 'contact_day_changed' }]);
    await set(noa);
    await become(made, 'cancelled', 'cancelled');
  });

  it('looks at the day again when its hour has come, whatever it missed', async () => {
    const made = await automation();
    const noa = await person({ name: made.day_name, ...tomorrow() });
    await become(made, 'pending');
    await dana.call('PATCH', `/automations/${made.id}`, { enabled: false }); // so that it hears of no change
    await set(noa);
    await dana.call('PATCH', `/automations/${made.id}`, { enabled: true });
    await due(made);
    await become(made, 'cancelled');
    expect(await notifications(made)).toMatchObject([{ error_code: 'contact_day_changed' }]);
  });

  it('that is off by then tells nothing', async () => {
    const made = await automation();
    await person({ name: made.day_name, ...tomorrow() });
    await become(made, 'pending');
    await dana.call('PATCH', `/automations/${made.id}`, { enabled: false });
    await due(made);
    await become(made, 'cancelled');
    expect(await notifications(made)).toMatchObject([{ error_code: 'automation_off' }]);
  });

  it('tells a person once who was two contacts, and by the day of the one that is shown', async () => {
    const made = await automation();
    const name = made.day_name;
    const [a, b, c] = [
      await person(),
      await person({ name, ...tomorrow() }),
      await person({ name, ...dayIn(1, 2000) }),
    ];
    await become(made, 'pending', 'pending');
    await dana.call('POST', `/contacts/${a.id}/merge`, { with: b.id }); // which has no such day of its own
    await dana.call('POST', `/contacts/${a.id}/merge`, { with: c.id });
    await become(made, 'cancelled', 'pending');
    const told = (await notifications(made)).find(({ state }) => state === 'pending');
    expect(told).toMatchObject({ related_id: b.id });
    await due(made);
    await become(made, 'cancelled', 'completed');
  });

  it('is refused without a day, a number of days and an hour; no other event has a day', async () => {
    const refused = async (over: object) =>
      ((await ask(over)).body as unknown as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(await refused({ day_name: null })).toEqual(['#/day_name']);
    expect(await refused({ days_before: null, local_hour: null })).toEqual(['#/days_before']);
    expect(await refused({ event: 'order_shipped' })).toEqual(['#/day_name']);
    expect(
      await dana.call('POST', '/events', { event_id: 'x', name: 'contact_day', phone_number: phoneOf(0) }),
    ).toMatchObject({ body: { code: 'event_name_reserved' } });
  });
});
