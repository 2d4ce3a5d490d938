import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { S3Double } from '../../../../testing/s3-double.ts';
import { until } from '../../../../testing/until.ts';
import { Wire } from '../../testing/wire.ts';
import type { MediaView } from './media.dto.ts';

let double: S3Double;
let wire: Wire;
beforeAll(async () => {
  double = await new S3Double().start();
  wire = await Wire.start({ settings: double.env });
}, 60_000);
afterAll(async () => {
  await wire.close();
  await double.stop();
});

async function upload(content: string): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([content]), 'plan.txt');
  return ((await wire.api.call('POST', '/media/upload', form)) as MediaView).id;
}

it('a message waits while its file cannot be read, and fails when the file is gone for good', async () => {
  const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  const send = async (media: string) => {
    const content = { type: 'document', session_id: number.session, to: `+${customer}`, media_id: media };
    return ((await wire.api.call('POST', '/messages/send', content)) as { message_id: string }).message_id;
  };
  const statusOf = async (id: string) => (await wire.api.messages(number.session)).find((message) => message.id === id);
  const media = await upload('the plan of the house');
  double.misbehave({ on: /^GET/, how: { status: 503, code: 'SlowDown' } });
  const id = await send(media);
  const waits = () =>
    wire.app.database.admin
      .query<{ waits: boolean }>(`select send_after > now() as waits from private.outbox where message_id = $1`, [id])
      .then(({ rows }) => rows[0]?.waits);
  await until('it to wait for its file', waits, { timeoutMs: 60_000 });
  expect(await statusOf(id)).toMatchObject({ status: 'queued', error_code: null, waiting_for: 'media_not_ready' });
  expect((await statusOf(id))?.waiting_until).not.toBeNull();
  double.behave();
  await until('it to be sent', async () => (await statusOf(id))?.sent_at ?? undefined, { timeoutMs: 60_000 });
  expect(await statusOf(id)).toMatchObject({ waiting_for: null, waiting_until: null });
  const [received] = await wire.phones.messages(customer, number.phone);
  const file = await fetch(`${wire.phones.url}/phones/${customer}/media/${received?.id}`);
  expect(await file.text()).toBe('the plan of the house');
  const gone = await upload('soon gone');
  double.objects.clear();
  const lost = await send(gone);
  await until('it to fail', async () => (await statusOf(lost))?.status === 'failed');
  expect(await statusOf(lost)).toMatchObject({ error_code: 'media_gone' });
}, 180_000);
