import { Module } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { Clock } from '../../kernel/clock.ts';
import { DiskMediaStore } from './disk-media.store.ts';
import { MediaController } from './media.controller.ts';
import { MediaFetcher } from './media.fetcher.ts';
import { MediaLinks } from './media.links.ts';
import { MediaInspector } from './media.inspector.ts';
import { MediaPreparation } from './media.preparation.ts';
import { MediaRetention } from './media.retention.ts';
import { MediaRetentionRepository } from './media.retention.repository.ts';
import { MediaRepository } from './media.repository.ts';
import { MediaService } from './media.service.ts';
import { MediaStore } from './media.store.ts';

/** The client of S3 is large: only who uses it loads it. */
export async function mediaStoreOf(config: Config, clock: Clock): Promise<MediaStore> {
  const { s3, dir } = config.media;
  if (!s3) return new DiskMediaStore(config);
  const { S3MediaStore } = await import('./s3-media.store.ts');
  return new S3MediaStore(s3, dir, clock);
}

/** Files: uploaded to be sent, or received. */
@Module({
  controllers: [MediaController],
  providers: [
    MediaService,
    MediaRepository,
    MediaLinks,
    MediaFetcher,
    MediaInspector,
    MediaPreparation,
    MediaRetention,
    MediaRetentionRepository,
    { provide: MediaStore, useFactory: mediaStoreOf, inject: [Config, Clock] },
  ],
  exports: [MediaService, MediaStore, MediaFetcher],
})
export class MediaModule {}
