import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ConversationId, OrganizationId } from '../../kernel/ids.ts';
import { PageQuery } from '../../kernel/page.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { Address, CurrentUser, type User } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  ListOperatorOrganizations,
  LookAtMessages,
  OperatorAuditPage,
  OperatorConversationPage,
  OperatorHealth,
  OperatorMessagePage,
  OperatorOrganizationDetail,
  OperatorOrganizationPage,
  SuspendOrganization,
} from './operator.dto.ts';
import { OperatorService } from './operator.service.ts';
import { OrganizationSuspensionService } from './organization-suspension.service.ts';
import type { OperatorCaller } from './operator-trail.ts';

const OrganizationParams = z.object({ id: OrganizationId });
type OrganizationParams = z.infer<typeof OrganizationParams>;
const ConversationParams = OrganizationParams.extend({ conversation_id: ConversationId });
type ConversationParams = z.infer<typeof ConversationParams>;

const callerOf = ({ id, email }: User, address: string | null): OperatorCaller => ({
  actor: { type: 'user', id, name: email },
  address,
});

/** For whoever runs the installation. Whatever he does with one organization, or sees of it alone, stands in its own log. */
@ApiTags('Operator')
@Controller('operator')
export class OperatorController {
  constructor(
    private readonly operator: OperatorService,
    private readonly suspensions: OrganizationSuspensionService,
  ) {}

  /** Every organization, the newest first. */
  @Get('organizations')
  @Requires('operator:read')
  @Answers(OperatorOrganizationPage)
  list(@Query({ schema: ListOperatorOrganizations }) query: ListOperatorOrganizations) {
    return this.operator.list(query);
  }

  /** One organization, without anything that people wrote. A look is an entry in its log, one in ten minutes. */
  @Get('organizations/:id')
  @Requires('operator:read')
  @Answers(OperatorOrganizationDetail)
  get(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Param({ schema: OrganizationParams }) { id }: OrganizationParams,
  ) {
    return this.operator.get(callerOf(user, address), id);
  }

  /** Nothing of it leaves any more, and nobody in it changes anything; what comes in is kept. Said again, the reason is changed. */
  @Post('organizations/:id/suspend')
  @Requires('operator:suspend')
  @AnswersNothing()
  suspend(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Param({ schema: OrganizationParams }) { id }: OrganizationParams,
    @Body({ schema: SuspendOrganization }) { reason }: SuspendOrganization,
  ) {
    return this.suspensions.suspend(callerOf(user, address), id, reason);
  }

  /** It goes on: what was queued leaves. Of one that is not suspended, nothing changes. */
  @Post('organizations/:id/unsuspend')
  @Requires('operator:suspend')
  @AnswersNothing()
  unsuspend(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Param({ schema: OrganizationParams }) { id }: OrganizationParams,
    @Body({ schema: SuspendOrganization }) { reason }: SuspendOrganization,
  ) {
    return this.suspensions.unsuspend(callerOf(user, address), id, reason);
  }

  /** Its conversations, the last first: with whom only as far as one is told from another, and nothing of what was said. */
  @Get('organizations/:id/conversations')
  @Requires('operator:read')
  @Answers(OperatorConversationPage)
  conversations(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Param({ schema: OrganizationParams }) { id }: OrganizationParams,
    @Query({ schema: PageQuery }) page: PageQuery,
  ) {
    return this.operator.conversations(callerOf(user, address), id, page);
  }

  /** What was said in a conversation, the newest first. That somebody looked, and why, stands in the organization's log. */
  @Post('organizations/:id/conversations/:conversation_id/messages')
  @Requires('operator:read_messages')
  @Answers(OperatorMessagePage)
  messages(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Param({ schema: ConversationParams }) { id, conversation_id: conversation }: ConversationParams,
    @Body({ schema: LookAtMessages }) look: LookAtMessages,
  ) {
    return this.operator.messages(callerOf(user, address), { organization: id, conversation }, look);
  }

  /** How the whole installation is. */
  @Get('health')
  @Requires('operator:read')
  @Answers(OperatorHealth)
  health() {
    return this.operator.health();
  }

  /** What those who run the installation did, the newest first. */
  @Get('audit-logs')
  @Requires('operator:read')
  @Answers(OperatorAuditPage)
  auditLogs(@Query({ schema: PageQuery }) page: PageQuery) {
    return this.operator.auditLogs(page);
  }
}
