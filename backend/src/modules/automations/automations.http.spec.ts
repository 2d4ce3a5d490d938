import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { anApiKey, aSession } from '../../testing/factories.ts';
import { aTemplate } from '../../testing/sending-factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { NotificationPage, NotificationView } from '../notifications/notifications.dto.ts';
import type { AutomationPage, AutomationRunPage, AutomationView, EventAccepted } from './automations.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  for (const one of [dana, omar]) await aSession(api.database.admin, idOf(one), { is_default: true });
});
afterAll(() => api.close());

const idOf = (person: TestPerson) => OrganizationId.parse(person.organization);
const template = (by = dana, over: object = {}) =>
  aTemplate(api.database.admin, idOf(by), { body: 'Hello {{customer_name}}.', ...over });

async function automation(over: object = {}, by = dana): Promise<AutomationView> {
  const wanted = { name: 'Shipped', event: `shipped_${randomUUID().replaceAll('-', '')}`, ...over };
  const template_id = 'template_id' in over ? over.template_id : await template(by);
  const { status, body } = await by.call<AutomationView>('POST', '/automations', { ...wanted, template_id });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
}
const eventOf = ({ event: name }: { event: string }, over: object = {}) => ({
  event_id: randomUUID(),
  name,
  phone_number: '+972501234567',
  variables: { customer_name: 'Maya' },
  ...over,
});
const tell = (event: object, by = dana) => by.call<EventAccepted>('POST', '/events', event);
const notifications = async ({ id }: { id: string }, by = dana) =>
  (await by.call<NotificationPage>('GET', `/notifications?automation_id=${id}`)).body.items;
const runs = async ({ id }: { id: string }) =>
  (await dana.call<AutomationRunPage>('GET', `/automations/${id}/runs`)).body.items;
const settled = async (of: { id: string }, state: string): Promise<NotificationView> => {
  await until(`it to be ${state}`, async () => (await notifications(of))[0]?.state === state);
  return (await notifications(of))[0] as NotificationView;
};
const messagesOf = async (template_id: string) =>
  (await dana.call<{ items: { id: string }[] }>('GET', `/messages?template_id=${template_id}`)).body.items;

