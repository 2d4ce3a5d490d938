import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { GroupAdditionId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  AdditionPersonPage,
  GroupAdditionPage,
  GroupAdditionView,
  ListAdditionPeople,
  ListAdditions,
  StartAddition,
} from './group-additions.dto.ts';
import { GroupAdditionsService } from './group-additions.service.ts';
import { GroupJid } from './groups.dto.ts';

const GroupParams = z.object({ jid: GroupJid });
type GroupParams = z.infer<typeof GroupParams>;
const AdditionParams = z.object({ id: GroupAdditionId });
type AdditionParams = z.infer<typeof AdditionParams>;

/** Many people who are to come into a group. Registered before what reads groups, for `additions` is no group. */
@ApiTags('Groups')
@Controller('groups')
export class GroupAdditionsController {
  constructor(private readonly additions: GroupAdditionsService) {}

  /** Adds up to 1,024 people in paced steps, each with what became of him. It goes on after a crash, and when its number is back. */
  @Post(':jid/additions')
  @Requires('groups:manage')
  @ApiHeader({ name: 'Idempotency-Key', description: 'Repeated with the same body, it is not done again.' })
  @Answers(GroupAdditionView, 202)
  start(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: StartAddition }) asked: StartAddition,
  ) {
    return this.additions.start(caller, jid, asked, key ?? null);
  }

  @Get('additions')
  @Requires('groups:read')
  @Answers(GroupAdditionPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListAdditions }) query: ListAdditions) {
    return this.additions.list(organization, query);
  }

  @Get('additions/:id')
  @Requires('groups:read')
  @Answers(GroupAdditionView)
  get(@Organization() organization: OrganizationId, @Param({ schema: AdditionParams }) { id }: AdditionParams) {
    return this.additions.get(organization, id);
  }

  /** In their order, with what became of each. */
  @Get('additions/:id/participants')
  @Requires('groups:read')
  @Answers(AdditionPersonPage)
  people(
    @Organization() organization: OrganizationId,
    @Param({ schema: AdditionParams }) { id }: AdditionParams,
    @Query({ schema: ListAdditionPeople }) query: ListAdditionPeople,
  ) {
    return this.additions.people(organization, id, query);
  }

  /** No step begins until it is resumed. */
  @Post('additions/:id/pause')
  @Requires('groups:manage')
  @Answers(GroupAdditionView)
  pause(@CurrentCaller() caller: Caller, @Param({ schema: AdditionParams }) { id }: AdditionParams) {
    return this.additions.order(caller, id, 'pause');
  }

  @Post('additions/:id/resume')
  @Requires('groups:manage')
  @Answers(GroupAdditionView)
  resume(@CurrentCaller() caller: Caller, @Param({ schema: AdditionParams }) { id }: AdditionParams) {
    return this.additions.order(caller, id, 'resume');
  }

  /** Who is not in the group yet is not added. */
  @Post('additions/:id/cancel')
  @Requires('groups:manage')
  @Answers(GroupAdditionView)
  cancel(@CurrentCaller() caller: Caller, @Param({ schema: AdditionParams }) { id }: AdditionParams) {
    return this.additions.order(caller, id, 'cancel');
  }
}
