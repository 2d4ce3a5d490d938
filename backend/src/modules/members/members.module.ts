import { Module } from '@nestjs/common';
import { InvitationsController } from './invitations.controller.ts';
import { InvitationsRepository } from './invitations.repository.ts';
import { InvitationsService } from './invitations.service.ts';
import { MembersController } from './members.controller.ts';
import { MembersRepository } from './members.repository.ts';
import { MembersService } from './members.service.ts';

/**
 * Who belongs to an organization. A *member* is a person with a role; an *invitation* is a link that makes the one person
 * whom it was made for a member, once. There is always an *owner*.
 */
@Module({
  controllers: [MembersController, InvitationsController],
  providers: [MembersService, MembersRepository, InvitationsService, InvitationsRepository],
  exports: [MembersService],
})
export class MembersModule {}
