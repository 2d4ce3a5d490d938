import { Body, Controller, Get, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ImportId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { JobView } from '../jobs/jobs.dto.ts';
import { readUpload } from '../media/media.upload.ts';
import { ImportMapping, ImportReport, ImportView, LaunchImport } from './imports.dto.ts';
import { ImportsService } from './imports.service.ts';

const ImportParams = z.object({ id: ImportId });
type ImportParams = z.infer<typeof ImportParams>;

@ApiTags('Imports')
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  /** Reads a CSV file of people to write to: at most 10,000 rows below a line that names the columns. */
  @Post()
  @Requires('messages:send_bulk')
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] },
  })
  @Answers(ImportView, 201)
  upload(@CurrentCaller() caller: Caller, @Req() request: Request) {
    return readUpload(request, (content, fileName) => this.imports.upload(caller, content, fileName));
  }

  @Get(':id')
  @Requires('messages:send_bulk')
  @Answers(ImportView)
  get(@Organization() organization: OrganizationId, @Param({ schema: ImportParams }) { id }: ImportParams) {
    return this.imports.get(organization, id);
  }

  /** Says what the columns mean, and tells which rows would be sent to. Nothing leaves. */
  @Put(':id/mapping')
  @Requires('messages:send_bulk')
  @Answers(ImportReport)
  map(
    @Organization() organization: OrganizationId,
    @Param({ schema: ImportParams }) { id }: ImportParams,
    @Body({ schema: ImportMapping }) mapping: ImportMapping,
  ) {
    return this.imports.map(organization, id, mapping);
  }

  /** The rows that would not be sent to, as a CSV file: line, fault, and the cells. */
  @Get(':id/bad-rows')
  @Requires('messages:send_bulk')
  @ApiProduces('text/csv')
  async badRows(
    @Organization() organization: OrganizationId,
    @Param({ schema: ImportParams }) { id }: ImportParams,
    @Res() response: Response,
  ): Promise<void> {
    await sendCsv(response, 'bad-rows.csv', await this.imports.badRows(organization, id));
  }

  /** Sends to the good rows, once: asked for again, it answers with the same job. */
  @Post(':id/launch')
  @Requires('messages:send_bulk')
  @Answers(JobView, 202)
  launch(
    @CurrentCaller() caller: Caller,
    @Param({ schema: ImportParams }) { id }: ImportParams,
    @Body({ schema: LaunchImport }) launch: LaunchImport,
  ) {
    return this.imports.launch(caller, id, launch);
  }
}
