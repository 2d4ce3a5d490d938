import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { BroadcastId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { GroupJid } from '../groups/groups.dto.ts';
import {
  BroadcastPage,
  BroadcastPreview,
  BroadcastToGroup,
  BroadcastView,
  FilterRecipients,
  LaunchBroadcast,
  ListBroadcasts,
  ListRecipients,
  PreviewBroadcast,
  RecipientPage,
} from './broadcasts.dto.ts';
import { BroadcastsService } from './broadcasts.service.ts';

const BroadcastParams = z.object({ id: BroadcastId });
type BroadcastParams = z.infer<typeof BroadcastParams>;
const GroupParams = z.object({ jid: GroupJid });
type GroupParams = z.infer<typeof GroupParams>;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  description: 'Repeated with the same body, the first answer is given again.',
};

@ApiTags('Broadcasts')
@Controller('broadcasts')
export class BroadcastsController {
  constructor(private readonly broadcasts: BroadcastsService) {}

  /** The newest first. */
  @Get()
  @Requires('broadcasts:read')
  @Answers(BroadcastPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListBroadcasts }) query: ListBroadcasts) {
    return this.broadcasts.list(organization, query);
  }

  /** Who would be written to, who would not and why, what they would read, how long it takes, and why it would be refused. */
  @Post('preview')
  @Requires('broadcasts:send')
  @Answers(BroadcastPreview, 200)
  preview(@Organization() organization: OrganizationId, @Body({ schema: PreviewBroadcast }) request: PreviewBroadcast) {
    return this.broadcasts.preview(organization, request);
  }

  /** Accepts all of it, or nothing: each person whom the audience means by then gets one message in a private chat. */
  @Post()
  @Requires('broadcasts:send')
  @ApiHeader(IDEMPOTENCY_KEY)
  @Answers(BroadcastView, 202)
  launch(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: LaunchBroadcast }) request: LaunchBroadcast,
  ) {
    return this.broadcasts.launch(caller, request, key ?? null);
  }

  /** How far it has come, by number. Followed over Socket.IO as `broadcast.progress`. */
  @Get(':id')
  @Requires('broadcasts:read')
  @Answers(BroadcastView)
  get(@Organization() organization: OrganizationId, @Param({ schema: BroadcastParams }) { id }: BroadcastParams) {
    return this.broadcasts.get(organization, id);
  }

  /** Everybody who was meant, with his message or why he has none. */
  @Get(':id/recipients')
  @Requires('broadcasts:read')
  @Answers(RecipientPage)
  recipients(
    @Organization() organization: OrganizationId,
    @Param({ schema: BroadcastParams }) { id }: BroadcastParams,
    @Query({ schema: ListRecipients }) query: ListRecipients,
  ) {
    return this.broadcasts.recipients(organization, id, query);
  }

  /** The same as a CSV file. That it was taken out is an entry of the audit log. */
  @Get(':id/export')
  @Requires('broadcasts:read')
  @ApiProduces('text/csv')
  async export(
    @CurrentCaller() caller: Caller,
    @Param({ schema: BroadcastParams }) { id }: BroadcastParams,
    @Query({ schema: FilterRecipients }) filter: FilterRecipients,
    @Res() response: Response,
  ): Promise<void> {
    await sendCsv(response, `broadcast-${id}.csv`, await this.broadcasts.export(caller, id, filter));
  }

  /** What has not left waits until it is resumed. */
  @Post(':id/pause')
  @Requires('broadcasts:send')
  @Answers(BroadcastView, 200)
  pause(@CurrentCaller() caller: Caller, @Param({ schema: BroadcastParams }) { id }: BroadcastParams) {
    return this.broadcasts.order(caller, id, 'pause');
  }

  @Post(':id/resume')
  @Requires('broadcasts:send')
  @Answers(BroadcastView, 200)
  resume(@CurrentCaller() caller: Caller, @Param({ schema: BroadcastParams }) { id }: BroadcastParams) {
    return this.broadcasts.order(caller, id, 'resume');
  }

  /** What has not left does not leave any more. */
  @Post(':id/cancel')
  @Requires('broadcasts:send')
  @Answers(BroadcastView, 200)
  cancel(@CurrentCaller() caller: Caller, @Param({ schema: BroadcastParams }) { id }: BroadcastParams) {
    return this.broadcasts.order(caller, id, 'cancel');
  }

  /** Sends every message of it that failed again: the same text. */
  @Post(':id/retry-failed')
  @Requires('broadcasts:send')
  @Answers(BroadcastView, 200)
  retryFailed(@CurrentCaller() caller: Caller, @Param({ schema: BroadcastParams }) { id }: BroadcastParams) {
    return this.broadcasts.retryFailed(caller, id);
  }
}

@ApiTags('Broadcasts')
@Controller('groups')
export class GroupBroadcastsController {
  constructor(private readonly broadcasts: BroadcastsService) {}

  /** To the people of one group, each in a private chat: short for a broadcast whose audience they are. */
  @Post(':jid/broadcast')
  @Requires('broadcasts:send')
  @ApiHeader(IDEMPOTENCY_KEY)
  @Answers(BroadcastView, 202)
  launch(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: BroadcastToGroup }) request: BroadcastToGroup,
  ) {
    return this.broadcasts.launchToGroup(caller, jid, request, key ?? null);
  }
}
