import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { OrganizationId } from '../../kernel/ids.ts';
import { MediaGone, MediaStoreUnavailable } from './media.errors.ts';
import { type ByteRange, checkedKey, MediaStore } from './media.store.ts';
import { PRIVATE_DIRECTORY, TemporaryFiles } from './temporary-files.ts';

/** A directory of files that are named by their content. */
@Injectable()
export class DiskMediaStore extends MediaStore {
  private readonly root: string;
  private readonly temporary: TemporaryFiles;

  constructor(config: Config) {
    super();
    this.root = resolve(config.media.dir);
    this.temporary = new TemporaryFiles(this.root);
  }

  async put(temporaryPath: string, storageKey: string): Promise<void> {
    const path = this.pathOf(storageKey);
    await mkdir(dirname(path), PRIVATE_DIRECTORY);
    await rename(temporaryPath, path); // at once there, or not at all
  }

  async open(storageKey: string, range?: ByteRange): Promise<Readable> {
    const path = this.pathOf(storageKey);
    const file = await open(path).catch(async (cause: NodeJS.ErrnoException) => {
      // A disk that is not mounted has lost nothing.
      const isGone = cause.code === 'ENOENT' && (await exists(this.root));
      throw isGone ? new MediaGone({ cause }) : new MediaStoreUnavailable({ cause });
    });
    return file.createReadStream(range);
  }

  async remove(storageKey: string): Promise<void> {
    await rm(this.pathOf(storageKey), { force: true });
  }

  async removeAll(organization: OrganizationId): Promise<void> {
    const directory = OrganizationId.parse(organization); // becomes a path
    await rm(join(this.root, directory), { recursive: true, force: true });
  }

  sweep(before: Date): Promise<void> {
    return this.temporary.sweep(before);
  }

  temporaryPath(): Promise<string> {
    return this.temporary.path();
  }

  private pathOf(storageKey: string): string {
    return join(this.root, checkedKey(storageKey));
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
