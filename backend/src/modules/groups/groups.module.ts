import { Module, type OnModuleInit } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SessionsSupervisor } from '../sessions/sessions.supervisor.ts';
import { GroupGrowthRepository } from './group-growth.repository.ts';
import { GroupTagsService } from './group-tags.service.ts';
import { GroupsController } from './groups.controller.ts';
import { GroupsRepository } from './groups.repository.ts';
import { GroupsService } from './groups.service.ts';
import { GroupsTold } from './groups-told.service.ts';

/**
 * WhatsApp groups. A *group* is the organization's, however many of its numbers are in it; its *participants* are people on
 * WhatsApp, contacts or not. What WhatsApp *tells* of groups is kept as it comes: a *snapshot* says what a group is, a *change*
 * what happened in it; an *event* is what happened to one person, once.
 */
@Module({
  imports: [ContactsModule, SessionsModule],
  controllers: [GroupsController],
  providers: [GroupsService, GroupsRepository, GroupGrowthRepository, GroupTagsService, GroupsTold],
})
export class GroupsModule implements OnModuleInit {
  constructor(
    private readonly supervisor: SessionsSupervisor,
    private readonly told: GroupsTold,
  ) {}

  onModuleInit(): void {
    this.supervisor.setGroups(this.told);
  }
}
