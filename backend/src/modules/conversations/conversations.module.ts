import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.ts';
import { ConversationsController } from './conversations.controller.ts';
import { ConversationsRepository } from './conversations.repository.ts';
import { ConversationsService } from './conversations.service.ts';

/** What is said between one person and one linked number. */
@Module({
  imports: [MessagesModule],
  controllers: [ConversationsController],
  providers: [ConversationsService, ConversationsRepository],
  exports: [ConversationsService],
})
export class ConversationsModule {}
