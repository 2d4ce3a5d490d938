import { copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import { isSystemError } from '../lib/user-facing-error.ts';

/** Rows of files that are read at a time. */
const STEP = 1000;

/** Copies every file that the database names. One that is not there is told of, and is no reason to have no backup at all. */
export async function saveMedia(
  client: Client,
  from: string,
  to: string,
  log: (line: string) => void,
): Promise<{ files: number; bytes: number }> {
  const saved = { files: 0, bytes: 0 };
  let missing = 0;
  await mkdir(to, { recursive: true, mode: 0o700 });
  await client.query(
    'declare files no scroll cursor for select distinct key as storage_key from media, unnest(array[storage_key, voice_storage_key]) key where removed_at is null and key is not null',
  );
  for (;;) {
    const { rows } = await client.query<{ storage_key: string }>(`fetch ${STEP} from files`);
    if (rows.length === 0) break;
    for (const { storage_key: key } of rows) {
      const bytes = await copyWhole(join(from, key), join(to, key));
      if (bytes === undefined) missing += 1;
      else {
        saved.files += 1;
        saved.bytes += bytes;
      }
    }
  }
  if (missing > 0) log(`${missing} files that the database names are not in ${from}`);
  return saved;
}

/** Puts the files of a backup where the product looks for them; those that are there already stay as they are. */
export async function restoreMedia(from: string, to: string): Promise<number> {
  if (!existsSync(from)) return 0;
  let files = 0;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) files += await restoreMedia(source, target);
    else if (!existsSync(target)) {
      await copyWhole(source, target);
      files += 1;
    }
  }
  return files;
}

/** @returns its size; undefined when there is no such file. A file is at its place as a whole, or not at all. */
async function copyWhole(source: string, target: string): Promise<number | undefined> {
  try {
    const { size } = await stat(source);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(source, `${target}.partial`);
    await rename(`${target}.partial`, target);
    return size;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
