import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { GroupJid, GroupPage, GroupParticipantPage, GroupView, ListGroups, ListParticipants } from './groups.dto.ts';
import { GroupsService } from './groups.service.ts';

const GroupParams = z.object({ jid: GroupJid });
type GroupParams = z.infer<typeof GroupParams>;

@ApiTags('Groups')
@Controller('groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  /** By subject. As WhatsApp told of them: nothing is asked for. */
  @Get()
  @Requires('groups:read')
  @Answers(GroupPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListGroups }) query: ListGroups) {
    return this.groups.list(organization, query);
  }

  @Get(':jid')
  @Requires('groups:read')
  @Answers(GroupView)
  get(@Organization() organization: OrganizationId, @Param({ schema: GroupParams }) { jid }: GroupParams) {
    return this.groups.get(organization, jid);
  }

  /** Who is in it, admins first. */
  @Get(':jid/participants')
  @Requires('groups:read')
  @Answers(GroupParticipantPage)
  participants(
    @Organization() organization: OrganizationId,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: ListParticipants }) query: ListParticipants,
  ) {
    return this.groups.participants(organization, jid, query);
  }
}
