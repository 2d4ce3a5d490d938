import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';

let api: TestApi;
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana');
  const organization = OrganizationId.parse(dana.organization);
  await aSession(api.database.admin, organization, { is_default: true });
});
afterAll(() => api.close());

const message = { type: 'text', to: '+972501234567', text: 'Hello' };
const send = (key: string, body: unknown = message) =>
  dana.call('POST', '/messages/send', body, { 'idempotency-key': key });
const messages = async () => (await dana.call<{ items: { id: string }[] }>('GET', '/messages')).body.items;

it('accepts one message when the same request comes several times at once, and gives all the same answer', async () => {
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 4 }, () => send(key)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body, Object.keys(body).toSorted()))).size).toBe(1);
  expect((await messages()).map(({ id }) => id)).toEqual([answers[0]?.body.message_id]);
});

it('refuses another request under the same key, and accepts the same one under another', async () => {
  const [key, before] = [randomUUID(), (await messages()).length];
  await send(key);
  const refused = await send(key, { ...message, text: 'Bye' });
  expect(refused.body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  await send(randomUUID());
  expect(await messages()).toHaveLength(before + 2);
});
