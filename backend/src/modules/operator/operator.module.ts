import { Module } from '@nestjs/common';
import { InstallationRepository } from './installation.repository.ts';
import { OperatorTrail } from './operator-trail.ts';
import { OperatorController } from './operator.controller.ts';
import { OperatorRepository } from './operator.repository.ts';
import { OperatorService } from './operator.service.ts';
import { OrganizationSuspensionService } from './organization-suspension.service.ts';

/**
 * The installation, and who runs it: a *super_admin*. He can *suspend* an organization, and *look at* what people wrote when he
 * says why. What he does is written in the *operator's trail*, and in the log of the organization that it was done to.
 */
@Module({
  controllers: [OperatorController],
  providers: [
    OperatorService,
    OrganizationSuspensionService,
    OperatorRepository,
    InstallationRepository,
    OperatorTrail,
  ],
})
export class OperatorModule {}
