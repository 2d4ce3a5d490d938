import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type OrganizationId, SessionId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  ConnectSession,
  CreateSession,
  SessionHealth,
  SessionLink,
  SessionPage,
  SessionStatusView,
  SessionView,
  SessionWithLink,
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
