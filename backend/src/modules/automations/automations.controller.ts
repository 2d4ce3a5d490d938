import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AutomationId, type OrganizationId } from '../../kernel/ids.ts';
import { Answers, AnswersNothing } from '../../platform/http/answers.decorator.ts';
import { type Caller, CurrentCaller, Organization } from '../auth/caller.ts';
import { Requires } from '../auth/requires.decorator.ts';
import { NotificationView } from '../notifications/notifications.dto.ts';
import {
  AutomationPage,
  AutomationRunPage,
  AutomationView,
  CreateAutomation,
  EventAccepted,
  ListAutomationRuns,
  ListAutomations,
  PostEvent,
  SavedAutomation,
  TestAutomation,
  UpdateAutomation,
} from './automations.dto.ts';
import { AutomationsService } from './automations.service.ts';
import { EventsService } from './events.service.ts';

const AutomationParams = z.object({ id: AutomationId });
type AutomationParams = z.infer<typeof AutomationParams>;

@ApiTags('Automations')
@Controller('automations')
export class AutomationsController {
  constructor(private readonly automations: AutomationsService) {}

  /** The newest first. */
  @Get()
  @Requires('automations:read')
  @Answers(AutomationPage)
  list(@Organization() organization: OrganizationId, @Query({ schema: ListAutomations }) query: ListAutomations) {
    return this.automations.list(organization, query);
  }

  @Get(':id')
  @Requires('automations:read')
  @Answers(AutomationView)
  get(@Organization() organization: OrganizationId, @Param({ schema: AutomationParams }) { id }: AutomationParams) {
    return this.automations.get(organization, id);
  }

  /** What it made of events: each time that it acted, or why it did not. */
  @Get(':id/runs')
  @Requires('automations:read')
  @Answers(AutomationRunPage)
  runs(
    @Organization() organization: OrganizationId,
    @Param({ schema: AutomationParams }) { id }: AutomationParams,
    @Query({ schema: ListAutomationRuns }) query: ListAutomationRuns,
  ) {
    return this.automations.runs(organization, id, query);
  }

  /** An event that Wasel tells by itself has to have a value for each variable of the template. */
  @Post()
  @Requires('automations:manage')
  @Answers(SavedAutomation, 201)
  create(@CurrentCaller() caller: Caller, @Body({ schema: CreateAutomation }) automation: CreateAutomation) {
    return this.automations.create(caller, automation);
  }

  /** What waits because of it leaves as it was planned, unless it is switched off. */
  @Patch(':id')
  @Requires('automations:manage')
  @Answers(SavedAutomation)
  update(
    @CurrentCaller() caller: Caller,
    @Param({ schema: AutomationParams }) { id }: AutomationParams,
    @Body({ schema: UpdateAutomation }) to: UpdateAutomation,
  ) {
    return this.automations.update(caller, id, to);
  }

  /** With its history. What waits because of it is not told any more. */
  @Delete(':id')
  @Requires('automations:manage')
  @AnswersNothing()
  delete(@CurrentCaller() caller: Caller, @Param({ schema: AutomationParams }) { id }: AutomationParams) {
    return this.automations.delete(caller, id);
  }

  /** Tells whoever is named at once, as if the event had happened; conditions, date and delay are left aside. */
  @Post(':id/test')
  @Requires('automations:manage')
  @Answers(NotificationView, 202)
  test(
    @CurrentCaller() caller: Caller,
    @Param({ schema: AutomationParams }) { id }: AutomationParams,
    @Body({ schema: TestAutomation }) test: TestAutomation,
  ) {
    return this.automations.test(caller, id, test);
  }
}

@ApiTags('Automations')
@Controller('events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  /**
   * Tells Wasel what happened in your own application, for automations that wait for it. Told again under the same `event_id`, it
   * does nothing and answers the same. A program needs a key with the scope `events:write`.
   */
  @Post()
  @Requires('events:write')
  @Answers(EventAccepted, 202)
  tell(@CurrentCaller() caller: Caller, @Body({ schema: PostEvent }) event: PostEvent) {
    return this.events.tell(caller, event);
  }
}
