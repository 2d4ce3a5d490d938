import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { MediaModule } from '../media/media.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { CallAnswers } from './call-answers.ts';
import { InboundRepository } from './inbound.repository.ts';
import { LinkPreviews } from './link-previews.ts';
import { MessageDrafts } from './message-drafts.ts';
import { ManyMessagesRepository } from './many-messages.repository.ts';
import { ManyMessagesService } from './many-messages.service.ts';
import { MessageReportController } from './message-report.controller.ts';
import { MessageReportRepository } from './message-report.repository.ts';
import { MessageReportService } from './message-report.service.ts';
import { MessagesController } from './messages.controller.ts';
import { MessagesRepository } from './messages.repository.ts';
import { MessagesService } from './messages.service.ts';
import { MessagesWorker } from './messages.worker.ts';
import { OutboxTimesRepository } from './outbox-times.repository.ts';
import { OutboxRepository } from './outbox.repository.ts';
import { GroupReceiptsRepository } from './group-receipts.repository.ts';
import { ReceiptsRepository } from './receipts.repository.ts';

/**
 * What is said. An *outbound* message is accepted into the *outbox* and leaves from the node that owns its session; an
 * *inbound* one is stored once, however often it is delivered. A message's *status* never goes back. A *change* (reaction,
 * edit, deletion, vote) is a message about another one, its *target*: it goes and comes like the others, and what it makes of
 * its target follows from the stored changes alone, in whatever order they come (`private.settle_messages`).
 */
@Module({
  imports: [SessionsModule, ContactsModule, MediaModule],
  controllers: [MessageReportController, MessagesController], // its paths are no ids of messages
  providers: [
    MessagesService,
    MessagesRepository,
    MessageReportRepository,
    MessageReportService,
    MessageDrafts,
    LinkPreviews,
    ManyMessagesService,
    ManyMessagesRepository,
    InboundRepository,
    OutboxRepository,
    OutboxTimesRepository,
    GroupReceiptsRepository,
    ReceiptsRepository,
    CallAnswers,
    MessagesWorker,
  ],
  exports: [MessagesService, MessagesRepository],
})
export class MessagesModule {}
