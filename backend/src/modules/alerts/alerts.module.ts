import { Module } from '@nestjs/common';
import { AlertDeliveriesRepository } from './alert-deliveries.repository.ts';
import { AlertDeliveriesWorker } from './alert-deliveries.worker.ts';
import { AlertDestinationsController } from './alert-destinations.controller.ts';
import { AlertDestinationsRepository } from './alert-destinations.repository.ts';
import { AlertDestinationsService } from './alert-destinations.service.ts';
import { AlertRaiser } from './alert-raiser.ts';
import { AlertsController } from './alerts.controller.ts';
import { AlertsRepository } from './alerts.repository.ts';
import { AlertsService } from './alerts.service.ts';

/**
 * Alerts. An *alert* says that a number dropped and needs a person; it is *raised* and *resolved* with the change of the
 * number that is its reason, and a person *acknowledges* it. It is told on the screen, by mail, and at *destinations*, which
 * are incoming webhooks; a *delivery* is one thing told at one of them.
 */
@Module({
  controllers: [AlertsController, AlertDestinationsController],
  providers: [
    AlertsService,
    AlertsRepository,
    AlertRaiser,
    AlertDestinationsService,
    AlertDestinationsRepository,
    AlertDeliveriesRepository,
    AlertDeliveriesWorker,
  ],
  exports: [AlertRaiser],
})
export class AlertsModule {}
