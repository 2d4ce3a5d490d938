import { Module } from '@nestjs/common';
import { DiskMediaStore } from './disk-media.store.ts';
import { MediaLinks } from './media.links.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

/** Files: uploaded to be sent, or received. */
@Module({
  providers: [MediaService, MediaLinks, { provide: MediaStore, useClass: DiskMediaStore }],
  exports: [MediaService, MediaStore],
})
export class MediaModule {}
