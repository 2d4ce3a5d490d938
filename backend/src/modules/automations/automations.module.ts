import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.ts';
import { OptOutsModule } from '../opt-outs/opt-outs.module.ts';
import { TemplatesModule } from '../templates/templates.module.ts';
import { AutomationActs } from './automation-acts.ts';
import { AutomationsFollower } from './automations-follower.ts';
import { AutomationDays } from './automation-days.ts';
import { AutomationsCalendar } from './automations-calendar.ts';
import { AutomationsController, EventsController } from './automations.controller.ts';
import { AutomationsKeeper } from './automations-keeper.ts';
import { AutomationsRepository } from './automations.repository.ts';
import { AutomationsService } from './automations.service.ts';
import { ContactDaysToldRepository } from './contact-days-told.repository.ts';
import { EventsService } from './events.service.ts';
import { MessagesToldRepository } from './messages-told.repository.ts';

/**
 * An *automation* waits for an *event*, looks whether its *conditions* hold, and has a person told by a template: at once, after
 * a delay, or so many days before a date. A *run* is what it made of one event. Events come from customers' own applications,
 * are facts, or are days of contacts that come.
 */
@Module({
  imports: [NotificationsModule, TemplatesModule, OptOutsModule],
  controllers: [AutomationsController, EventsController],
  providers: [
    AutomationsService,
    AutomationsRepository,
    EventsService,
    AutomationActs,
    AutomationDays,
    AutomationsCalendar,
    AutomationsFollower,
    AutomationsKeeper,
    ContactDaysToldRepository,
    MessagesToldRepository,
  ],
})
export class AutomationsModule {}
