import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { MessageId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv, sendJson } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  ExportMessages,
  MessageReportPage,
  MessageSenders,
  MessageTimeline,
  ReportMessages,
} from './message-report.dto.ts';
import { csvOf, MessageReportService } from './message-report.service.ts';

const MessageParams = z.object({ id: MessageId });
type MessageParams = z.infer<typeof MessageParams>;

@ApiTags('Messages')
@Controller('messages')
export class MessageReportController {
  constructor(private readonly reports: MessageReportService) {}

  /**
   * Messages with the names of what they are between, the newest first. What is seldom there is looked for a while at each page:
   * it may have fewer items than `limit`, or none, with a `next_cursor` that goes on.
   */
  @Get('report')
  @Requires('messages:read')
  @Answers(MessageReportPage)
  report(@Organization() organization: OrganizationId, @Query({ schema: ReportMessages }) query: ReportMessages) {
    return this.reports.report(organization, query);
  }

  /** Of whom `sent_by_user_id` and `sent_by_key_id` can ask: people and API keys that have sent something. */
  @Get('senders')
  @Requires('messages:read')
  @Answers(MessageSenders)
  senders(@Organization() organization: OrganizationId) {
    return this.reports.senders(organization);
  }

  /** The same as a file, however long it is: CSV, or one JSON array. That it was taken out is an entry of the audit log. */
  @Get('export')
  @Requires('messages:read')
  @ApiProduces('text/csv', 'application/json')
  async export(
    @CurrentCaller() caller: Caller,
    @Query({ schema: ExportMessages }) query: ExportMessages,
    @Res() response: Response,
  ): Promise<void> {
    const pages = await this.reports.export(caller, query);
    if (query.format === 'json') await sendJson(response, 'messages.json', pages);
    else await sendCsv(response, 'messages.csv', csvOf(pages));
  }

  /** What became of a message, step by step, with each try that went wrong and what to do about it. */
  @Get(':id/timeline')
  @Requires('messages:read')
  @Answers(MessageTimeline)
  timeline(@Organization() organization: OrganizationId, @Param({ schema: MessageParams }) { id }: MessageParams) {
    return this.reports.timeline(organization, id);
  }
}
