import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiCaller } from '../../../../testing/api-caller.ts';
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

describe('a file that WhatsApp has let go', () => {
  const content = Buffer.from('the plan of the house');

  /** A document comes in, and its first download finds nothing. */
  async function lostFile(phoneDoes?: 'media-retry-silent' | 'media-retry-refused') {
    const [number, customer] = await Promise.all([wire.link(), wire.phones.createPhone()]);
    const once = (target: string, kind: string) => wire.phones.call('POST', '/faults', { target, kind, count: 1 });
    if (phoneDoes) await once(number.phone, phoneDoes);
    await once('*', 'media-gone');
    const { id } = await wire.phones.call<{ id: string }>('POST', `/phones/${customer}/messages`, {
      to: number.phone,
      media: { kind: 'document', base64: content.toString('base64'), mimetype: 'text/plain', fileName: 'plan.txt' },
    });
    return { number, expire: () => wire.phones.call('POST', `/phones/${customer}/media/${id}/expire`, {}) };
  }
  const inState = (number: { session: string }, state: string) =>
    until(`the file to be ${state}`, async () => {
      const [message] = await wire.api.messages(number.session);
      return message?.media_state === state ? message : undefined;
    });

  it('is uploaded again by the phone, and stored', async () => {
    const { number } = await lostFile();
    const { media } = await inState(number, 'stored');
    const response = await fetch(new URL(media?.url ?? '', wire.app.url));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  }, 60_000);

  it('is asked for anew by the next connection when the phone did not answer', async () => {
    const { number } = await lostFile('media-retry-silent');
    const { id } = await inState(number, 'requested');
    await until('the phone to have said nothing', async () =>
      (await wire.phones.call<{ kind: string }[]>('GET', '/faults')).every(({ kind }) => kind !== 'media-retry-silent'),
    );
    await wire.phones.call('POST', '/faults', { target: number.phone, kind: 'drop-socket' });
    expect((await inState(number, 'stored')).id).toBe(id);
  }, 90_000);

  it('failed when the phone has it no more, and is asked for again when a person says so, at any node', async () => {
    const { number, expire } = await lostFile('media-retry-refused');
    const { id } = await inState(number, 'failed');
    await expire();
    const elsewhere = new ApiCaller((await wire.app.anotherNode()).url, wire.api.email, wire.api.token);
    elsewhere.organization = wire.api.organization;
    expect((await elsewhere.request('POST', `/messages/${id}/media/refetch`)).status).toBe(200);
    expect((await inState(number, 'stored')).id).toBe(id);
    expect((await elsewhere.request('POST', `/messages/${id}/media/refetch`)).status).toBe(409);
  }, 90_000);
});
