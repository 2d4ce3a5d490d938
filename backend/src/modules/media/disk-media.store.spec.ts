import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { aConfig } from '../../testing/settings.ts';
import { DiskMediaStore } from './disk-media.store.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { storageKeyOf } from './media.store.ts';

let directory: string;
let store: DiskMediaStore;
const organization = randomUUID();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wasel-store-'));
  store = new DiskMediaStore(aConfig({ MEDIA_DIR: directory }));
});
afterEach(() => rm(directory, { recursive: true }));

async function put(content: string): Promise<string> {
  const path = await store.temporaryPath();
  await writeFile(path, content);
  const key = storageKeyOf(organization, createHash('sha256').update(content).digest());
  await store.put(path, key);
  return key;
}

it('gives back what was put, whole and in part', async () => {
  const key = await put('wasel');
  expect(await text(await store.open(key))).toBe('wasel');
  expect(await text(await store.open(key, { start: 1, end: 3 }))).toBe('ase');
});

it('keeps the same content once, and no temporary file', async () => {
  expect(await put('wasel')).toBe(await put('wasel'));
  expect(await readdir(join(directory, 'incoming'))).toEqual([]);
});

it.each(['../secret', '/etc/passwd', 'incoming/x', `${organization}/../../${'a'.repeat(64)}`, ''])(
  'makes no path of %p',
  async (key) => {
    await expect(store.open(key)).rejects.toThrow('no storage key');
    await expect(store.remove(key)).rejects.toThrow('no storage key');
    await expect(store.put(join(directory, 'x'), key)).rejects.toThrow('no storage key');
    expect(() => storageKeyOf(`../${key}`, Buffer.alloc(32))).toThrow('no storage key');
  },
);

it('says that what is not there is gone, and that a directory that is not there is away', async () => {
  const key = await put('wasel');
  await store.remove(key);
  await store.remove(key);
  await expect(store.open(key)).rejects.toBeInstanceOf(MediaGone);
  await rename(directory, `${directory}-unmounted`);
  await expect(store.open(key)).rejects.toBeInstanceOf(MediaStoreUnavailable);
  await rename(`${directory}-unmounted`, directory);
});

it('sweeps away what a process that died was writing, and nothing newer', async () => {
  const [left, current] = [await store.temporaryPath(), await store.temporaryPath()];
  await Promise.all([writeFile(left, 'half'), writeFile(current, 'half')]);
  await utimes(left, new Date(0), new Date(0));
  await store.sweep(new Date(Date.now() - 60_000));
  expect(await readdir(join(directory, 'incoming'))).toEqual([basename(current)]);
});
