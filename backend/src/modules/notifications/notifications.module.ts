import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.ts';
import { TemplatesModule } from '../templates/templates.module.ts';
import { NotificationMaker } from './notification-maker.ts';
import { NotificationsController } from './notifications.controller.ts';
import { NotificationsQueue } from './notifications.queue.ts';
import { NotificationsRepository } from './notifications.repository.ts';
import { NotificationsService } from './notifications.service.ts';
import { NotificationsWorker } from './notifications.worker.ts';

/**
 * A *notification* is something that Wasel tells a person at a time: a template with its values, by a channel. When it is due, a
 * node makes a message or a mail of it, once.
 */
@Module({
  imports: [MessagesModule, TemplatesModule],
  controllers: [NotificationsController],
  providers: [
    NotificationsService,
    NotificationsRepository,
    NotificationsQueue,
    NotificationMaker,
    NotificationsWorker,
  ],
  exports: [NotificationsRepository],
})
export class NotificationsModule {}
