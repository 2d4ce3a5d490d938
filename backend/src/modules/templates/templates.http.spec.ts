import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { MessageView } from '../messages/messages.dto.ts';
import { SYSTEM_TEMPLATES } from './system-templates.ts';
import type { TemplatePage, TemplateView } from './templates.dto.ts';

let api: TestApi;
let dana: TestPerson;
let omar: TestPerson;
let session: string;
beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana', 'Acme');
  omar = await api.signUpOwner('Omar', 'Other');
  session = await aSession(api.database.admin, OrganizationId.parse(dana.organization), { is_default: true });
  await aSession(api.database.admin, OrganizationId.parse(omar.organization), { is_default: true });
});
afterAll(() => api.close());

const make = async (over: object = {}, by = dana) =>
  (
    await by.call<TemplateView>('POST', '/templates', {
      name: 'Order',
      language: 'en',
      body: 'Hello {{name}}, order {{order}} is here.',
      ...over,
    })
  ).body;
const sendBy = (template: string, parameters: object, over: object = {}, key: Record<string, string> = {}, by = dana) =>
  by.call<{ message_id: string }>(
    'POST',
    '/messages/send-template',
    { to: '+972501234567', template_id: template, parameters, ...over },
    key,
  );
const [system] = SYSTEM_TEMPLATES;

async function upload(content: Buffer, name: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(content)]), name);
  return (await dana.call<{ id: string }>('POST', '/media/upload', form)).body.id;
}

describe('templates', () => {
  it('are listed with those that come with Wasel last, page by page, each once', async () => {
    for (const name of ['One', 'Two', 'Three']) await make({ name });
    const seen: TemplateView[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body }: { body: TemplatePage } = await dana.call('GET', `/templates?limit=4${from}`);
      seen.push(...body.items);
      cursor = body.next_cursor;
    }
    expect(seen.slice(0, 3).map(({ name }) => name)).toEqual(['Three', 'Two', 'One']);
    expect(seen.slice(3)).toEqual(
      SYSTEM_TEMPLATES.map(({ id, name, body }) => expect.objectContaining({ id, name, body, system: true })),
    );
    const found = async (query: string) =>
      (await dana.call<TemplatePage>('GET', `/templates?${query}`)).body.items.map(({ name }) => name);
    expect(await found('search=TWO')).toEqual(['Two']);
    expect(await found('search=%25')).toEqual([]);
    expect(await found('category=payment_reminder&language=he')).toEqual(['תזכורת לתשלום']);
    expect(await found('active=false')).toEqual([]);
  });

  it('that come with Wasel can be copied, and not be changed or deleted', async () => {
    for (const method of ['PATCH', 'DELETE'])
      expect(await dana.call(method, `/templates/${system?.id}`, { name: 'Mine' })).toMatchObject({
        status: 403,
        body: { code: 'template_system' },
      });
    const { status, body } = await dana.call<TemplateView>('POST', `/templates/${system?.id}/copy`, { name: 'Mine' });
    expect({ status, body }).toMatchObject({ status: 201, body: { name: 'Mine', system: false, body: system?.body } });
    expect((await dana.call('PATCH', `/templates/${body.id}`, { body: 'Hi {{x}}' })).body).toMatchObject({
      body: 'Hi {{x}}',
      variables: ['x'],
    });
    expect((await dana.call('DELETE', `/templates/${body.id}`)).status).toBe(204);
    expect((await dana.call('GET', `/templates/${body.id}`)).status).toBe(404);
  });

  it('of another organization are not there', async () => {
    const { id } = await make({}, omar);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/copy', {}],
      ['POST', '/preview', {}],
    ] as const)
      expect(await dana.call(method, `/templates/${id}${path}`, body)).toMatchObject({
        status: 404,
        body: { code: 'template_not_found' },
      });
    expect(await sendBy(id, { name: 'a', order: 'b' })).toMatchObject({ body: { code: 'template_not_found' } });
  });

  it('are managed by admins, and used by agents', async () => {
    const agent = await api.hire(dana, 'agent');
    const { id } = await make();
    expect((await agent.call('PATCH', `/templates/${id}`, { name: 'x' })).status).toBe(403);
    expect((await sendBy(id, { name: 'a', order: 'b' }, {}, {}, agent)).status).toBe(202);
  });

  it('show what a person would read', async () => {
    const { id } = await make();
    const preview = await dana.call('POST', `/templates/${id}/preview`, { parameters: { name: '{{order}}' } });
    expect(preview).toMatchObject({
      status: 200,
      body: { text: 'Hello {{order}}, order {{order}} is here.', missing: ['order'] },
    });
  });

  it('have a file above a text that fits below it', async () => {
    const file = await upload(Buffer.from('%PDF-1.4 contract'), 'contract.pdf');
    const header = { type: 'document', media_id: file };
    expect(
      await dana.call('POST', '/templates', { name: 'A', language: 'en', body: 'a'.repeat(1025), header }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/body' }] },
    });
    const image = { type: 'image', media_id: file };
    expect(
      await dana.call('POST', '/templates', { name: 'A', language: 'en', body: 'a', header: image }),
    ).toMatchObject({
      body: { code: 'media_type_mismatch' },
    });
    const { id } = await make({ header });
    const { body } = await sendBy(id, { name: 'Dana', order: 7 });
    expect((await dana.call('GET', `/messages/${body.message_id}`)).body).toMatchObject({
      type: 'document',
      text: 'Hello Dana, order 7 is here.',
      media: { id: file },
    });
    expect(await sendBy(id, { name: 'x'.repeat(1024), order: '7' })).toMatchObject({
      status: 422,
      body: { code: 'template_text_too_long', max: 1024 },
    });
  });
});

