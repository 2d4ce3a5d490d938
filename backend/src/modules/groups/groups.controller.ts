import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { sendCsv } from '../../platform/http/send-csv.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  AskGrowth,
  AskMostActive,
  GroupEventPage,
  GroupGrowth,
  GroupJid,
  GroupMostActive,
  GroupPage,
  GroupParticipantPage,
  GroupView,
  ListGroupEvents,
  ListGroups,
  ListParticipants,
  ParticipantsTagged,
  TagParticipants,
} from './groups.dto.ts';
import { GroupPictures } from './group-pictures.service.ts';
import { GroupTagsService } from './group-tags.service.ts';
import { GroupsService } from './groups.service.ts';

const GroupParams = z.object({ jid: GroupJid });
type GroupParams = z.infer<typeof GroupParams>;

@ApiTags('Groups')
@Controller('groups')
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly tags: GroupTagsService,
    private readonly pictures: GroupPictures,
  ) {}

  /** By subject or size. As WhatsApp told of them: nothing is asked for. */
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

  /**
   * What it looks like, small, as a JPEG. What nobody has looked at for a week, or since it changed, a number in the group asks
   * WhatsApp for; until it is there what was kept is shown.
   */
  @Get(':jid/picture')
  @Requires('groups:read')
  @ApiProduces('image/jpeg')
  async picture(
    @Organization() organization: OrganizationId,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { image, etag } = await this.pictures.get(organization, jid);
    response.set({ etag, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' });
    if (request.fresh) response.status(304).end();
    else response.type('image/jpeg').end(image);
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

  /** Everybody in it, with name, number and role, as a CSV file. That it was taken out is an entry of the audit log. */
  @Get(':jid/participants/export')
  @Requires('groups:read')
  @ApiProduces('text/csv')
  async export(
    @CurrentCaller() caller: Caller,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Res() response: Response,
  ): Promise<void> {
    await sendCsv(response, 'participants.csv', await this.groups.export(caller, jid));
  }

  /** Makes contacts with a tag of its people, also of those whose number nobody is shown. Done again, nothing changes. */
  @Post(':jid/participants/tag')
  @HttpCode(200)
  @Requires('contacts:write')
  @Answers(ParticipantsTagged)
  tag(
    @CurrentCaller() caller: Caller,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: TagParticipants }) asked: TagParticipants,
  ) {
    return this.tags.tag(caller, jid, asked);
  }

  /** Who came, went, or got another role, the newest first. */
  @Get(':jid/events')
  @Requires('groups:read')
  @Answers(GroupEventPage)
  events(
    @Organization() organization: OrganizationId,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: ListGroupEvents }) query: ListGroupEvents,
  ) {
    return this.groups.events(organization, jid, query);
  }

  /** How many came and went each day, and how many were in it. */
  @Get(':jid/growth')
  @Requires('groups:read')
  @Answers(GroupGrowth)
  growth(
    @Organization() organization: OrganizationId,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: AskGrowth }) { days }: AskGrowth,
  ) {
    return this.groups.growth(organization, jid, days);
  }

  /** Who wrote the most in it, your own numbers too. */
  @Get(':jid/most-active')
  @Requires('groups:read')
  @Answers(GroupMostActive)
  mostActive(
    @Organization() organization: OrganizationId,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: AskMostActive }) query: AskMostActive,
  ) {
    return this.groups.mostActive(organization, jid, query);
  }
}
