import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkSignature } from '../../../../testing/s3-signature.ts';
import { S3Double } from '../../../../testing/s3-double.ts';
import { SystemClock } from '../../kernel/clock.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { aConfig } from '../../testing/settings.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { storageKeyOf } from './media.store.ts';
import { S3MediaStore } from './s3-media.store.ts';

const MB = 1024 * 1024;

let double: S3Double;
let directory: string;
let store: S3MediaStore;
const organization = OrganizationId.parse(randomUUID());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wasel-s3-'));
  double = await new S3Double().start();
  store = open();
});
afterEach(async () => {
  store.onApplicationShutdown();
  await double.stop();
  await rm(directory, { recursive: true });
});

function open(env: Record<string, string> = {}): S3MediaStore {
  const { s3, dir } = aConfig({ ...double.env, MEDIA_DIR: directory, ...env }).media;
  if (!s3) throw new Error('these settings are of no S3');
  return new S3MediaStore(s3, dir, new SystemClock());
}

async function put(content: string | Buffer, whose = organization): Promise<string> {
  const path = await store.temporaryPath();
  await writeFile(path, content);
  const key = storageKeyOf(whose, createHash('sha256').update(content).digest());
  await store.put(path, key);
  return key;
}
const incoming = () => readdir(join(directory, 'incoming'));

describe('a bucket', () => {
  it('gives back what was put, whole and in part', async () => {
    const key = await put('wasel');
    expect(await text(await store.open(key))).toBe('wasel');
    expect(await text(await store.open(key, { start: 1, end: 3 }))).toBe('ase');
    expect([...double.objects.keys()]).toEqual([key]);
    expect(await incoming()).toEqual([]);
  });

  it('is given the same content once', async () => {
    expect(await put('wasel')).toBe(await put('wasel'));
    expect(double.heard.filter((what) => what.startsWith('PUT'))).toHaveLength(1);
  });

  it('takes a large file in parts of 8 MB', async () => {
    const content = randomBytes(17 * MB);
    const key = await put(content);
    expect(double.objects.get(key)?.equals(content)).toBe(true);
    expect(double.heard.filter((what) => what.includes('partNumber'))).toHaveLength(3);
    expect(
      (await buffer(await store.open(key, { start: 9 * MB, end: 17 * MB - 1 }))).equals(content.subarray(9 * MB)),
    ).toBe(true);
  });

  it('says that what is not there is gone', async () => {
    const key = await put('wasel');
    await store.remove(key);
    await store.remove(key);
    await expect(store.open(key)).rejects.toBeInstanceOf(MediaGone);
  });

  it('loses all files of one organization, page by page, and none of another', async () => {
    const other = await put('theirs', OrganizationId.parse(randomUUID()));
    for (const content of ['a', 'b', 'c', 'd', 'e']) await put(content);
    double.pageSize = 2;
    await store.removeAll(organization);
    await store.removeAll(organization);
    expect([...double.objects.keys()]).toEqual([other]);
    await expect(store.removeAll('' as OrganizationId)).rejects.toThrow('UUID');
  });
});

describe('a key', () => {
  it.each([
    [{ MEDIA_S3_SECRET_ACCESS_KEY: 'wrong' }, 'check MEDIA_S3_SECRET_ACCESS_KEY'],
    [{ MEDIA_S3_ACCESS_KEY_ID: 'AKIAOTHER' }, 'does not know MEDIA_S3_ACCESS_KEY_ID'],
    [{ MEDIA_S3_BUCKET: 'nowhere' }, 'no MEDIA_S3_BUCKET of this name'],
  ])('that is wrong stops the start with words: %p', async (env, words) => {
    const wrong = open(env);
    await expect(wrong.onApplicationBootstrap()).rejects.toThrow(words);
    wrong.onApplicationShutdown();
    expect(double.heard.every((what) => what.includes('nowhere'))).toBe(true);
  });

  it('that is right starts, and so does a store that is away', async () => {
    await expect(store.onApplicationBootstrap()).resolves.toBeUndefined();
    double.misbehave({ how: { status: 400, code: 'SomethingElse' } });
    await expect(store.onApplicationBootstrap()).resolves.toBeUndefined();
  });
});

