import { Module } from '@nestjs/common';
import { DiskMediaStore } from './disk-media.store.ts';
import { MediaController } from './media.controller.ts';
import { MediaFetcher } from './media.fetcher.ts';
import { MediaLinks } from './media.links.ts';
import { MediaRepository } from './media.repository.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

/** Files: uploaded to be sent, or received. */
@Module({
  controllers: [MediaController],
  providers: [
    MediaService,
    MediaRepository,
    MediaLinks,
    MediaFetcher,
    { provide: MediaStore, useClass: DiskMediaStore },
  ],
  exports: [MediaService, MediaStore, MediaFetcher],
})
export class MediaModule {}
