import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { type ByteRange, MediaStore } from './media.store.ts';

/** `<organization>/<first two of the hash>/<hash>`. Nothing else becomes a path, so no key leads out of the directory. */
const STORAGE_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9a-f]{2}\/[0-9a-f]{64}$/;

/** Files are customers' letters: other users of the machine may not read them. */
const DIRECTORY = { recursive: true, mode: 0o700 } as const;

/** A directory of files that are named by their content. */
@Injectable()
export class DiskMediaStore extends MediaStore {
  private readonly root: string;

  constructor(config: Config) {
    super();
    this.root = resolve(config.media.dir);
  }

  async put(temporaryPath: string, organization: string, sha256: Buffer): Promise<string> {
    const hash = sha256.toString('hex');
    const key = `${organization}/${hash.slice(0, 2)}/${hash}`;
    await mkdir(dirname(this.path(key)), DIRECTORY);
    await rename(temporaryPath, this.path(key)); // at once there, or not at all
    return key;
  }

  async open(storageKey: string, range?: ByteRange): Promise<Readable> {
    const file = await open(this.path(storageKey));
    return file.createReadStream(range);
  }

  path(storageKey: string): string {
    if (!STORAGE_KEY.test(storageKey)) throw new Error('this is no storage key');
    return join(this.root, storageKey);
  }

  async removeAll(organization: OrganizationId): Promise<void> {
    const directory = OrganizationId.parse(organization); // becomes a path
    await rm(join(this.root, directory), { recursive: true, force: true });
  }

  async temporaryPath(): Promise<string> {
    const directory = join(this.root, 'incoming');
    await mkdir(directory, DIRECTORY);
    return join(directory, randomUUID());
  }
}
