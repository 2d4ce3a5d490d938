import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { AuditFilter, AuditPage, ListAuditLogs } from './audit.dto.ts';
import { AuditService } from './audit.service.ts';

@ApiTags('Audit')
@Controller('audit-logs')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** Who did what to what, when, and from where. */
  @Get()
  @Requires('audit:read')
  @Answers(AuditPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListAuditLogs }) query: ListAuditLogs) {
    return this.audit.list(organization, query);
  }

  /** The same as CSV, however long it is. That it was taken out is an entry too. */
  @Get('export')
  @Requires('audit:read')
  @ApiProduces('text/csv')
  async export(
    @CurrentCaller() caller: Caller,
    @Query({ schema: AuditFilter }) filter: AuditFilter,
    @Res() response: Response,
  ): Promise<void> {
    const lines = await this.audit.export(caller, filter);
    await sendCsv(response, 'audit-log.csv', lines);
  }
}
