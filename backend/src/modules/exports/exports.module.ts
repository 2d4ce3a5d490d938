import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.ts';
import { ConversationsModule } from '../conversations/conversations.module.ts';
import { MediaModule } from '../media/media.module.ts';
import { MembersModule } from '../members/members.module.ts';
import { MessagesModule } from '../messages/messages.module.ts';
import { OrganizationsModule } from '../organizations/organizations.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { ExportsController } from './exports.controller.ts';
import { ExportsService } from './exports.service.ts';

/** Everything that an organization has, to take along: an *export* is a ZIP file that is made as it is read. */
@Module({
  imports: [
    OrganizationsModule,
    MembersModule,
    SessionsModule,
    ConversationsModule,
    MessagesModule,
    MediaModule,
    AuditModule,
  ],
  controllers: [ExportsController],
  providers: [ExportsService],
})
export class ExportsModule {}
