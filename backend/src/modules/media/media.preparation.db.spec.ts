import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { MediaId, OrganizationId } from '../../kernel/ids.ts';
import { aSession } from '../../testing/factories.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import { Signals } from '../../platform/signals/signals.ts';
import type { MediaView } from './media.dto.ts';
import { MediaInspector } from './media.inspector.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

let api: TestApi;
let dana: TestPerson;
let eve: TestPerson;
beforeAll(async () => {
  api = await startApi();
  [dana, eve] = [await api.signUpOwner('Dana'), await api.signUpOwner('Eve', 'Other')];
  // Connected by what its row says: nothing leaves by it.
  await aSession(api.database.admin, OrganizationId.parse(dana.organization), { is_default: true });
});
afterAll(() => api.close());

const RATE = 8_000;
/** A tone of so many seconds that grows louder, as an uncompressed recording. */
function recording(seconds: number): Buffer {
  const samples = Buffer.alloc(RATE * seconds * 2);
  for (let n = 0; n < samples.length / 2; n += 1)
    samples.writeInt16LE(Math.round(Math.sin(n / 3) * 20_000 * (n / (samples.length / 2))), n * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

type Row = {
  preparation: string;
  mime_type: string;
  duration_seconds: number | null;
  width: number | null;
  waveform: Buffer | null;
  thumbnail: Buffer | null;
  voice_storage_key: string | null;
  preparation_tries: number;
};
const rowOf = async (id: string) =>
  (await api.database.admin.query<Row>('select * from media where id = $1', [id])).rows[0];
const settled = (id: string) =>
  until(
    'the file to be prepared',
    async () => {
      const row = await rowOf(id);
      return row && row.preparation !== 'pending' ? row : undefined;
    },
    { timeoutMs: 60_000 },
  );

async function upload(content: Buffer, name: string): Promise<string> {
  const media = await api.app
    .get(MediaService)
    .upload(OrganizationId.parse(dana.organization), Readable.from([content]), name);
  expect(media.preparation).toBe('pending'); // the answer waits for nothing
  return media.id;
}
const viewOf = async (id: string): Promise<MediaView> => {
  const { rows } = await api.database.admin.query<{ organization_id: string }>(
    'select organization_id from media where id = $1',
    [id],
  );
  const organization = OrganizationId.parse(rows[0]?.organization_id);
  const { items } = await api.app.get(MediaService).list(organization, { cursor: undefined, limit: 50 });
  const found = items.find(({ view }) => view.id === MediaId.parse(id));
  if (!found) throw new Error('no such file');
  return found.view;
};

it('makes a voice message of a recording, and knows how long and how loud it is', async () => {
  const id = await upload(recording(4), 'memo.wav');
  const row = await settled(id);
  expect(row).toMatchObject({ preparation: 'ready', duration_seconds: 4, thumbnail: null });
  const bars = [...(row.waveform ?? [])];
  expect(bars).toHaveLength(64);
  expect(bars.at(-1)).toBeGreaterThan(90);
  expect(bars[0]).toBeLessThan(10);
  const voice = await buffer(await api.app.get(MediaStore).open(row.voice_storage_key ?? ''));
  expect(voice.subarray(0, 4).toString()).toBe('OggS');
  const head = voice.indexOf('OpusHead');
  expect([head > 0, voice[head + 9], voice.readUInt32LE(head + 12)]).toEqual([true, 1, 48_000]); // channels, rate
  const again = await upload(voice, 'voice.ogg');
  expect(await settled(again)).toMatchObject({ preparation: 'ready', duration_seconds: 4, voice_storage_key: null });
}, 120_000);

it('shows a frame of a film, by a link of its own that another organization cannot use', async () => {
  const id = await upload(readFileSync(join(import.meta.dirname, '../../testing/film.mp4')), 'film.mp4');
  expect(await settled(id)).toMatchObject({
    preparation: 'ready',
    duration_seconds: 3,
    width: 64,
    voice_storage_key: null,
  });
  const view = await viewOf(id);
  expect(view).toMatchObject({ duration_seconds: 3, preparation: 'ready', height: 48 });
  const response = await fetch(api.url + (view.thumbnail_url ?? ''));
  expect(response.headers.get('content-type')).toBe('image/jpeg');
  const { format, width } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  expect([format, (width ?? 0) <= 160]).toEqual(['jpeg', true]);
  const stolen = (view.thumbnail_url ?? '').replace(dana.organization ?? '', eve.organization ?? '');
  expect((await fetch(api.url + stolen)).status).toBe(404);
}, 120_000);

it('gives up what only begins like a film, and leaves nothing behind', async () => {
  const film = readFileSync(join(import.meta.dirname, '../../testing/film.mp4'));
  const id = await upload(Buffer.concat([film.subarray(0, 60), Buffer.alloc(5_000, 7)]), 'broken.mp4');
  expect(await settled(id)).toMatchObject({ duration_seconds: null, thumbnail: null, voice_storage_key: null });
  await until('nothing to be left', async () => (await readdir(join(api.files, 'incoming'))).length === 0);
}, 120_000);

it('goes on with what a node that died has begun', async () => {
  const id = await upload(recording(1), 'again.wav');
  await settled(id);
  await api.database.admin.query(
    `update media set preparation = 'pending', duration_seconds = null, prepare_after = now() - interval '1 second' where id = $1`,
    [id],
  );
  expect(await settled(id)).toMatchObject({ preparation: 'ready', duration_seconds: 1, preparation_tries: 2 });
}, 120_000);

it('is waited for by a message with the file, which says so', async () => {
  const id = await upload(recording(1), 'soon.wav');
  await settled(id);
  const { body } = await dana.call<{ message_id: string }>('POST', '/messages/send', {
    type: 'voice',
    to: '+972501234567',
    media_id: id,
  });
  const reason = async () =>
    (await dana.call<{ waiting_for: string | null }>('GET', `/messages/${body.message_id}`)).body.waiting_for;
  expect(await reason()).toBeNull();
  await api.database.admin.query(`update media set preparation = 'pending', prepare_after = 'infinity' where id = $1`, [
    id,
  ]);
  expect(await reason()).toBe('media_not_ready');
}, 120_000);

it('makes a voice message of what a browser recorded, which looks like a film', async () => {
  const id = await upload(readFileSync(join(import.meta.dirname, '../../testing/recording.webm')), 'recording.webm');
  const row = await settled(id);
  expect(row).toMatchObject({ preparation: 'ready', duration_seconds: 2, mime_type: 'audio/webm' });
  expect(row.voice_storage_key).not.toBeNull();
}, 120_000);

it('makes a voice message of a recording that came in, once it is to leave as one', async () => {
  const id = await upload(recording(1), 'old.wav');
  await settled(id);
  await api.database.admin.query(
    `update media set preparation = 'none', voice_storage_key = null, voice_size_bytes = null where id = $1`,
    [id],
  );
  await dana.call('POST', '/messages/send', { type: 'document', to: '+972501234567', media_id: id });
  expect(await rowOf(id)).toMatchObject({ preparation: 'none' });
  let told = 0;
  const leave = api.app.get(Signals).on('media', () => (told += 1));
  const sent = await dana.call('POST', '/messages/send', { type: 'voice', to: '+972501234567', media_id: id });
  expect(sent.status).toBe(202);
  await until('whoever makes it to be told', () => told > 0);
  leave();
  expect((await settled(id)).voice_storage_key).not.toBeNull();
}, 120_000);

it('ends a process that takes too long', async () => {
  const clock = { setTimeout: (work: () => void, ms: number) => (ms > 1_000 && queueMicrotask(work), () => undefined) };
  const input = join(api.files, 'slow.wav');
  await writeFile(input, recording(1));
  const inspector = new MediaInspector(clock as unknown as ConstructorParameters<typeof MediaInspector>[0]);
  await expect(inspector.inspect(input, `${input}.out`)).rejects.toThrow('could not be looked into');
});
