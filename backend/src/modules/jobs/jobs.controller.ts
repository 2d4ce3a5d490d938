import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { JobId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { JobPage, JobView, ListJobs } from './jobs.dto.ts';
import { JobsService } from './jobs.service.ts';

const JobParams = z.object({ id: JobId });
type JobParams = z.infer<typeof JobParams>;

@ApiTags('Jobs')
@Controller('jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  /** Long work, the newest first. */
  @Get()
  @Requires('messages:read')
  @Answers(JobPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListJobs }) query: ListJobs) {
    return this.jobs.list(organization, query);
  }

  /** How far one has come. Followed over Socket.IO as `job.progress`. */
  @Get(':id')
  @Requires('messages:read')
  @Answers(JobView)
  get(@Organization() organization: OrganizationId, @Param({ schema: JobParams }) { id }: JobParams) {
    return this.jobs.get(organization, id);
  }

  /** What became of each message, as a CSV file. */
  @Get(':id/report')
  @Requires('messages:read')
  @ApiProduces('text/csv')
  async report(
    @Organization() organization: OrganizationId,
    @Param({ schema: JobParams }) { id }: JobParams,
    @Res() response: Response,
  ): Promise<void> {
    const { lines } = await this.jobs.report(organization, id);
    await sendCsv(response, `job-${id}.csv`, lines);
  }

  /** What has not left waits until it is resumed. */
  @Post(':id/pause')
  @Requires('messages:send_bulk')
  @Answers(JobView, 200)
  pause(@CurrentCaller() caller: Caller, @Param({ schema: JobParams }) { id }: JobParams) {
    return this.jobs.order(caller, id, 'pause');
  }

  @Post(':id/resume')
  @Requires('messages:send_bulk')
  @Answers(JobView, 200)
  resume(@CurrentCaller() caller: Caller, @Param({ schema: JobParams }) { id }: JobParams) {
    return this.jobs.order(caller, id, 'resume');
  }

  /** What has not left does not leave any more. */
  @Post(':id/cancel')
  @Requires('messages:send_bulk')
  @Answers(JobView, 200)
  cancel(@CurrentCaller() caller: Caller, @Param({ schema: JobParams }) { id }: JobParams) {
    return this.jobs.order(caller, id, 'cancel');
  }

  /** Sends every message of it that failed again. */
  @Post(':id/retry-failed')
  @Requires('messages:send_bulk')
  @Answers(JobView, 200)
  retryFailed(@CurrentCaller() caller: Caller, @Param({ schema: JobParams }) { id }: JobParams) {
    return this.jobs.retryFailed(caller, id);
  }
}
