import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { Address, type Caller, CurrentCaller, CurrentUser, Organization, type User } from '../auth/caller.ts';
import { Requires, SignedIn } from '../auth/requires.decorator.ts';
import { OrganizationDeletionService } from './organization-deletion.service.ts';
import {
  CreateOrganization,
  DeleteOrganization,
  MeView,
  OrganizationView,
  UpdateMe,
  UpdateOrganization,
} from './organizations.dto.ts';
import { OrganizationsService } from './organizations.service.ts';

@ApiTags('Organizations')
@Controller()
export class OrganizationsController {
  constructor(
    private readonly organizations: OrganizationsService,
    private readonly deletion: OrganizationDeletionService,
  ) {}

  @Get('me')
  @SignedIn()
  @Answers(MeView)
  me(@CurrentUser() user: User) {
    return this.organizations.me(user);
  }

  @Patch('me')
  @SignedIn()
  @Answers(MeView)
  updateMe(@CurrentUser() user: User, @Body({ schema: UpdateMe }) changes: UpdateMe) {
    return this.organizations.updateMe(user, changes);
  }

  @Post('organizations')
  @SignedIn()
  @Answers(OrganizationView, 201)
  create(
    @CurrentUser() user: User,
    @Address() address: string | null,
    @Body({ schema: CreateOrganization }) organization: CreateOrganization,
  ) {
    return this.organizations.create(user, address, organization);
  }

  @Get('organizations/current')
  @Requires('organization:read')
  @Answers(OrganizationView)
  current(@Organization() organization: OrganizationId) {
    return this.organizations.get(organization);
  }

  @Patch('organizations/current')
  @Requires('organization:update')
  @Answers(OrganizationView)
  update(@CurrentCaller() caller: Caller, @Body({ schema: UpdateOrganization }) changes: UpdateOrganization) {
    return this.organizations.update(caller, changes);
  }

  /**
   * Deletes the organization. At once its numbers are unlinked from WhatsApp, no key works, nothing leaves, and its members
   * only look at it. Until `deletion.due_at` an owner can take it back; then everything is taken away.
   */
  @Post('organizations/current/deletion')
  @Requires('organization:delete')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Body({ schema: DeleteOrganization }) { name }: DeleteOrganization) {
    return this.deletion.request(caller, name);
  }

  /** Takes the organization back. Its numbers are to be linked anew, and its keys to be made anew. */
  @Delete('organizations/current/deletion')
  @Requires('organization:delete')
  @AnswersNothing()
  restore(@CurrentCaller() caller: Caller) {
    return this.deletion.restore(caller);
  }
}
