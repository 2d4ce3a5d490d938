import { Body, Controller, Delete, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type OrganizationId, UserId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, CurrentUser, Organization, type User } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { MemberPage, MemberView, UpdateMember } from './members.dto.ts';
import { MembersService } from './members.service.ts';

const MemberParams = z.object({ id: UserId });
type MemberParams = z.infer<typeof MemberParams>;

@ApiTags('Members')
@Controller('members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @Requires('members:read')
  @Answers(MemberPage)
  async list(@Organization() organization: OrganizationId) {
    return { items: await this.members.list(organization), next_cursor: null };
  }

  /** Leaves the organization. The last owner cannot. */
  @Delete('me')
  @Requires('organization:leave')
  @AnswersNothing()
  leave(@CurrentCaller() caller: Caller, @CurrentUser() { id }: User) {
    return this.members.remove(caller, id);
  }

  /** Changes a role. Only owners make and unmake owners, and one always stays. */
  @Patch(':id')
  @Requires('members:manage')
  @Answers(MemberView)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: MemberParams }) { id }: MemberParams,
    @Body({ schema: UpdateMember }) { role }: UpdateMember,
  ) {
    return this.members.changeRole(caller, id, role);
  }

  /** Ends a membership at once; what the person sent and made stays. */
  @Delete(':id')
  @Requires('members:manage')
  @AnswersNothing()
  remove(@CurrentCaller() caller: Caller, @Param({ schema: MemberParams }) { id }: MemberParams) {
    return this.members.remove(caller, id);
  }
}
