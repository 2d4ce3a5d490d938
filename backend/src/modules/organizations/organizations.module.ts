import { Module } from '@nestjs/common';
import { MediaModule } from '../media/media.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { OrganizationDeletionService } from './organization-deletion.service.ts';
import { OrganizationDeletionsRepository } from './organization-deletions.repository.ts';
import { OrganizationReaper } from './organization-reaper.ts';
import { OrganizationsController } from './organizations.controller.ts';
import { OrganizationsService } from './organizations.service.ts';

/** Tenants, and who belongs to which. A *deletion* is asked for by an owner, and carried out by the *reaper*. */
@Module({
  imports: [SessionsModule, MediaModule],
  controllers: [OrganizationsController],
  providers: [OrganizationsService, OrganizationDeletionService, OrganizationDeletionsRepository, OrganizationReaper],
  exports: [OrganizationsService],
})
export class OrganizationsModule {}
