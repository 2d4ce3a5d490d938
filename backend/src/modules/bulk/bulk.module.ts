import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { MessagesModule } from '../messages/messages.module.ts';
import { TemplatesModule } from '../templates/templates.module.ts';
import { BulkController } from './bulk.controller.ts';
import { BulkRepository } from './bulk.repository.ts';
import { BulkService } from './bulk.service.ts';

/** Many messages at once: accepted as a whole, in a number of statements that does not grow with them, and watched as a *job*. */
@Module({
  imports: [ContactsModule, MessagesModule, TemplatesModule, JobsModule],
  controllers: [BulkController],
  providers: [BulkService, BulkRepository],
  exports: [BulkService, BulkRepository],
})
export class BulkModule {}
