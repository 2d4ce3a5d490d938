import { applyDecorators, Body, Controller, Get, Headers, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { GroupActionId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import {
  AddToGroup,
  ByLink,
  BySession,
  ChangeGroupDescription,
  ChangeGroupPicture,
  ChangeGroupSettings,
  ChangeGroupSubject,
  CreateGroup,
  type GroupActionKind,
  GroupActionView,
  NameInGroup,
} from './group-actions.dto.ts';
import { GroupActionsService } from './group-actions.service.ts';
import { GroupJid } from './groups.dto.ts';

const GroupParams = z.object({ jid: GroupJid });
type GroupParams = z.infer<typeof GroupParams>;
const ActionParams = z.object({ id: GroupActionId });
type ActionParams = z.infer<typeof ActionParams>;

/** Answers with what came of it, or with 202 where it has not ended after 20 seconds. */
const AnswersAction = (): MethodDecorator =>
  applyDecorators(
    Requires('groups:manage'),
    Answers(GroupActionView),
    ApiResponse({ status: 202, description: 'It goes on; look again.', standardSchema: GroupActionView }),
  );

/** As `AnswersAction`, of what changes something. */
const ChangesGroup = (): MethodDecorator =>
  applyDecorators(
    AnswersAction(),
    ApiHeader({ name: 'Idempotency-Key', description: 'Repeated with the same body, it is not done again.' }),
  );

/** A request as it came: who asks, under which key, and where the answer goes. */
type Asking = Readonly<{ caller: Caller; key: string | undefined; response: Response }>;

/** What numbers do with groups. Registered before what reads groups, for `actions` and `link-info` are no groups. */
@ApiTags('Groups')
@Controller('groups')
export class GroupActionsController {
  constructor(private readonly actions: GroupActionsService) {}

  private async ask(
    { caller, key, response }: Asking,
    kind: GroupActionKind,
    jid: string | null,
    { session_id: session, ...args }: BySession,
  ): Promise<GroupActionView> {
    const action = await this.actions.ask(caller, { kind, session, jid, args }, key ?? null);
    if (action.ended_at === null) response.status(HttpStatus.ACCEPTED);
    return action;
  }

  /** Makes a group, with what became of each who was to be in it. */
  @Post()
  @ChangesGroup()
  create(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: CreateGroup }) body: CreateGroup,
  ) {
    return this.ask({ caller, key, response }, 'create', null, body);
  }

  /** Joins by a link, or asks to. */
  @Post('join')
  @ChangesGroup()
  join(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: ByLink }) body: ByLink,
  ) {
    return this.ask({ caller, key, response }, 'join', null, body);
  }

  /** Where a link leads. */
  @Get('link-info')
  @AnswersAction()
  linkInfo(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
    @Query({ schema: ByLink }) query: ByLink,
  ) {
    return this.ask({ caller, key: undefined, response }, 'link_info', null, query);
  }

  /** What came of something that was asked for. */
  @Get('actions/:id')
  @Requires('groups:manage')
  @Answers(GroupActionView)
  get(@Organization() organization: OrganizationId, @Param({ schema: ActionParams }) { id }: ActionParams) {
    return this.actions.get(organization, id);
  }

  /** What it is called. */
  @Post(':jid/subject')
  @ChangesGroup()
  subject(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: ChangeGroupSubject }) body: ChangeGroupSubject,
  ) {
    return this.ask({ caller, key, response }, 'subject', jid, body);
  }

  /** What it says of itself. */
  @Post(':jid/description')
  @ChangesGroup()
  description(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: ChangeGroupDescription }) body: ChangeGroupDescription,
  ) {
    return this.ask({ caller, key, response }, 'description', jid, body);
  }

  /** What it looks like; the middle of the image is taken. */
  @Post(':jid/picture')
  @ChangesGroup()
  picture(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: ChangeGroupPicture }) body: ChangeGroupPicture,
  ) {
    return this.ask({ caller, key, response }, 'picture', jid, body);
  }

  /** Who may do what, who is let in, and how long messages stay. */
  @Post(':jid/settings')
  @ChangesGroup()
  settings(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: ChangeGroupSettings }) body: ChangeGroupSettings,
  ) {
    return this.ask({ caller, key, response }, 'settings', jid, body);
  }

  /** Adds people, with what became of each. */
  @Post(':jid/add-participant')
  @ChangesGroup()
  add(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: AddToGroup }) body: AddToGroup,
  ) {
    return this.ask({ caller, key, response }, 'add', jid, body);
  }

  /** Removes people, with what became of each. */
  @Post(':jid/remove-participant')
  @ChangesGroup()
  remove(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: NameInGroup }) body: NameInGroup,
  ) {
    return this.ask({ caller, key, response }, 'remove', jid, body);
  }

  /** Makes members admins. */
  @Post(':jid/promote')
  @ChangesGroup()
  promote(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: NameInGroup }) body: NameInGroup,
  ) {
    return this.ask({ caller, key, response }, 'promote', jid, body);
  }

  /** Makes admins members. */
  @Post(':jid/demote')
  @ChangesGroup()
  demote(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: NameInGroup }) body: NameInGroup,
  ) {
    return this.ask({ caller, key, response }, 'demote', jid, body);
  }

  /** The number goes. Who leaves a community leaves all of its groups. */
  @Post(':jid/leave')
  @ChangesGroup()
  leave(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: BySession }) body: BySession,
  ) {
    return this.ask({ caller, key, response }, 'leave', jid, body);
  }

  /** Whoever has the link can join, or ask to. */
  @Get(':jid/invite-link')
  @AnswersAction()
  inviteLink(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: BySession }) query: BySession,
  ) {
    return this.ask({ caller, key: undefined, response }, 'invite_link', jid, query);
  }

  /** Makes a new link; the one before leads nowhere any more. */
  @Post(':jid/invite-link/revoke')
  @ChangesGroup()
  revokeInviteLink(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: BySession }) body: BySession,
  ) {
    return this.ask({ caller, key, response }, 'revoke_invite_link', jid, body);
  }

  /** Who waits until an admin lets him in. */
  @Get(':jid/requests')
  @AnswersAction()
  requests(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Query({ schema: BySession }) query: BySession,
  ) {
    return this.ask({ caller, key: undefined, response }, 'requests', jid, query);
  }

  /** Lets people in who wait. */
  @Post(':jid/requests/approve')
  @ChangesGroup()
  approve(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: NameInGroup }) body: NameInGroup,
  ) {
    return this.ask({ caller, key, response }, 'approve', jid, body);
  }

  /** Turns people away who wait. */
  @Post(':jid/requests/reject')
  @ChangesGroup()
  reject(
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: GroupParams }) { jid }: GroupParams,
    @Body({ schema: NameInGroup }) body: NameInGroup,
  ) {
    return this.ask({ caller, key, response }, 'reject', jid, body);
  }
}
