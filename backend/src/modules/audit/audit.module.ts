import { Global, Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.ts';
import { AuditController } from './audit.controller.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditService } from './audit.service.ts';

/**
 * Who did what. An *entry* is left by a change in its own transaction, through the *trail*, and stays as it is. It names the
 * *actor* (a person, a key, Wasel itself), the *action*, its *target*, and what became of which field.
 */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditTrail, AuditService, AuditRepository],
  exports: [AuditTrail, AuditService],
})
export class AuditModule {}
