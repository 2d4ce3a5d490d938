import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../../../testing/until.ts';
import { Wire } from '../../testing/wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.start();
}, 60_000);
afterAll(() => wire.close());

it('a document that a phone sends keeps its name and its bytes', async () => {
  const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
  const content = Buffer.from('the plan of the house');
  await wire.phones.call('POST', `/phones/${customer}/messages`, {
    to: number.phone,
    media: { kind: 'document', base64: content.toString('base64'), mimetype: 'text/plain', fileName: 'תוכנית.txt' },
  });
  const media = await until('the file', async () => (await wire.api.messages(number.session))[0]?.media ?? undefined);
  expect(media).toMatchObject({ file_name: 'תוכנית.txt', mime_type: 'text/plain', size_bytes: content.length });
  const response = await fetch(new URL(media.url, wire.app.url));
  expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('תוכנית.txt'));
  expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
}, 60_000);
