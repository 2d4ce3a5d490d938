import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ConversationId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { ConversationPage, ConversationView, ListConversations, OpenConversation } from './conversations.dto.ts';
import { ConversationsService } from './conversations.service.ts';

const ConversationParams = z.object({ id: ConversationId });
type ConversationParams = z.infer<typeof ConversationParams>;

@ApiTags('Conversations')
@Controller('conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get()
  @Requires('messages:read')
  @Answers(ConversationPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListConversations }) query: ListConversations) {
    return this.conversations.list(organization, query);
  }

  /** Opens the conversation with a number. */
  @Post()
  @Requires('messages:send')
  @Answers(ConversationView)
  open(@Organization() organization: OrganizationId, @Body({ schema: OpenConversation }) whom: OpenConversation) {
    return this.conversations.open(organization, whom);
  }

  @Get(':id')
  @Requires('messages:read')
  @Answers(ConversationView)
  get(@Organization() organization: OrganizationId, @Param({ schema: ConversationParams }) { id }: ConversationParams) {
    return this.conversations.get(organization, id);
  }

  /** Marks everything in it as read, here and, with blue ticks, on the other side. */
  @Post(':id/read')
  @Requires('messages:send')
  @AnswersNothing()
  markRead(
    @Organization() organization: OrganizationId,
    @Param({ schema: ConversationParams }) { id }: ConversationParams,
  ) {
    return this.conversations.markRead(organization, id);
  }
}