describe('a message of a template', () => {
  it('keeps what it came of, and counts', async () => {
    const { id } = await make();
    const parameters = { name: '*Dana* {{order}}', order: 1042, other: 'left aside' };
    const related = { related_type: 'invoice', related_id: 'A-17' };
    const { status, body } = await sendBy(id, parameters, related);
    expect(status).toBe(202);
    const { body: view } = await dana.call<MessageView>('GET', `/messages/${body.message_id}`);
    expect(view).toMatchObject({
      text: 'Hello ∗Dana∗ {{order}}, order 1042 is here.',
      trigger: 'dashboard',
      sent_by: { type: 'user', id: await dana.id() },
      template_id: id,
      template_parameters: { name: '*Dana* {{order}}', order: '1042' },
      ...related,
      job_id: null,
    });
    expect((await dana.call('GET', `/templates/${id}`)).body).toMatchObject({
      use_count: 1,
      last_used_at: expect.any(String),
    });
    for (const query of [`template_id=${id}`, 'related_type=invoice&related_id=A-17', `trigger=dashboard&limit=1`])
      expect((await dana.call('GET', `/messages?${query}`)).body['items']).toMatchObject([{ id: view.id }]);
    expect((await dana.call('GET', '/messages?trigger=bulk')).body['items']).toEqual([]);
  });

  it('names every value that is missing, and is not accepted then', async () => {
    const { id } = await make();
    expect(await sendBy(id, { order: ' ' })).toMatchObject({
      status: 422,
      body: { code: 'template_variables_missing', missing: ['name', 'order'] },
    });
    expect((await dana.call('GET', `/templates/${id}`)).body).toMatchObject({ use_count: 0 });
  });

  it('is not sent by one that is switched off', async () => {
    const { id } = await make({ active: false });
    expect(await sendBy(id, { name: 'a', order: 'b' })).toMatchObject({
      status: 409,
      body: { code: 'template_inactive' },
    });
  });

  it('is accepted once under one key, and all at once', async () => {
    const { id } = await make();
    const key = { 'idempotency-key': randomUUID() };
    const values = { name: 'a', order: 'b' };
    const same = await Promise.all(Array.from({ length: 5 }, () => sendBy(id, values, {}, key)));
    expect(new Set(same.map(({ body }) => body.message_id)).size).toBe(1);
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, n) => sendBy(id, values, { to: `+97250999000${n}`, session_id: session })),
    );
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([202]));
    expect((await dana.call('GET', `/templates/${id}`)).body).toMatchObject({ use_count: 11 });
  });

  it('of one that comes with Wasel counts for whoever sent it', async () => {
    const welcome = SYSTEM_TEMPLATES.find(
      ({ category, language }) => category === 'trial_welcome' && language === 'ar',
    );
    const { body } = await sendBy(welcome?.id ?? '', {
      customer_name: 'دانة',
      trial_days: 14,
      app_url: 'https://x.test/_a_',
    });
    const { body: message } = await dana.call<MessageView>('GET', `/messages/${body.message_id}`);
    expect(message.text?.split('\n')).toEqual([
      'مرحباً دانة! 👋',
      'شكراً لتسجيلك. نحن سعداء بانضمامك!',
      '🎁 لديك فترة تجريبية مجانية لمدة 14 يوم للاستمتاع بجميع المميزات.',
      '📱 ابدأ الآن من: https://x.test/_a_',
      'إذا كان لديك أي استفسار، نحن هنا للمساعدة!',
    ]);
    expect((await dana.call('GET', `/templates/${welcome?.id}`)).body).toMatchObject({ use_count: 1 });
    expect((await omar.call('GET', `/templates/${welcome?.id}`)).body).toMatchObject({ use_count: 0 });
  });
});
