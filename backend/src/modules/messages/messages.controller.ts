import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { MessageId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { ListMessages, MessagePage, MessageView, SendAccepted, SendMessage } from './messages.dto.ts';
import { MessagesService } from './messages.service.ts';

const MessageParams = z.object({ id: MessageId });
type MessageParams = z.infer<typeof MessageParams>;

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  /** Accepts a message. It is durable from then on, and leaves when its number is connected. */
  @Post('send')
  @Requires('messages:send')
  @ApiHeader({ name: 'Idempotency-Key', description: 'Repeated with the same body, the first answer is given again.' })
  @Answers(SendAccepted, 202)
  send(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: SendMessage }) message: SendMessage,
  ) {
    return this.messages.send(caller, message, key ?? null);
  }

  @Get()
  @Requires('messages:read')
  @Answers(MessagePage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListMessages }) query: ListMessages) {
    return this.messages.list(organization, query);
  }

  @Get(':id')
  @Requires('messages:read')
  @Answers(MessageView)
  get(@Organization() organization: OrganizationId, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.get(organization, id);
  }

  /** Sends a failed message again. */
  @Post(':id/retry')
  @Requires('messages:send')
  @Answers(MessageView)
  retry(@CurrentCaller() caller: Caller, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.retry(caller, id);
  }

  /** Fetches a file that could not be had again; what WhatsApp no longer has is asked of the number's own phone. */
  @Post(':id/media/refetch')
  @Requires('messages:send')
  @Answers(MessageView)
  refetchMedia(@CurrentCaller() caller: Caller, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.refetchMedia(caller, id);
  }

  /** Takes back a message that has not left. */
  @Post(':id/cancel')
  @Requires('messages:send')
  @Answers(MessageView)
  cancel(@CurrentCaller() caller: Caller, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.cancel(caller, id);
  }
}
