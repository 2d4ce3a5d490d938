import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { until } from '../../../../testing/until.ts';
import { Clock, SystemClock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { TenantDb } from '../../platform/database/tenant-db.ts';
import { Sealer } from '../../platform/encryption/sealer.ts';
import { startApi, type TestApi, type TestPerson } from '../../testing/start-api.ts';
import type { MediaView } from './media.dto.ts';
import { MediaLinks } from './media.links.ts';

const MB = 1024 * 1024;

let api: TestApi;
let dana: TestPerson;

beforeAll(async () => {
  api = await startApi();
  dana = await api.signUpOwner('Dana');
});
afterAll(() => api.close());

type Uploaded = { status: number; body: MediaView & { code?: string; limit_bytes?: number } };

const authorization = (person: TestPerson) => ({
  authorization: `Bearer ${person.token}`,
  'x-org-id': person.organization ?? '',
});

async function post(body: FormData | string, headers: Record<string, string> = {}, by = dana): Promise<Uploaded> {
  const response = await fetch(`${api.url}/api/media/upload`, {
    method: 'POST',
    headers: { ...authorization(by), ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Uploaded['body'] };
}

function upload(
  content: Uint8Array<ArrayBuffer> | string,
  name = 'file.bin',
  type = '',
  field = 'file',
): Promise<Uploaded> {
  const form = new FormData();
  form.set(field, new Blob([content], { type }), name);
  return post(form);
}

const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => Uint8Array.from(buffer);
const picture = async (width: number, height: number) =>
  bytes(
    await sharp({ create: { width, height, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  );

/** Files that are being written. */
const incoming = () => readdir(join(api.files, 'incoming'));

const rowsOf = (person: TestPerson) =>
  api.app.get(TenantDb).asTenant(OrganizationId.parse(person.organization), (tx) => tx.media.count());

describe('an upload', () => {
  it('is kept and shown with what its content says, and comes back byte for byte', async () => {
    const png = await picture(30, 20);
    const { status, body } = await upload(png, 'חשבונית.png', 'image/png');
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      mime_type: 'image/png',
      size_bytes: png.length,
      file_name: 'חשבונית.png',
      width: 30,
      height: 20,
      duration_seconds: null,
      preparation: 'none',
      thumbnail_url: expect.stringContaining(`/api/media/${body.id}/thumbnail?`),
      url: expect.stringContaining(`/api/media/${body.id}/content?`),
    });
    const shown = await fetch(api.url + body.url);
    expect(Buffer.from(await shown.arrayBuffer()).equals(png)).toBe(true);
    expect(await incoming()).toEqual([]);
  });

  it('is what its first bytes say, whatever name and type are claimed', async () => {
    const claimed = async (content: Uint8Array<ArrayBuffer> | string) =>
      (await upload(content, 'holiday.jpg', 'image/jpeg')).body.mime_type;
    expect(await claimed('%PDF-1.7\n%âãÏÓ\n')).toBe('application/pdf');
    expect(await claimed('<script>alert(1)</script>')).toBe('text/plain');
    expect(await claimed('שלום')).toBe('text/plain');
    expect(await claimed(Uint8Array.of(0xff, 0x00, 0x81, 0x42))).toBe('application/octet-stream');
    expect(await claimed(Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0xff, 0xff))).toMatch(/^application\//);
  });

  it('has the dimensions of the picture as it is shown, not as the camera stored it', async () => {
    const lying = await sharp({ create: { width: 40, height: 10, channels: 3, background: 'teal' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await upload(bytes(lying))).body).toMatchObject({ width: 10, height: 40 });
  });

  it('needs a file that is not empty, in the field `file`', async () => {
    expect(await upload('')).toMatchObject({ status: 422, body: { code: 'media_empty' } });
    expect(await upload('x', 'x.txt', '', 'picture')).toMatchObject({ status: 422, body: { code: 'media_missing' } });
    expect(await post('{}', { 'content-type': 'application/json' })).toMatchObject({ body: { code: 'media_missing' } });
    expect(await post(new FormData())).toMatchObject({ status: 422, body: { code: 'media_missing' } });
  });

  it('is missing when the form ends in the middle of it', async () => {
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello';
    const answer = await post(cut, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'media_missing' } });
    expect(await incoming()).toEqual([]);
  });

  it('needs the right to upload', async () => {
    const form = new FormData();
    form.set('file', new Blob(['x']), 'x.txt');
    const stranger = await api.signUp('Eve');
    stranger.organization = dana.organization;
    expect(await post(form, {}, stranger)).toMatchObject({ status: 404, body: { code: 'organization_not_found' } });
  });

  it('is refused above the limit of its kind, and above that of all kinds before it is whole', async () => {
    const before = await rowsOf(dana);
    const large = Buffer.concat([await picture(1, 1), Buffer.alloc(16 * MB)]);
    expect(await upload(bytes(large))).toMatchObject({
      status: 413,
      body: { code: 'media_too_large', limit_bytes: 16 * MB },
    });
    const { status, sentBytes } = await trickle(300 * MB);
    expect(status).toBe(413);
    expect(sentBytes).toBeLessThan(200 * MB);
    expect(await incoming()).toEqual([]);
    expect(await rowsOf(dana)).toBe(before);
  });
});

it('tells a client that sends everything before it listens that the file is too large', async () => {
  const { status, sentBytes } = await trickle(130 * MB, { listens: false });
  expect({ status, sentBytes }).toEqual({ status: 413, sentBytes: 130 * MB });
});

const BOUNDARY = 'boundary';
const HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="big.bin"\r\n\r\n`;

function startUpload() {
  const sending = request(`${api.url}/api/media/upload`, {
    method: 'POST',
    headers: { ...authorization(dana), 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  });
  sending.write(HEAD);
  return sending;
}

/** Sends a file of `sizeBytes` piece by piece, and stops as soon as there is an answer if it `listens`. */
function trickle(sizeBytes: number, { listens = true, onMegabyte = () => {} } = {}) {
  return new Promise<{ status: number; sentBytes: number; body: string }>((resolve, reject) => {
    const sending = startUpload();
    let sentBytes = 0;
    let answered = false;
    sending.on('error', (error) => (answered ? undefined : reject(error)));
    sending.on('response', (response) => {
      answered = true;
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      const done = () => {
        resolve({ status: response.statusCode ?? 0, sentBytes, body });
        sending.destroy();
      };
      response.on('end', () => (listens || sending.writableFinished ? done() : sending.once('finish', done)));
    });
    const next = () => {
      if (answered && listens) return;
      if (sentBytes === sizeBytes) return void sending.end(`\r\n--${BOUNDARY}--\r\n`);
      sentBytes += MB;
      onMegabyte();
      sending.write(randomBytes(MB), next);
    };
    next();
  });
}

it('leaves no file behind when the client goes away in the middle', async () => {
  const before = await rowsOf(dana);
  const sending = startUpload();
  sending.on('error', () => undefined);
  sending.write(randomBytes(MB));
  await until('the file to be begun', async () => (await incoming()).length === 1);
  sending.destroy();
  await until('the file to be gone', async () => (await incoming()).length === 0);
  expect(await rowsOf(dana)).toBe(before);
});

it('never has an upload whole in memory', async () => {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** Bytes of buffers that somebody still holds. */
  const held = () => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  let [peak, megabytes] = [0, 0];
  const { status, body } = await trickle(50 * MB, {
    onMegabyte: () => {
      if (++megabytes % 5 === 0) peak = Math.max(peak, held() - before);
    },
  });
  expect(status).toBe(201);
  expect((JSON.parse(body) as MediaView).size_bytes).toBe(50 * MB);
  expect(peak).toBeLessThan(25 * MB);
});

describe('a link', () => {
  let file: MediaView;
  const content = 'the quick brown fox';

  beforeEach(async () => {
    file = (await upload(content, 'fox.txt')).body;
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(api.url + path, { headers });
  const changed = (change: (link: URL) => void) => {
    const link = new URL(file.url, api.url);
    change(link);
    return link.pathname + link.search;
  };
  const answer = async (path: string) => {
    const response = await get(path);
    return { status: response.status, code: response.ok ? null : ((await response.json()) as { code: string }).code };
  };
  const REFUSED = { status: 404, code: 'media_link_expired' };

  it('is the same for a while, so that browsers may keep what it shows', async () => {
    const links = api.app.get(MediaLinks);
    const { organization = '' } = dana;
    expect(links.sign(organization, file.id)).toBe(links.sign(organization, file.id));
    expect((await get(file.url)).headers.get('cache-control')).toMatch('private');
  });

  it('shows the file as one that may do nothing', async () => {
    const { headers } = await get(file.url);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="fox.txt"; filename*=UTF-8''fox.txt`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  });

  it('shows pictures in the page', async () => {
    const { body } = await upload(await picture(2, 2), 'teal.png');
    expect((await get(body.url)).headers.get('content-disposition')).toMatch(/^inline/);
  });

  it('does not work once anything of it is changed', async () => {
    const other = (await upload('other')).body;
    const signature = new URL(file.url, api.url).searchParams.get('signature') ?? '';
    expect(await answer(changed((link) => (link.pathname = link.pathname.replace(file.id, other.id))))).toEqual(
      REFUSED,
    );
    expect(await answer(changed((link) => link.searchParams.set('organization', file.id)))).toEqual(REFUSED);
    expect(await answer(changed((link) => link.searchParams.set('expires', String(Date.now()))))).toEqual(REFUSED);
    expect(await answer(changed((link) => link.searchParams.set('signature', '')))).toEqual(REFUSED);
    expect(await answer(changed((link) => link.searchParams.set('signature', signature.slice(0, -3))))).toEqual(
      REFUSED,
    );
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    expect(await answer(changed((link) => link.searchParams.set('signature', flipped)))).toEqual(REFUSED);
    expect((await get(file.url)).status).toBe(200);
  });

  it('is signed for one organization', () => {
    const links = api.app.get(MediaLinks);
    const { expires, signature } = Object.fromEntries(new URL(file.url, api.url).searchParams);
    const holds = (organization = '') => links.holds(organization, file.id, Number(expires), signature ?? '');
    expect(holds(dana.organization)).toBe(true);
    expect(holds(file.id)).toBe(false);
  });

  it('works for an hour at least, and not for three', async () => {
    const signedAgo = (minutes: number) => {
      const then = new (class extends SystemClock {
        override now = () => new Date(Date.now() - minutes * 60_000);
      })() satisfies Clock;
      return new MediaLinks(api.app.get(Sealer), then).sign(dana.organization ?? '', file.id);
    };
    expect((await get(signedAgo(59))).status).toBe(200);
    expect(await answer(signedAgo(180))).toEqual(REFUSED);
  });

  it("does not open another organization's file, even with a right signature for one's own", async () => {
    const omar = await api.signUpOwner('Omar', 'Other');
    expect(await answer(api.app.get(MediaLinks).sign(omar.organization ?? '', file.id))).toEqual(REFUSED);
  });

  it('gives the part of the file that is asked for', async () => {
    const part = async (range: string, headers: Record<string, string> = {}) => {
      const response = await get(file.url, { range, ...headers });
      return [response.status, await response.text(), response.headers.get('content-range')];
    };
    expect(await part('bytes=4-8')).toEqual([206, 'quick', 'bytes 4-8/19']);
    expect(await part('bytes=-3')).toEqual([206, 'fox', 'bytes 16-18/19']);
    expect(await part('bytes=16-')).toEqual([206, 'fox', 'bytes 16-18/19']);
    expect(await part('bytes=50-')).toEqual([416, '', 'bytes */19']);
    const etag = (await get(file.url)).headers.get('etag') ?? '';
    expect(await part('bytes=4-8', { 'if-range': etag })).toEqual([206, 'quick', 'bytes 4-8/19']);
    expect(await part('bytes=4-8', { 'if-range': '"another"' })).toEqual([200, content, null]);
  });

  it('answers 304 to who has the file', async () => {
    const etag = (await get(file.url)).headers.get('etag') ?? '';
    const status = async (version: string) =>
      // without a word on caching, fetch would ask for a fresh copy
      (await get(file.url, { 'if-none-match': version, 'cache-control': 'max-age=0' })).status;
    expect(await status(etag)).toBe(304);
    expect(await status('"another"')).toBe(200);
  });

  it('says that the file is gone, and gives not half of it, when it is no longer on the disk', async () => {
    const lost = (await upload('soon gone')).body;
    const organization = join(api.files, dana.organization ?? '');
    await rm(organization, { recursive: true });
    const response = await get(lost.url);
    expect(response.status).toBe(404);
    expect(await response.clone().json()).toMatchObject({ code: 'media_gone' });
    expect(response.headers.get('cache-control')).toBeNull();
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
  });
});
