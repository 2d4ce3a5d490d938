import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { aConfig } from '../../testing/settings.ts';
import { DiskMediaStore } from './disk-media.store.ts';

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
  return store.put(path, organization, createHash('sha256').update(content).digest());
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
    expect(() => store.path(key)).toThrow('no storage key');
    await expect(store.open(key)).rejects.toThrow('no storage key');
    await expect(store.put(join(directory, 'x'), `../${key}`, Buffer.alloc(32))).rejects.toThrow('no storage key');
  },
);

it('refuses to open what is not there', async () => {
  await expect(store.open(`${organization}/00/${'0'.repeat(64)}`)).rejects.toThrow('ENOENT');
});
