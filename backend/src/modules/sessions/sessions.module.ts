import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.ts';
import { SessionKeysRepository } from './session-keys.repository.ts';
import { SessionLeasesRepository } from './session-leases.repository.ts';
import { SessionProxiesRepository } from './session-proxies.repository.ts';
import { SessionRestrictionsRepository } from './session-restrictions.repository.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsService } from './sessions.service.ts';
import { SessionsSupervisor } from './sessions.supervisor.ts';
import { WhatsAppEndpoint } from './whatsapp/endpoint.ts';

/**
 * Linked WhatsApp numbers. A *session* is one; it has *keys* (its secrets), a *lease* (which node runs it, and since which
 * epoch), and a *link* while a phone is to scan it. The *supervisor* has a *runner* for each session of this node.
 */
@Module({
  imports: [AlertsModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SessionsRepository,
    SessionKeysRepository,
    SessionLeasesRepository,
    SessionProxiesRepository,
    SessionRestrictionsRepository,
    SessionsSupervisor,
    WhatsAppEndpoint,
  ],
  exports: [SessionsService, SessionsSupervisor, SessionsRepository],
})
export class SessionsModule {}
