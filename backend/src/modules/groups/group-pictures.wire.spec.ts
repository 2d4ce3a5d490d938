import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { Wire, type WireNumber } from '../../testing/wire.ts';
import type { ConversationView } from '../conversations/conversations.dto.ts';
import type { GroupView } from './groups.dto.ts';

let wire: Wire;
let number: WireNumber;
let second: WireNumber;
let noa: string;
let jid: string;

beforeAll(async () => {
  wire = await Wire.start();
  [number, second] = [await wire.link('Shop'), await wire.link('Stall')];
  noa = await wire.phones.createPhone({ name: 'Noa' });
  jid = await make('Neighbours', [number.phone, second.phone]);
}, 120_000);
afterAll(() => wire.close());

const make = async (subject: string, participants: string[]) => {
  const { id } = await wire.phones.call<{ id: string }>('POST', '/groups', { owner: noa, subject, participants });
  await until(`${id} to be known`, () => viewOf(id).catch(() => undefined));
  return id;
};
const viewOf = async (group: string) => (await wire.api.call('GET', `/groups/${group}`)) as GroupView;
const does = (what: string, body: object, group = jid) => wire.phones.call('POST', `/groups/${group}/${what}`, body);
const jpeg = (color: string) =>
  sharp({ create: { width: 640, height: 640, channels: 3, background: color } })
    .jpeg()
    .toBuffer();
const paint = async (color: string) => does('picture', { by: noa, base64: (await jpeg(color)).toString('base64') });
const ask = (group = jid, headers: Record<string, string> = {}) =>
  wire.api.request('GET', `/groups/${group}/picture`, undefined, headers);
const asked = async () =>
  (await wire.phones.call<{ iqs: Record<string, number> }>('GET', '/stats')).iqs['w:profile:picture get picture'] ?? 0;

/** The color of a picture at its middle, by what there is most of. */
async function colorOf(response: Response): Promise<string> {
  const { dominant } = await sharp(Buffer.from(await response.arrayBuffer())).stats();
  const { r, g, b } = dominant;
  return r > g && r > b ? 'red' : g > b ? 'green' : 'blue';
}
const shows = (color: string, group = jid) =>
  until(`${group} to be ${color}`, async () => {
    const response = await ask(group);
    return (response.ok && (await colorOf(response)) === color) || undefined;
  });

it('nobody asks for a picture that nobody wants to see', async () => {
  await paint('red');
  await until('the change to be known', async () => (await viewOf(jid)).picture?.updated_at);
  await make('Another', [number.phone]);
  expect(await asked()).toBe(0);
});

it('is asked for once when somebody wants to see it, small, and shown from then on', async () => {
  const first = await ask();
  expect(first.status).toBe(404);
  expect(await first.json()).toMatchObject({ type: expect.stringContaining('group_picture_not_found'), wanted: true });
  await shows('red');
  expect(await asked()).toBe(1);
  const kept = await ask();
  expect(kept.headers.get('content-type')).toBe('image/jpeg');
  expect(kept.headers.get('cache-control')).toBe('private, no-cache');
  const { width } = await sharp(Buffer.from(await kept.arrayBuffer())).metadata();
  expect(width).toBeLessThan(640);
  expect(
    (await ask(jid, { 'if-none-match': kept.headers.get('etag') ?? '', 'cache-control': 'max-age=0' })).status,
  ).toBe(304);
  expect(await asked()).toBe(1);
});

it('is asked for again once it has changed, and is shown in the inbox of each number', async () => {
  const before = (await viewOf(jid)).picture?.updated_at;
  await paint('blue');
  await until('the change to be known', async () => (await viewOf(jid)).picture?.updated_at !== before || undefined);
  await shows('blue');
  expect(await asked()).toBe(2);
  const chat = (await wire.api.call('POST', '/conversations', {
    to: jid,
    session_id: second.session,
  })) as ConversationView;
  expect(chat.group?.picture).toEqual((await viewOf(jid)).picture);
});

it('is gone when it is taken away, and a group without one is not asked for again', async () => {
  await does('picture', { by: noa, base64: null });
  const gone = await until('it to be gone', async () => {
    const response = await ask();
    return response.status === 404 && (await viewOf(jid)).picture === null ? response : undefined;
  });
  expect(await gone.json()).toMatchObject({ wanted: false });
  const before = await asked();
  await ask();
  expect(await asked()).toBe(before);
});

it('that we give a group ourselves is the one that is shown', async () => {
  await does('participants', { by: noa, action: 'promote', phones: [number.phone] });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await jpeg('green'))], { type: 'image/jpeg' }), 'meadow.jpg');
  const { id } = (await wire.api.call('POST', '/media/upload', form)) as { id: string };
  await wire.api.call('POST', `/groups/${jid}/picture`, { session_id: number.session, media_id: id });
  await shows('green');
  expect((await viewOf(jid)).picture?.updated_at).not.toBeNull();
});

it('stays as it was last seen when no number is there any more, and nobody waits for another one', async () => {
  await does('participants', { by: noa, action: 'remove', phones: [number.phone, second.phone] });
  await until(
    'nobody to be there',
    async () => (await viewOf(jid)).numbers.every(({ role }) => role === null) || undefined,
  );
  const before = await asked();
  await wire.app.database.admin.query(`update group_pictures set looked_at = now() - interval '8 days'`);
  expect(await colorOf(await ask())).toBe('green');
  const { rows } = await wire.app.database.admin.query('select from group_pictures where wanted_at is not null');
  expect(rows).toEqual([]);
  expect(await asked()).toBe(before);
});

it('what nobody could look at is looked at when a number is there again', async () => {
  const other = await make('Away', [number.phone]);
  await wire.api.call('POST', `/sessions/${number.session}/disconnect`, {});
  await until('it to be away', async () => (await wire.api.session(number.session)).state !== 'connected');
  await does('picture', { by: noa, base64: (await jpeg('red')).toString('base64') }, other);
  expect((await ask(other)).status).toBe(404);
  await wire.api.call('POST', `/sessions/${number.session}/connect`, {});
  await wire.connected(number.session);
  await until('it to be there', async () => (await viewOf(other)).picture?.updated_at);
  await shows('red', other);
});
