import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.ts';
import { ContactsModule } from '../contacts/contacts.module.ts';
import { MessagesModule } from '../messages/messages.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.ts';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.ts';
import { WebhookDeliveriesService } from './webhook-deliveries.service.ts';
import { WebhookDeliveriesWorker } from './webhook-deliveries.worker.ts';
import { WebhookEndpointsController } from './webhook-endpoints.controller.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import { WebhookEndpointsService } from './webhook-endpoints.service.ts';
import { WebhookExpander } from './webhook-expander.ts';
import { WebhookKeeper } from './webhook-keeper.ts';
import { WebhookQueueRepository } from './webhook-queue.repository.ts';
import { WebhookSender } from './webhook-sender.ts';

/**
 * Webhooks. An *endpoint* is a customer's server that is told what happens; an *event* is a fact as it is told, the same for
 * all endpoints; a *delivery* is one event at one endpoint, with its *tries*. What is given up can be *replayed*.
 */
@Module({
  imports: [AlertsModule, ContactsModule, SessionsModule, MessagesModule],
  controllers: [WebhookEndpointsController, WebhookDeliveriesController],
  providers: [
    WebhookEndpointsService,
    WebhookEndpointsRepository,
    WebhookDeliveriesService,
    WebhookDeliveriesRepository,
    WebhookQueueRepository,
    WebhookSender,
    WebhookExpander,
    WebhookDeliveriesWorker,
    WebhookKeeper,
  ],
})
export class WebhooksModule {}
