import { Module, type OnModuleInit } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { MediaModule } from '../media/media.module.ts';
import { MessagesModule } from '../messages/messages.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SessionsSupervisor } from '../sessions/sessions.supervisor.ts';
import { GroupActionRunner } from './group-action-runner.ts';
import { GroupActionsController } from './group-actions.controller.ts';
import { GroupActionsRepository } from './group-actions.repository.ts';
import { GroupActionsService } from './group-actions.service.ts';
import { GroupAdditionsController } from './group-additions.controller.ts';
import { GroupAdditionsRepository } from './group-additions.repository.ts';
import { GroupAdditionsService } from './group-additions.service.ts';
import { GroupInvitations } from './group-invitations.ts';
import { GroupPictures } from './group-pictures.service.ts';
import { GroupPicturesRepository } from './group-pictures.repository.ts';
import { GroupGrowthRepository } from './group-growth.repository.ts';
import { GroupTagsService } from './group-tags.service.ts';
import { GroupsController } from './groups.controller.ts';
import { GroupsRepository } from './groups.repository.ts';
import { GroupsService } from './groups.service.ts';
import { GroupsTold } from './groups-told.service.ts';

/**
 * WhatsApp groups. A *group* is the organization's, however many of its numbers are in it; its *participants* are people on
 * WhatsApp, contacts or not. What WhatsApp *tells* of groups is kept as it comes: a *snapshot* says what a group is, a *change*
 * what happened in it; an *event* is what happened to one person, once. An *action* is what a number is to do with one; an
 * *addition* is many people who are to come into one, some in each action.
 */
@Module({
  imports: [SessionsModule, ContactsModule, MediaModule, MessagesModule],
  controllers: [GroupActionsController, GroupAdditionsController, GroupsController],
  providers: [
    GroupsService,
    GroupsRepository,
    GroupGrowthRepository,
    GroupTagsService,
    GroupPictures,
    GroupPicturesRepository,
    GroupsTold,
    GroupActionsService,
    GroupActionsRepository,
    GroupActionRunner,
    GroupInvitations,
    GroupAdditionsService,
    GroupAdditionsRepository,
  ],
})
export class GroupsModule implements OnModuleInit {
  constructor(
    private readonly supervisor: SessionsSupervisor,
    private readonly told: GroupsTold,
    private readonly runner: GroupActionRunner,
    private readonly pictures: GroupPictures,
  ) {}

  onModuleInit(): void {
    const { runner, pictures } = this;
    this.supervisor.setGroups(this.told, {
      opened: (groups) => {
        runner.opened(groups);
        pictures.opened(groups);
      },
    });
  }
}