describe('an event', () => {
  it('told fifty times at once acts once, and everybody hears the same', async () => {
    const made = await automation();
    const event = eventOf(made);
    const answers = await Promise.all(Array.from({ length: 50 }, () => tell(event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body.automations).toMatchObject([{ automation_id: made.id, outcome: 'acted', reason: null }]);
    const { message_id: message } = await settled(made, 'completed');
    expect(await notifications(made)).toHaveLength(1);
    expect(await messagesOf(made.template_id)).toMatchObject([
      { id: message, text: 'Hello Maya.', trigger: 'automation', template_id: made.template_id },
    ]);
    expect((await tell(event)).body).toEqual(answers[0]?.body);
  });

  it('under an id that another event had is refused; elsewhere that id is free', async () => {
    const [mine, theirs] = [await automation(), await automation({}, omar)];
    const event = eventOf(mine);
    expect((await tell(event)).status).toBe(202);
    expect(await tell({ ...event, variables: { customer_name: 'Noa' } })).toMatchObject({
      status: 409,
      body: { code: 'event_id_reused' },
    });
    expect((await tell({ ...event, name: theirs.event }, omar)).body.automations).toHaveLength(1);
    expect((await tell(eventOf(theirs))).body.automations).toEqual([]);
  });

  it('is told by a key that may tell events, and by no other', async () => {
    const made = await automation();
    const [writes, reads] = await Promise.all(
      (['events:write', 'read'] as const).map((scope) => anApiKey(api.database.admin, idOf(dana), [scope])),
    );
    const post = (token = '') =>
      fetch(`${api.url}/api/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(eventOf(made)),
      });
    expect([(await post(writes?.token)).status, (await post(reads?.token)).status]).toEqual([202, 403]);
  });

  it('that Wasel sees by itself, or that is about nobody, is refused', async () => {
    expect(await tell(eventOf({ event: 'message_received' }))).toMatchObject({ body: { code: 'event_name_reserved' } });
    expect(await tell({ event_id: 'x', name: 'shipped' })).toMatchObject({ status: 422 });
  });
});

describe('an automation', () => {
  it('says in its history why it did not act', async () => {
    const made = await automation({ conditions: [{ field: 'plan', operator: 'equals', value: 'pro' }] });
    const told = await tell(eventOf(made, { variables: { plan: 'free' } }));
    expect(told.body.automations).toMatchObject([
      { outcome: 'skipped', reason: 'conditions_not_met', notification_id: null },
    ]);
    expect(await runs(made)).toMatchObject([
      { reason: 'conditions_not_met', detail: 'plan', recipient: '+972501234567' },
    ]);
    expect(await notifications(made)).toEqual([]);
  });

  it('that is switched off acts on nothing, and what waits because of it is not told', async () => {
    const made = await automation({ delay_minutes: 60 });
    await tell(eventOf(made));
    expect(await notifications(made)).toMatchObject([{ state: 'pending' }]);
    await dana.call('PATCH', `/automations/${made.id}`, { enabled: false });
    expect((await tell(eventOf(made))).body.automations).toEqual([]);
    await due(made);
    expect(await settled(made, 'cancelled')).toMatchObject({ error_code: 'automation_off', message_id: null });
  });

  it('is refused what cannot be', async () => {
    const template_id = await template();
    const ask = (over: object) => dana.call('POST', '/automations', { name: 'x', event: 'x', template_id, ...over });
    expect(await ask({ channel: 'sms' })).toMatchObject({ status: 422, body: { code: 'sms_not_supported' } });
    expect(await ask({ template_id: randomUUID() })).toMatchObject({ body: { code: 'template_not_found' } });
    expect(await ask({ template_id: await template(omar) })).toMatchObject({ body: { code: 'template_not_found' } });
    expect(await ask({ session_id: randomUUID() })).toMatchObject({ body: { code: 'session_not_found' } });
    expect(await ask({ channel: 'email' })).toMatchObject({ body: { errors: [{ pointer: '#/subject' }] } });
    for (const event of ['message_received', 'contact_created'])
      expect(await ask({ event, channel: 'email', subject: 'Hello' })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '#/channel' }] },
      });
    expect(await ask({ days_before: 3 })).toMatchObject({ body: { errors: [{ pointer: '#/local_hour' }] } });
    expect(await ask({ event: 'subscription_expiring' })).toMatchObject({
      body: { errors: [{ pointer: '#/days_before' }] },
    });
  });

  it('says which variables of its template nothing fills yet, and is refused where nothing can', async () => {
    const template_id = await template(dana, { body: '{{contact_name}} {{plan}} {{shop}} {{order}}' });
    const variables = { shop: { text: 'Acme' }, order: { field: 'text' } };
    const ask = (over: object) => dana.call('POST', '/automations', { name: 'x', template_id, variables, ...over });
    for (const event of ['message_received', 'contact_created'])
      expect(await ask({ event })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '#/variables', detail: expect.stringContaining('{{plan}}') }] },
      });
    const plan = { text: 'Pro' };
    expect(await ask({ event: 'message_received', variables: { ...variables, plan } })).toMatchObject({
      status: 201,
      body: { unfilled_variables: [] },
    });
    const { status, body } = await ask({ event: 'order_shipped' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { unfilled_variables: ['contact_name', 'plan', 'order'] },
    });
    const change = (to: object) => dana.call('PATCH', `/automations/${String(body['id'])}`, to);
    expect((await change({ event: 'message_received' })).status).toBe(422);
    expect(await change({ event: 'message_received', variables: { ...variables, plan } })).toMatchObject({
      body: { unfilled_variables: [] },
    });
    // What was made before is switched off, whatever its template has become.
    await api.database.admin.query('update templates set body = $2 where id = $1', [template_id, '{{another}}']);
    expect(await change({ enabled: false })).toMatchObject({
      status: 200,
      body: { enabled: false, unfilled_variables: ['another'] },
    });
  });

  it('of another organization is not there', async () => {
    const made = await automation({ delay_minutes: 60 }, omar);
    await tell(eventOf(made), omar);
    const [waiting] = await notifications(made, omar);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/runs', undefined],
      ['PATCH', '', { enabled: false }],
      ['DELETE', '', undefined],
      ['POST', '/test', { to: '+972501234567' }],
    ] as const)
      expect(await dana.call(method, `/automations/${made.id}${path}`, body)).toMatchObject({
        status: 404,
        body: { code: 'automation_not_found' },
      });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
    ] as const)
      expect(await dana.call(method, `/notifications/${waiting?.id}${path}`)).toMatchObject({
        body: { code: 'notification_not_found' },
      });
    expect(await notifications(made)).toEqual([]);
    expect((await dana.call<AutomationPage>('GET', '/automations')).body.items.map(({ id }) => id)).not.toContain(
      made.id,
    );
  });

  it('is tried by hand, at once and whatever its conditions', async () => {
    const conditions = [{ field: 'plan', operator: 'exists' }];
    const made = await automation({ conditions, delay_minutes: 60, variables: { customer_name: { text: 'you' } } });
    const test = await dana.call('POST', `/automations/${made.id}/test`, { to: '+972501234567' });
    expect(test).toMatchObject({ status: 202, body: { trigger: 'test', recipient: '+972501234567' } });
    await settled(made, 'completed');
    expect(await messagesOf(made.template_id)).toMatchObject([{ text: 'Hello you.' }]);
    expect(await dana.call('POST', `/automations/${made.id}/test`, { to: 'me' })).toMatchObject({ status: 422 });
  });

  it('is read by viewers, and managed by admins', async () => {
    const [viewer, made] = [await api.hire(dana, 'viewer'), await automation()];
    expect((await viewer.call('GET', `/automations/${made.id}`)).status).toBe(200);
    expect((await viewer.call('PATCH', `/automations/${made.id}`, { enabled: false })).status).toBe(403);
    expect((await tell(eventOf(made), viewer)).status).toBe(403);
  });
});

describe('a notification', () => {
  it('can be cancelled while it is pending, and not after', async () => {
    const made = await automation({ delay_minutes: 60 });
    await tell(eventOf(made));
    const [waiting] = await notifications(made);
    const cancel = () => dana.call('POST', `/notifications/${waiting?.id}/cancel`);
    expect(await cancel()).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'notification_not_cancellable' } });
    expect(await runs(made)).toMatchObject([{ notification_state: 'cancelled' }]);
  });

  it('fails at once with what a person has to put right', async () => {
    const made = await automation();
    await tell(eventOf(made, { variables: {} }));
    expect(await settled(made, 'failed')).toMatchObject({
      error_code: 'template_variables_missing',
      error_detail: expect.stringContaining('customer_name'),
      attempts: 1,
    });
  });

  it('by mail is a mail, in the words of the template', async () => {
    const made = await automation({ channel: 'email', subject: 'On its way' });
    await tell(eventOf(made, { email: 'maya@example.com' }));
    await settled(made, 'completed');
    const { rows } = await api.database.admin.query(
      `select kind, recipient from private.mails where recipient = 'maya@example.com'`,
    );
    expect(rows).toEqual([{ kind: 'notification', recipient: 'maya@example.com' }]);
  });

  it('whose node dies between taking it and its message is made by another, once', async () => {
    const made = await automation({ delay_minutes: 60 });
    await tell(eventOf(made));
    await api.database.admin.query(
      `create function private.die() returns trigger language plpgsql as $$ begin raise exception 'the power is gone'; end $$;
       create trigger die before update on notifications for each row when (new.state = 'completed') execute function private.die()`,
    );
    try {
      await due(made);
      await until('it to fail', async () => (await notifications(made))[0]?.error_code === 'internal_error');
      expect(await notifications(made)).toMatchObject([{ state: 'pending', attempts: 1, message_id: null }]);
      expect(await messagesOf(made.template_id)).toEqual([]);
    } finally {
      await api.database.admin.query('drop trigger die on notifications; drop function private.die()');
    }
    // Taken by a node that is no more.
    await api.database.admin.query(
      `update notifications set state = 'processing', attempts = 2, due_at = now() - interval '1 s' where automation_id = $1`,
      [made.id],
    );
    expect(await settled(made, 'completed')).toMatchObject({ attempts: 3 });
    expect(await messagesOf(made.template_id)).toHaveLength(1);
  });

  it('is given up after three tries', async () => {
    const made = await automation({ delay_minutes: 60 });
    await tell(eventOf(made));
    await api.database.admin.query(
      `update notifications set state = 'processing', attempts = 3, due_at = now() - interval '1 s' where automation_id = $1`,
      [made.id],
    );
    expect(await settled(made, 'failed')).toMatchObject({ error_code: 'interrupted' });
    expect(await messagesOf(made.template_id)).toEqual([]);
  });

  it('is made by one of two nodes', async () => {
    await api.anotherNode();
    const made = await automation({ delay_minutes: 60 });
    for (let n = 0; n < 30; n += 1) await tell(eventOf(made));
    await due(made);
    await until('all to be made', async () => (await notifications(made)).every(({ state }) => state === 'completed'));
    expect(await messagesOf(made.template_id)).toHaveLength(30);
  }, 30_000);

  it('is found by its state, its channel and whom it is for, page by page', async () => {
    const made = await automation({ delay_minutes: 60 });
    for (const phone_number of ['+972501111111', '+972502222222', '+972503333333'])
      await tell(eventOf(made, { phone_number }));
    const found = async (query: string) =>
      (await dana.call<NotificationPage>('GET', `/notifications?automation_id=${made.id}&${query}`)).body;
    expect((await found('recipient=2222222')).items).toHaveLength(1);
    expect((await found('state=completed')).items).toEqual([]);
    const first = await found('limit=2&channel=whatsapp');
    const second = await found(`limit=2&channel=whatsapp&cursor=${first.next_cursor}`);
    expect([...first.items, ...second.items].map(({ recipient }) => recipient)).toEqual([
      '+972503333333',
      '+972502222222',
      '+972501111111',
    ]);
  });
});

/** Its time has come. */
async function due({ id }: { id: string }): Promise<void> {
  await api.database.admin.query(`update notifications set due_at = now() - interval '1 s' where automation_id = $1`, [
    id,
  ]);
}
