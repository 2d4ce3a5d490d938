import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { MessageId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { ManyMessagesService } from './many-messages.service.ts';
import {
  CancelAll,
  ChangedMessages,
  ListMessages,
  MessagePage,
  MessageVersions,
  MessageView,
  RetryAll,
  SendAccepted,
} from './messages.dto.ts';
import { MessagesService } from './messages.service.ts';
import { SendMessage } from './send-message.dto.ts';

const MessageParams = z.object({ id: MessageId });
type MessageParams = z.infer<typeof MessageParams>;

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly many: ManyMessagesService,
  ) {}

  /**
   * Accepts a message, or a change of another one (`reaction`, `edit`, `delete`). It is durable from then on, and leaves when its
   * number is connected; a change shows at the message that it is about once WhatsApp has taken it.
   */
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

  /** Takes back everything that has not left and that no node has claimed. */
  @Post('cancel-all')
  @Requires('messages:send')
  @Answers(ChangedMessages)
  cancelAll(@CurrentCaller() caller: Caller, @Body({ schema: CancelAll }) filter: CancelAll) {
    return this.many.cancelAll(caller, filter);
  }

  /** Sends everything again that failed. What WhatsApp may have got already keeps its id: nobody sees it twice. */
  @Post('retry-all')
  @Requires('messages:send')
  @Answers(ChangedMessages)
  retryAll(@CurrentCaller() caller: Caller, @Body({ schema: RetryAll }) filter: RetryAll) {
    return this.many.retryAll(caller, filter);
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

  /** What an edited message has said, the oldest first. */
  @Get(':id/versions')
  @Requires('messages:read')
  @Answers(MessageVersions)
  versions(@Organization() organization: OrganizationId, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.versions(organization, id);
  }

  /** Sends a failed message again. */
  @Post(':id/retry')
  @Requires('messages:send')
  @Answers(MessageView)
  retry(@CurrentCaller() caller: Caller, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.retry(caller, id);
  }

  /** Lets a reaction, an edit or a deletion be that failed: it no longer stands in `failed_changes` of its message. */
  @Post(':id/dismiss')
  @Requires('messages:send')
  @Answers(MessageView)
  dismiss(@CurrentCaller() caller: Caller, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.messages.dismiss(caller, id);
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
