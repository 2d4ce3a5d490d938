import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { type ByteRange, MediaStore } from './media.store.ts';

/** A directory: `<organization>/<first two of the hash>/<hash>`. */
@Injectable()
export class DiskMediaStore extends MediaStore {
  private readonly root: string;

  constructor(config: Config) {
    super();
    this.root = resolve(config.media.dir);
  }

  async put(temporaryPath: string, organization: string, sha256: Buffer): Promise<string> {
    const hash = sha256.toString('hex');
    const key = join(organization, hash.slice(0, 2), hash);
    await mkdir(dirname(this.path(key)), { recursive: true });
    await rename(temporaryPath, this.path(key)); // at once there, or not at all
    return key;
  }

  open(storageKey: string, range?: ByteRange): Readable {
    return createReadStream(this.path(storageKey), range);
  }

  path(storageKey: string): string {
    return join(this.root, storageKey);
  }

  async temporaryPath(): Promise<string> {
    const directory = join(this.root, 'incoming');
    await mkdir(directory, { recursive: true });
    return join(directory, randomUUID());
  }
}
