import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  ConnectSession,
  CreateSession,
  SessionHealth,
  SessionLink,
  SessionPage,
  SessionStatement,
  SessionStatusView,
  SessionView,
  SessionWithLink,
  StatementQuery,
  UpdateSession,
} from './sessions.dto.ts';
import { SessionsService } from './sessions.service.ts';

const SessionParams = z.object({ id: SessionId });
type SessionParams = z.infer<typeof SessionParams>;

@ApiTags('Sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Requires('sessions:read')
  @Answers(SessionPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.sessions.list(organization), next_cursor: null };
  }

  /** Creates a number and starts linking it. Answers with the QR code, or `connecting` when WhatsApp takes over ten seconds. */
  @Post(['create', 'init'])
  @Requires('sessions:manage')
  @Answers(SessionWithLink, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateSession }) session: CreateSession) {
    return this.sessions.create(caller, session);
  }

  @Get(':id')
  @Requires('sessions:read')
  @Answers(SessionView)
  get(@Organization() organization: OrganizationId, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.get(organization, id);
  }

  @Get(':id/status')
  @Requires('sessions:read')
  @Answers(SessionStatusView)
  status(@Organization() organization: OrganizationId, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.get(organization, id);
  }

  @Get(':id/health')
  @Requires('sessions:read')
  @Answers(SessionHealth)
  health(@Organization() organization: OrganizationId, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.health(organization, id);
  }

  /** What people wrote to the number and what became of it, day by day. */
  @Get(':id/statement')
  @Requires('sessions:read')
  @Answers(SessionStatement)
  statement(
    @Organization() organization: OrganizationId,
    @Param({ schema: SessionParams }) { id }: SessionParams,
    @Query({ schema: StatementQuery }) { days }: StatementQuery,
  ) {
    return this.sessions.statement(organization, id, days);
  }

  /** The same as CSV. That it was taken out is an entry in the audit log. */
  @Get(':id/statement/export')
  @Requires('sessions:read')
  @ApiProduces('text/csv')
  async exportStatement(
    @CurrentCaller() caller: Caller,
    @Param({ schema: SessionParams }) { id }: SessionParams,
    @Query({ schema: StatementQuery }) { days }: StatementQuery,
    @Res() response: Response,
  ): Promise<void> {
    await sendCsv(response, 'statement.csv', await this.sessions.exportStatement(caller, id, days));
  }

  @Get(':id/qr')
  @Requires('sessions:manage')
  @Answers(SessionLink)
  link(@Organization() organization: OrganizationId, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.link(organization, id);
  }

  @Patch(':id')
  @Requires('sessions:manage')
  @Answers(SessionView)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: SessionParams }) { id }: SessionParams,
    @Body({ schema: UpdateSession }) changes: UpdateSession,
  ) {
    return this.sessions.update(caller, id, changes);
  }

  @Post(':id/connect')
  @Requires('sessions:manage')
  @Answers(SessionWithLink)
  connect(
    @CurrentCaller() caller: Caller,
    @Param({ schema: SessionParams }) { id }: SessionParams,
    @Body({ schema: ConnectSession }) how: ConnectSession,
  ) {
    return this.sessions.connect(caller, id, how);
  }

  @Post(':id/disconnect')
  @Requires('sessions:manage')
  @Answers(SessionView)
  disconnect(@CurrentCaller() caller: Caller, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.disconnect(caller, id);
  }

  /** Unlinks the number from its phone. */
  @Post(':id/logout')
  @Requires('sessions:manage')
  @Answers(SessionView)
  logOut(@CurrentCaller() caller: Caller, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.logOut(caller, id);
  }

  /** Unlinks the number and takes it off the list. Its conversations are kept. */
  @Delete(':id')
  @Requires('sessions:manage')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: SessionParams }) { id }: SessionParams) {
    return this.sessions.delete(caller, id);
  }
}