describe('a store that misbehaves', () => {
  it.each([[{ status: 503, code: 'SlowDown' }], [{ status: 500, code: 'InternalError' }], ['cut' as const]])(
    'is asked again: %p',
    async (how) => {
      double.misbehave({ on: /^PUT/, times: 2, how });
      const key = await put('wasel');
      double.misbehave({ on: /^GET/, times: 2, how });
      expect(await text(await store.open(key))).toBe('wasel');
    },
    60_000,
  );

  it('is away when it goes on', async () => {
    const key = await put('wasel');
    double.misbehave({ how: { status: 503, code: 'SlowDown' } });
    await expect(store.open(key)).rejects.toBeInstanceOf(MediaStoreUnavailable);
    await expect(put('another')).rejects.toBeInstanceOf(MediaStoreUnavailable);
    double.behave();
    expect(await text(await store.open(key))).toBe('wasel');
  }, 60_000);

  it('is read on from where it cut the line', async () => {
    const content = randomBytes(MB);
    const key = await put(content);
    double.misbehave({ on: /^GET/, times: 3, how: { cutAfter: 100_000 } });
    expect((await buffer(await store.open(key))).equals(content)).toBe(true);
    double.misbehave({ on: /^GET/, times: 1, how: { cutAfter: 10 } });
    expect((await buffer(await store.open(key, { start: 50, end: 149 }))).equals(content.subarray(50, 150))).toBe(true);
  }, 60_000);

  it('that cuts every line at once is not read for ever', async () => {
    const key = await put('wasel');
    double.misbehave({ on: /^GET/, how: { cutAfter: 0 } });
    await expect(store.open(key).then((file: Readable) => text(file))).rejects.toBeInstanceOf(MediaStoreUnavailable);
  }, 60_000);

  it('is left no half of an upload', async () => {
    double.misbehave({ on: /partNumber=2/, how: { status: 400, code: 'BadDigest' } });
    await expect(put(randomBytes(9 * MB))).rejects.toBeInstanceOf(MediaStoreUnavailable);
    expect([double.uploads.size, double.objects.size]).toEqual([0, 0]);
  });

  it('is freed by the sweep of what a process that died has begun, and of nothing newer', async () => {
    double.misbehave({ on: /partNumber=2|^DELETE/, how: { status: 400, code: 'BadDigest' } });
    await expect(put(randomBytes(9 * MB))).rejects.toBeInstanceOf(MediaStoreUnavailable);
    const left = await incoming();
    for (const name of left) await utimes(join(directory, 'incoming', name), new Date(0), new Date(0));
    double.behave();
    await store.sweep(new Date(Date.now() - 60_000));
    expect([double.uploads.size, (await incoming()).length]).toEqual([1, 0]);
    await store.sweep(new Date(Date.now() + 60_000));
    expect(double.uploads.size).toBe(0);
  });
});

describe('the double', () => {
  it('refuses a clock that is off', async () => {
    double.skewMs = 3_600_000;
    const heard = double.heard.length;
    const response = await fetch(`${double.env['MEDIA_S3_ENDPOINT']}/files/x`, { method: 'PUT', body: 'x' });
    expect(response.status).toBe(403);
    expect(double.heard).toHaveLength(heard);
  });

  it('refuses a body that is not the signed one, and a signature that was taken from elsewhere', async () => {
    const signed = signedRequests(double);
    await put('wasel');
    const request = signed.find(({ method }) => method === 'PUT');
    if (!request) throw new Error('nothing was put');
    const check = (over: object, body = 'wasel', nowMs = Date.now()) =>
      checkSignature({ ...plain(request), ...over } as typeof request, Buffer.from(body), double.key, nowMs);
    expect(() => check({})).not.toThrow();
    expect(() => check({}, 'tampered')).toThrow('not the one that was signed');
    expect(() => check({ url: '/files/elsewhere' })).toThrow('another one');
    expect(() => check({ method: 'DELETE' })).toThrow('another one');
    expect(() => check({}, 'wasel', Date.now() + 3_600_000)).toThrow('differ too much');
  });
});

describe('an upload of 100 MB', () => {
  let child: ChildProcess | undefined;
  afterEach(() => void child?.kill());

  it.each(['disk', 's3'])(
    'adds less than 30 MB of memory: %s',
    async (kind) => {
      const env = {
        ...(kind === 's3' ? double.env : {}),
        MEDIA_DIR: directory,
        TSX_TSCONFIG_PATH: join(import.meta.dirname, '../../../tsconfig.json'),
      };
      const program = join(import.meta.dirname, '../../testing/upload-process.ts');
      child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', program], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [port] = (await Promise.race([once(child.stdout as Readable, 'data'), once(child, 'exit')])) as [Buffer];
      const url = `http://127.0.0.1:${port.toString().trim()}/`;
      await upload(url, 9 * MB); // what is loaded once is no upload's
      const { before, most } = await upload(url, 100 * MB);
      expect((most - before) / MB).toBeLessThan(30);
      const sizes = [...double.objects.values()].map(({ length }) => length > 100 * MB - 1);
      expect(sizes).toEqual(kind === 's3' ? [false, true] : []);
    },
    120_000,
  );
});

async function upload(url: string, bytes: number): Promise<{ before: number; most: number }> {
  const form = new FormData();
  form.set('file', new Blob([randomBytes(bytes)]), 'file.bin');
  const response = await fetch(url, { method: 'POST', body: form });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { before: number; most: number };
}

type Request = IncomingMessage;
const plain = ({ method, url, headers }: Request) => ({ method, url, headers });

/** The requests as they come from now on. */
function signedRequests(of: S3Double): Request[] {
  const requests: Request[] = [];
  (of as unknown as { server: Server }).server.prependListener('request', (request: Request) => requests.push(request));
  return requests;
}
