import { Module } from '@nestjs/common';
import { BulkModule } from '../bulk/bulk.module.ts';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { ImportsModule } from '../imports/imports.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { MediaModule } from '../media/media.module.ts';
import { TemplatesModule } from '../templates/templates.module.ts';
import { AudienceRepository } from './audience.repository.ts';
import { BroadcastDrafts } from './broadcast-drafts.ts';
import { BroadcastReplies } from './broadcast-replies.ts';
import { BroadcastsController, GroupBroadcastsController } from './broadcasts.controller.ts';
import { BroadcastsRepository } from './broadcasts.repository.ts';
import { BroadcastsService } from './broadcasts.service.ts';
import { SendersRepository } from './senders.repository.ts';

/**
 * A *broadcast* is one content to many people, each in a private chat. Its *audience* says who is meant; a *recipient* is one of
 * them, whatever names him, and has either a message or an *exclusion*. Its numbers, the *senders*, share it. How far it is and
 * what people decide of it is its job's.
 */
@Module({
  imports: [BulkModule, ContactsModule, ImportsModule, JobsModule, MediaModule, TemplatesModule],
  controllers: [BroadcastsController, GroupBroadcastsController],
  providers: [
    BroadcastsService,
    BroadcastsRepository,
    BroadcastDrafts,
    BroadcastReplies,
    AudienceRepository,
    SendersRepository,
  ],
})
export class BroadcastsModule {}
