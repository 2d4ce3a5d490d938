import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { InvitationId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { Address, type Caller, CurrentCaller, CurrentUser, Organization, type User } from '../auth/caller.ts';
import { Public, Requires, SignedIn } from '../auth/requires.decorator.ts';
import {
  AcceptedInvitation,
  CreatedInvitation,
  CreateInvitation,
  InvitationPage,
  InvitationPreview,
  InvitationToken,
} from './invitations.dto.ts';
import { InvitationsService } from './invitations.service.ts';

const InvitationParams = z.object({ id: InvitationId });
type InvitationParams = z.infer<typeof InvitationParams>;

@ApiTags('Invitations')
@Controller('invitations')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /** Invitations that were neither accepted nor taken back. */
  @Get()
  @Requires('members:manage')
  @Answers(InvitationPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.invitations.list(organization), next_cursor: null };
  }

  /** Makes a link for one person, good for seven days and one time. It is shown here, and never again. */
  @Post()
  @Requires('members:manage')
  @Answers(CreatedInvitation, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateInvitation }) invitation: CreateInvitation) {
    return this.invitations.create(caller, invitation);
  }

  /** What a link leads to, for whoever holds it. */
  @Post('preview')
  @Public()
  @Answers(InvitationPreview)
  preview(@Body({ schema: InvitationToken }) { token }: InvitationToken) {
    return this.invitations.preview(token);
  }

  /** Joins the organization, as the person whom the link was made for. */
  @Post('accept')
  @SignedIn()
  @Answers(AcceptedInvitation)
  accept(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Body({ schema: InvitationToken }) { token }: InvitationToken,
  ) {
    return this.invitations.accept(user, address, token);
  }

  /** Takes an invitation back; its link works no more. */
  @Delete(':id')
  @Requires('members:manage')
  @AnswersNothing()
  revoke(@CurrentCaller() caller: Caller, @Param({ schema: InvitationParams }) { id }: InvitationParams) {
    return this.invitations.revoke(caller, id);
  }
}
