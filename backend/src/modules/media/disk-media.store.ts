import { join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { MediaStore } from './media.store.ts';

@Injectable()
export class DiskMediaStore extends MediaStore {
  constructor(private readonly config: Config) {
    super();
  }

  path(storageKey: string): string {
    return resolve(join(this.config.media.dir, storageKey));
  }
}
